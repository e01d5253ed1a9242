import { setImmediate } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { QUEUE } from '../../fakes/names.ts';
import { type WireWorld, wireWorld } from '../../fakes/wireWorld.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { DEFAULT_LIVE, type PoolsFile } from '../../src/config/pools.ts';
import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { type Instant, isoOf, type Millis, minutes, NEVER } from '../../src/domain/time.ts';
import { awsCaller, type Caller } from '../../src/live/aws/calls/call.ts';
import { awsClients } from '../../src/live/aws/calls/clients.ts';
import { type Keeping, keep } from '../../src/live/control/keep.ts';
import type { ElectionDurations } from '../../src/live/kubernetes/election/leadership.ts';
import { kubeClient } from '../../src/live/kubernetes/kubeClient.ts';
import { kubernetesEvents } from '../../src/live/observers/kubernetesEvents.ts';
import { silent, type Telemetry } from '../../src/live/ports/telemetry.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { PATIENCE_MS } from './comesTrue.ts';
import { CALM_ELECTION, electionTime } from './electionTime.ts';
import { stillness } from './stillness.ts';
import { unhurriedKube } from './unhurried.ts';
import { virtualClock } from './virtualClock.ts';
import { advanced } from './wireTime.ts';

export interface LockstepTurn {
  readonly fact: Fact;
  readonly effects: readonly Effect[];
}

/** Lets elections go on, while the world stands still, until something has come of them. */
export type Elect = (isSo: () => boolean) => Promise<void>;

/** What an act can be done to. */
export interface Stage {
  readonly world: WireWorld;
  readonly keeping: Keeping;
  readonly elect: Elect;
}

/** Something that is done to the world at exactly this instant, also where nothing else happens then. */
export interface Act {
  readonly at: Instant;
  /** Time stands still until it is done. */
  readonly act: (stage: Stage) => unknown;
}

export interface LockstepOptions {
  /** In the order of their instants. */
  readonly acts?: readonly Act[];
  /** Puts into the world what is there before the keeper comes. */
  readonly furnish?: (world: WireWorld) => void;
  readonly telemetry?: Telemetry;
  /**
   * Called after every instant at which something happens, and time stands still until it is done. Which instants these are hangs on
   * chance, of the pauses between watches for one: what has an instant of its own is one of the `acts`.
   */
  readonly at?: (now: Instant, world: WireWorld, keeping: Keeping) => void;
  /** Called after every turn of the keeper. */
  readonly turned?: (turn: LockstepTurn) => void;
  /** Leaves the interruption queue out, whose long polls take a good part of the time that a test takes. */
  readonly withoutQueue?: boolean;
  /** Elections go by the world's time; `CALM_ELECTION` if left out. */
  readonly durations?: Partial<ElectionDurations>;
  /** For how much real time a read of AWS is waited for just now, where a hanging one must not hold up the test. */
  readonly patienceMs?: () => Millis | undefined;
}

/**
 * The real live keeper, clients and sockets and all, against a scenario's services, with time that goes on only when nobody
 * has anything left to say. Answers every turn, and the world.
 */
