import { describe, expect, it } from 'vitest';
import type { CheckWorld } from '../../../check/checkWorld.ts';
import { scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { type WireWorld, wireWorld } from '../../../fakes/wireWorld.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { type Instant, NEVER, seconds } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import type { Phase } from '../../support/door.ts';
import { electionTime } from '../../support/electionTime.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import { type WireKeeper, wireKeeper } from '../../support/wireKeeper.ts';
import { advanced, quiet } from '../../support/wireTime.ts';

/** Every how many of the changes it dies at; `npm run kill` takes them all. */
const EVERY = Number(process.env['KILL_EVERY'] ?? 40);

/** Two blocks for an hour and a half, renewed once each, with jobs on them. */
const WORLD: CheckWorld = {
  ...{ seed: 11, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 6, blocks: 2, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 1, prices: [30, 20], priceMoves: [], droughts: [] },
  longJobs: [],
  ...{ reclaims: [], bootSeconds: 60, restarts: [], repeats: 0, delays: 0 },
  jobs: [5, 20, 24, 31, 40, 52, 60, 71, 80].map((at) => ({ at, minutes: 6 })),
};
const choices = choicesIn({ slot: 'renewal', name: 'surge', options: {}, catalogue }, WORLD);
const scenario = scenarioOf(WORLD, choices, []);
const pools = poolsOf(scenario.pools, catalogue);

/** A found instance must be somebody's after so long; the kept one of an interrupted launch takes a look of a minute first. */
const ORPHAN_MS = seconds(90);

interface Life {
  readonly world: WireWorld;
  readonly changes: readonly string[];
  /** Instances that were nobody's for too long. */
  readonly orphans: readonly string[];
}

describe('a keeper that dies at any of its changes', async () => {
  const reference = await lived(undefined, 'none');
  const points = reference.changes.flatMap((what, index) =>
    index % EVERY === 0
      ? (['before', 'after', 'answered'] as const).map((phase) => [what, phase, index + 1] as const)
      : [],
  );

  it('makes some dozens of them in a life without death', () => {
    expect(reference.changes.length).toBeGreaterThan(20);
    expectSound(reference, reference);
  });

  it.each(points)('%s (%s, number %i): another goes on, with the same end', async (_, phase, number) => {
    expectSound(await lived({ at: number, phase }, 'again'), reference);
  });

  it.each(points.filter((_, index) => index % 5 === 0))(
    '%s (%s, number %i): a second one that waits takes over, with the same end',
    async (_, phase, number) => {
      expectSound(await lived({ at: number, phase }, 'second'), reference);
    },
  );

  it.each(points.filter(([, phase]) => phase === 'before'))(
    '%s: it stands still beyond its lease, another takes over, and it wakes',
    async (_, __, number) => {
      expectSound(await lived({ at: number, phase: 'paused' }, 'second'), reference);
    },
  );
});

function expectSound({ world, orphans }: Life, reference: Life): void {
  const { instances, kills, jobs } = world.truth();
  const until = scenario.until;
  expect(
    [...world.launched].filter(([, count]) => count > 1),
    'launched twice',
  ).toEqual([]);
  const blocks = instances.map(({ instance }) => instance.blockId);
  expect(blocks.length, 'one instance a block').toBe(new Set(blocks).size);
  expect(kills, 'jobs that were killed').toEqual([]);
  expect(orphans).toEqual([]);
  expect(instances.filter(({ instance }) => instance.endedAt > until).map(({ instance }) => instance.blockId)).toEqual(
    [],
  );
  expect(world.account.instances.all().filter(({ state }) => state === 'running' || state === 'pending')).toEqual([]);
  expect(world.store.list('nodes').map(({ metadata }) => metadata.name)).toEqual([]);
  expect(jobs.length).toBe(reference.world.truth().jobs.length);
}

/** The scenario from beginning to end, with one death on the way and somebody who goes on. */
async function lived(
  dies: { readonly at: number; readonly phase: Phase } | undefined,
  successor: 'none' | 'again' | 'second',
): Promise<Life> {
  const world = await wireWorld(scenario);
  const clock = virtualClock(() => world.now());
  const election = electionTime(() => world.now());
  const start = (identity: string, death?: typeof dies): Promise<WireKeeper> =>
    wireKeeper({ world, scenario, pools, clock, electionTime: election, identity, dies: death });
  const first = await start('keeper-0', dies);
  let present = first;
  let waiting: WireKeeper | undefined;
  const ownerless = new Map<string, Instant>();
  const orphans = new Set<string>();
  const quietly = (): Promise<void> => quiet(world, [present, ...(waiting === undefined ? [] : [waiting])]);
  /** Elections go on while the time of the world stands still. */
  const kept = async ({ keeping, doors }: WireKeeper): Promise<void> => {
    await quietly();
    while (!keeping.isKeeping() && !doors.isCut && !doors.isPaused) {
      election.goOn();
      await quietly();
    }
  };
  try {
    await kept(present);
    // Clients read their endpoints from the environment at their first call: the second keeper comes when the first has.
    if (successor === 'second') waiting = await start('keeper-1');
    for (;;) {
      await quietly();
      if (first.doors.isPaused && waiting !== undefined) {
        const second = waiting;
        await kept(second);
        // What it was about to do comes to the world now, late, and after another has decided.
        first.doors.goOn();
        present = second;
        waiting = first;
        continue;
      }
      if (first.doors.isCut && present === first) {
        await first.end();
        present = waiting ?? (await start('keeper-0'));
        waiting = undefined;
        ownerless.clear();
        await kept(present);
        continue;
      }
      const now = await advanced(world, clock, election);
      if (now === undefined) break;
      for (const { instance } of world.truth().instances) {
        const { lease, blockId, endedAt } = instance;
        const isOwned = present.keeping.keeper().blocks.get(blockId)?.context.lease?.instanceId === lease.instanceId;
        if (isOwned || endedAt !== NEVER) ownerless.delete(blockId);
        else if (now > (ownerless.get(blockId) ?? now) + ORPHAN_MS) orphans.add(blockId);
        else ownerless.set(blockId, ownerless.get(blockId) ?? now);
      }
    }
    return { world, changes: first.doors.passed.map(({ what }) => what), orphans: [...orphans] };
  } finally {
    await present.stop();
    await waiting?.stop();
    await world.close();
  }
}
