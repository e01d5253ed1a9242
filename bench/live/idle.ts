import { setTimeout as pause } from 'node:timers/promises';
import { minutes, seconds } from '../../src/domain/time.ts';
import { type BigWorld, bigWorld } from './bigWorld.ts';
import { type Calls, since, tally } from './calls.ts';
import type { KeeperProcess } from './keeperProcess.ts';
import { runKeeper } from './runKeeper.ts';

/** How much there is to keep while nothing is due. */
export interface Size {
  readonly blocks: number;
  readonly pods: number;
}

/** What a keeper costs while nothing is due, at the speed of real time. */
export interface Rest {
  /** In MB of a million bytes, at the end and at most. */
  readonly rssMb: number;
  readonly peakMb: number;
  /** Of one core. */
  readonly cpuShare: number;
  /** The 99th percentile of the event loop's lag, in milliseconds. */
  readonly lagMs: number;
}

/** How long a keeper rests: long enough for the memory of its start to be given back. */
const RESTING_MS = seconds(120);

/** How fast the world goes where only calls are counted: a list of a thousand instances takes seconds of it even so. */
const COUNTING_SPEED = 3;
const COUNTED_MS = seconds(100);

/** Until every block is adopted and its node labelled. */
const SETTLING_MS = seconds(12);

/** Starts on so large a world, a few times: the CPU seconds until the keeper is ready, the middle of three. */
export async function startCpuSeconds(command: string, size: Size): Promise<number> {
  const world = await bigWorld({ ...size, speed: 1 });
  try {
    const found: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const keeper = await runKeeper(command, world);
      found.push(keeper.startCpuSeconds);
      await keeper.stop();
    }
    return found.sort((one, other) => one - other)[1] ?? Number.NaN;
  } finally {
    await world.close();
  }
}

/** Lets a keeper rest for two minutes. */
export const rest = (command: string, size: Size): Promise<Rest> =>
  settled(command, size, 1, async (keeper) => {
    const before = await keeper.usage();
    await pause(RESTING_MS);
    const { rssMb, peakMb, cpuSeconds } = await keeper.usage();
    return {
      ...{ rssMb, peakMb },
      cpuShare: ((cpuSeconds - before.cpuSeconds) * seconds(1)) / RESTING_MS,
      lagMs: (await keeper.metric('nodejs_eventloop_lag_p99_seconds')) * seconds(1),
    };
  });

/** Counts what is called in five minutes in which nothing is due: everything that is asked regularly is asked in them. */
export const callsAtRest = (
  command: string,
  size: Size,
): Promise<{ readonly calls: Calls; readonly minutes: number }> =>
  settled(command, size, COUNTING_SPEED, async (_, world) => {
    const before = { at: world.clock.now(), calls: callsOf(world) };
    await pause(COUNTED_MS);
    return {
      calls: since(before.calls, callsOf(world)),
      minutes: (world.clock.now() - before.at) / minutes(1),
    };
  });

/**
 * Measures a keeper that keeps every block of a world in which nothing is due.
 * @throws Error where it does not
 */
async function settled<Found>(
  command: string,
  size: Size,
  speed: number,
  measure: (keeper: KeeperProcess, world: BigWorld) => Promise<Found>,
): Promise<Found> {
  const world = await bigWorld({ ...size, speed });
  try {
    const keeper = await runKeeper(command, world);
    try {
      await pause(SETTLING_MS);
      const served = await keeper.metric('spotkeeper_blocks{pool="ci",state="serving",term="spot"}');
      if (served !== size.blocks) throw new Error(`the keeper keeps ${served} of ${size.blocks} blocks`);
      return await measure(keeper, world);
    } finally {
      await keeper.stop();
    }
  } finally {
    await world.close();
  }
}

const callsOf = ({ aws, kubernetes }: BigWorld): Calls => tally(aws.calls, kubernetes.calls);