export async function lockstep(
  scenario: Scenario,
  pools: readonly Pool[],
  {
    telemetry = silent,
    acts = [],
    at: watchAt,
    turned,
    furnish,
    withoutQueue,
    durations,
    patienceMs = () => undefined,
  }: LockstepOptions = {},
): Promise<{ readonly turns: readonly LockstepTurn[]; readonly world: WireWorld }> {
  const world = await wireWorld(scenario);
  furnish?.(world);
  const clock = virtualClock(() => world.now());
  const election = electionTime(() => world.now());
  const ending = new AbortController();
  process.env['AWS_ENDPOINT_URL'] = world.aws.url;
  process.env['AWS_REGION'] = world.account.region;
  process.env['AWS_ACCESS_KEY_ID'] = 'rehearsal';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'rehearsal';
  const aws = awsClients();
  const config = new KubeConfig();
  config.loadFromString(world.kubernetes.kubeconfig());
  const kube = unhurriedKube(kubeClient({ telemetry, config }));
  const caller = impatient(awsCaller({ telemetry, clock }), patienceMs);
  const turns: LockstepTurn[] = [];
  const file = liveFile(scenario.pools, scenario, world, withoutQueue);
  const keeping = keep({
    ...{ file, pools, aws, caller, kube, clock, telemetry, signal: ending.signal },
    ...{ namespace: 'spot-keeper', identity: 'keeper-0' },
    ...{ durations: { ...CALM_ELECTION, ...durations }, electionTime: election },
    events: kubernetesEvents({
      kube,
      namespace: 'spot-keeper',
      fleet: file.fleet,
      clock,
      telemetry,
      signal: ending.signal,
    }),
    watch: ({ fact, effects }) => {
      turns.push({ fact, effects });
      turned?.({ fact, effects });
    },
  });

  const state = (): string =>
    [
      ...[turns.length, keeping.waiting(), keeping.cluster.watchEventsSeen(), keeping.synced(), caller.inFlight],
      ...[kube.inFlight, world.aws.open, world.aws.held, world.kubernetes.watchEventsSent, world.store.resourceVersion],
      ...[sum(world.aws.calls), sum(world.kubernetes.calls)],
    ].join();
  // Only launches that wait for the world, and a long poll, may stay open.
  const quiet = (): Promise<void> => stillness(state, () => world.aws.open > world.aws.held + LONG_POLLS);
  const elect: Elect = async (isSo) => {
    await quiet();
    while (!isSo()) {
      election.goOn();
      await quiet();
    }
  };

  const left = [...acts];
  try {
    while (!keeping.synced() || keeping.leader() !== true) await setImmediate();
    for (;;) {
      await quiet();
      const now = await advanced(world, clock, election, left[0]?.at ?? NEVER);
      if (now === undefined) break;
      watchAt?.(now, world, keeping);
      for (let next = left[0]; next !== undefined && now >= next.at; next = left[0]) {
        left.shift();
        if (now > next.at) throw new Error(`what was due at ${isoOf(next.at)} is done at ${isoOf(now)}`);
        await next.act({ world, keeping, elect });
      }
    }
    if (left.length > 0) throw new Error(`the day ended before ${left.length} of its acts were due`);
  } finally {
    ending.abort();
    world.account.wakePolls();
    await keeping.ended;
    aws.destroy();
    await world.close();
  }
  return { turns, world };
}

/** The queue's, one at most. */
const LONG_POLLS = 1;

const sum = (calls: ReadonlyMap<string, number>): number => [...calls.values()].reduce((all, one) => all + one, 0);

/** A caller that gives up reads early, and else nothing: a launch waits for the world, whose time stands still meanwhile. */
const impatient = (caller: Caller, patienceMs: () => Millis | undefined): Caller => ({
  call: (api, action, send, options = {}) => {
    const timeoutMs = (options.mutating === true || api === 'sqs' ? undefined : patienceMs()) ?? PATIENCE_MS;
    return caller.call(api, action, send, { ...options, timeoutMs });
  },
  get inFlight() {
    return caller.inFlight;
  },
  get clockSkewMs() {
    return caller.clockSkewMs;
  },
});

/** The pools as a cluster's file would have them: with the queue, the scenario's on-demand prices, and an unhurried poll. */
const liveFile = (file: PoolsFile, scenario: Scenario, world: WireWorld, withoutQueue = false): PoolsFile => ({
  ...file,
  live: {
    ...DEFAULT_LIVE,
    pollMs: minutes(1),
    ...(withoutQueue ? {} : { interruptionQueue: `${world.aws.url}/${world.account.accountId}/${QUEUE}` }),
    onDemandUsdPerHour: scenario.market.onDemand,
  },
});
