import { describe, expect, it } from 'vitest';
import type { CheckWorld } from '../../../check/checkWorld.ts';
import { scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { livedOnce, type OneLife } from '../../support/oneDeath.ts';

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

describe('a keeper that dies at any of its changes', async () => {
  const reference = await livedOnce({ scenario, pools }, undefined, 'none');
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
    expectSound(await livedOnce({ scenario, pools }, { at: number, phase }, 'again'), reference);
  });

  it.each(points.filter((_, index) => index % 5 === 0))(
    '%s (%s, number %i): a second one that waits takes over, with the same end',
    async (_, phase, number) => {
      expectSound(await livedOnce({ scenario, pools }, { at: number, phase }, 'second'), reference);
    },
  );

  it.each(points.filter(([, phase]) => phase === 'before'))(
    '%s: it stands still beyond its lease, another takes over, and it wakes',
    async (_, __, number) => {
      expectSound(await livedOnce({ scenario, pools }, { at: number, phase: 'paused' }, 'second'), reference);
    },
  );
});

function expectSound({ world, orphans }: OneLife, reference: OneLife): void {
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
