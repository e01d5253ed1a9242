import { expect } from 'vitest';
import type { CheckWorld } from '../../check/checkWorld.ts';
import { opensAtOf, scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { objectAt } from '../../fakes/kubernetes/json.ts';
import type { WireWorld } from '../../fakes/wireWorld.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { after, before, hours, minutes, NEVER } from '../../src/domain/time.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { type Act, type LockstepOptions, type LockstepTurn, lockstep, type Stage } from './lockstep.ts';

/** Two blocks from 8:00 to 8:45, with a job or two on them most of the time. */
const DAY: CheckWorld = {
  ...{ seed: 11, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 3, blocks: 2, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 1, prices: [30, 20], priceMoves: [], droughts: [] },
  longJobs: [],
  ...{ reclaims: [], bootSeconds: 60, restarts: [], repeats: 0, delays: 0 },
  jobs: [4, 12, 16, 19, 23, 31, 38, 42].map((at) => ({ at, minutes: 6 })),
};

/** Leases are short, so that a short day sees renewals: a successor is bought after 20 minutes, and the old block drains after 25. */
const LEASE = { term: 'spot', durationMs: minutes(40), overrunMs: hours(24) } as const;
const RENEWAL = { policy: 'surge', options: { lead: '15m', overlap: '5m' } } as const;

/** The pool's group. */
export const GROUP = 'ci-on-demand';

/** What is done to the world, and how many minutes after the opening, to the millisecond; in order. Time stands still until it is done. */
export type Timetable = readonly (readonly [minute: number, act: (stage: Stage) => unknown])[];

/** What the services saw by an instant. */
export interface Picture {
  /** How often each call was made. */
  readonly calls: ReadonlyMap<string, number>;
  /** Ids of the instances that run, or are about to. */
  readonly alive: readonly string[];
  readonly nodes: readonly string[];
  /** The nodes that take new pods. */
  readonly open: readonly string[];
  /** How many instances were launched in all. */
  readonly launched: number;
  /** How many turns the keeper has taken. */
  readonly turns: number;
}

/** A day from shortly before the opening to its end. */
export interface Life {
  readonly world: WireWorld;
  readonly turns: readonly LockstepTurn[];
  /** The picture of a minute of the timetable, before what happened then. */
  seenAt(minute: number): Picture;
  readonly seenAtLast: Picture;
}

export interface LifeOptions extends Pick<LockstepOptions, 'durations' | 'patienceMs' | 'telemetry'> {
  /** Whether the keeper listens to the interruption queue; its long polls take a good part of the time that a test takes. */
  readonly queue?: boolean;
  /** What is different about the day. */
  readonly over?: Partial<CheckWorld>;
}

/** The real keeper through a day on which this happens. */
export async function lived(
  timetable: Timetable,
  { over, queue = false, ...options }: LifeOptions = {},
): Promise<Life> {
  const day = { ...DAY, ...over };
  const scenario = scenarioIn(day);
  const opensAt = opensAtOf(day);
  const pictures = new Map<number, Picture>();
  let turnsSeen = 0;
  const acts = [...timetable]
    .sort(([one], [other]) => one - other)
    .map(
      ([minute, act]): Act => ({
        at: after(opensAt, Math.round(minutes(minute))),
        act: (stage) => {
          if (!pictures.has(minute)) pictures.set(minute, pictureOf(stage.world, turnsSeen));
          return act(stage);
        },
      }),
    );
  const { world, turns } = await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
    ...options,
    withoutQueue: !queue,
    turned: () => {
      turnsSeen += 1;
    },
    acts,
  });
  return {
    world,
    turns,
    seenAt: (minute) => pictures.get(minute) ?? missing(minute),
    seenAtLast: pictureOf(world, turnsSeen),
  };
}

/** From shortly before the opening until every block of the day has had time to end. */
function scenarioIn(day: CheckWorld): Scenario {
  const choices = choicesIn({ slot: 'renewal', name: RENEWAL.policy, options: RENEWAL.options, catalogue }, day);
  const scenario = scenarioOf(day, choices, []);
  const opensAt = opensAtOf(day);
  return {
    ...scenario,
    from: before(opensAt, minutes(2)),
    until: after(opensAt, minutes(day.quarters * 15 + 25)),
    pools: { ...scenario.pools, pools: scenario.pools.pools.map((pool) => ({ ...pool, lease: LEASE })) },
  };
}

/** Something that is so from one minute to another: `begin` answers what ends it. */
export const during = (from: number, until: number, begin: (stage: Stage) => readonly (() => unknown)[]): Timetable => {
  let ends: readonly (() => unknown)[] = [];
  const start = (stage: Stage): void => {
    ends = begin(stage);
  };
  const end = (): void => {
    for (const one of ends) one();
  };
  return [
    [from, start],
    [until, end],
  ];
};

/** What must be so at the end of every day, whatever has happened on it. */
export function expectSound({ world }: Life): void {
  const { kills, samples } = world.truth();
  expect(kills, 'jobs that were killed').toEqual([]);
  expectNothingTwice(world);
  expectNothingLeft(world);
  expect(samples.at(-1), 'jobs that have not ended').toMatchObject({ jobsRunning: 0, jobsWaiting: 0 });
}

/** No try was bought twice, and no block had two instances. */
export function expectNothingTwice(world: WireWorld): void {
  expect(
    [...world.launched].filter(([, count]) => count > 1),
    'bought twice',
  ).toEqual([]);
  const blocks = world.truth().instances.map(({ instance }) => instance.blockId);
  expect(blocks, 'one instance a block').toEqual([...new Set(blocks)]);
}

/** Whoever was bought has been ended, and no job pod was ever evicted. */
export function expectNothingLeft(world: WireWorld): void {
  expect(pictureOf(world, 0)).toMatchObject({ alive: [], nodes: [] });
  expect(world.kubernetes.calls.get('create pods/eviction') ?? 0, 'evictions').toBe(0);
}

/** An instance that shuts down counts as gone already: it takes no jobs. */
const SHUTDOWN_MS = minutes(2);

/** No instance was ever taken for gone that was there. */
export function expectNobodyMissed({ world, turns }: Life): void {
  const endedAt = new Map(world.truth().instances.map(({ instance }) => [instance.blockId, instance.endedAt]));
  const missed = turns.filter(
    ({ fact }) =>
      fact.type === 'instance.gone' && !((endedAt.get(fact.blockId) ?? NEVER) <= after(fact.at, SHUTDOWN_MS)),
  );
  expect(
    missed.map(({ fact }) => fact),
    'taken for gone',
  ).toEqual([]);
}

/** How often something was called between two pictures. */
export const callsBetween = (one: Picture, other: Picture, call: string): number =>
  (other.calls.get(call) ?? 0) - (one.calls.get(call) ?? 0);

export function pictureOf({ aws, kubernetes, account, store, launched }: WireWorld, turns: number): Picture {
  const nodes = store.list('nodes');
  return {
    calls: new Map([...aws.calls, ...kubernetes.calls]),
    alive: account.instances
      .all()
      .filter(({ state }) => state === 'running' || state === 'pending')
      .map(({ instanceId }) => instanceId),
    nodes: nodes.map(({ metadata }) => metadata.name),
    open: nodes.filter((node) => objectAt(node, 'spec')['unschedulable'] !== true).map(({ metadata }) => metadata.name),
    launched: launched.size,
    turns,
  };
}

function missing(minute: number): never {
  throw new Error(`the timetable has no minute ${minute}`);
}
