import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type WireWorld, wireWorld } from '../../fakes/wireWorld.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import { hours, isoOf, minutes } from '../../src/domain/time.ts';
import { type Clock, scaledClock } from '../../src/live/ports/clock.ts';
import { type Calls, since, tally } from './calls.ts';
import { runKeeper } from './runKeeper.ts';

/** What was called while blocks were replaced, and how many were. */
export interface Replacements {
  readonly calls: Calls;
  readonly replaced: number;
  readonly minutes: number;
}

/** How many times faster than real the world goes. Slow enough that a call takes no more than seconds of it. */
const SPEED = 120;

/** Leases of an hour: after the first blocks have come, each is replaced once in every hour. */
const SETTLED_AFTER_MS = minutes(30);
const COUNTED_MS = hours(2);

const POOLS = `
version: 1
fleet: bench
pools:
  - name: ci
    template: { autoScalingGroup: ci-on-demand }
    instanceTypes: [m5.2xlarge]
    zones: [eu-central-1a, eu-central-1b, eu-central-1c]
    lease: { term: on-demand, duration: 1h }
    operatingHours:
      policy: weekly
      zone: UTC
      windows:
        - { days: daily, from: "00:00", to: "24:00", blocks: 15 }
    renewal: { policy: surge, lead: 10m }
    purchase: { policy: spreadZones }
    surge: 5
    maxBlocks: 25
live:
  onDemandUsdPerHour: { m5.2xlarge: 0.384 }
`;

const SCENARIO = `
version: 1
name: replacements
about: What does it take to replace blocks?
seed: 7
from: 2026-03-02T08:00:00Z
until: 2026-03-02T12:00:00Z
market:
  onDemand: { m5.2xlarge: 0.384 }
  interruptions: { model: none }
jobs:
  generate: { jobsPerWeekday: 500, timeZone: Europe/Berlin, durations: github }
cluster: { jobsPerNode: 2 }
onDemandGroup: { instanceType: m5.2xlarge, maxNodes: 100 }
`;

/** Runs a keeper for two hours of a world in which every block's lease lasts one, and jobs come and go. */
export async function replacements(command: string): Promise<Replacements> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-keeper-bench-'));
  try {
    await writeFile(join(folder, 'pools.yaml'), POOLS);
    await writeFile(join(folder, 'scenario.yaml'), SCENARIO);
    const scenario = await readScenario(folder, catalogue);
    const world = await wireWorld(scenario);
    const realFrom = Date.now();
    const clock = scaledClock({ from: scenario.from, realFrom, speed: SPEED });
    const ended = new AbortController();
    const passing = passTime(world, clock, ended.signal);
    const keeper = await runKeeper(command, {
      ...{ aws: world.aws, kubernetes: world.kubernetes, region: world.account.region, pools: POOLS },
      clockFlag: `${isoOf(scenario.from)}@${SPEED}@${realFrom}`,
    });
    try {
      await pause(SETTLED_AFTER_MS / SPEED);
      const before = { at: world.now(), calls: callsOf(world), launched: world.truth().instances.length };
      await pause(COUNTED_MS / SPEED);
      const calls = since(before.calls, callsOf(world));
      const replaced = world.truth().instances.length - before.launched;
      if (replaced < 15) throw new Error(`the keeper replaced ${replaced} blocks`);
      return { calls, replaced, minutes: (world.now() - before.at) / minutes(1) };
    } finally {
      await keeper.stop();
      ended.abort();
      await passing;
      await world.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets the world come as far as its clock has. */
async function passTime(world: WireWorld, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    while (world.now() < clock.now() && (await world.advance(clock.now())) !== undefined);
    await pause(5);
  }
}

const callsOf = ({ aws, kubernetes }: WireWorld): Calls => tally(aws.calls, kubernetes.calls);
