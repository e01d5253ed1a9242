import { describe, expect, it } from 'vitest';
import type { CheckWorld } from '../../../check/checkWorld.ts';
import { opensAtOf, scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { textAt } from '../../../fakes/kubernetes/json.ts';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { after, type Instant, minutes, seconds } from '../../../src/domain/time.ts';
import { POD_MARK } from '../../../src/live/kubernetes/marks.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { livedOnce } from '../../support/oneDeath.ts';

/** Every how many of the deaths are died; `npm run kill` takes them all. */
const EVERY = Number(process.env['KILL_EVERY'] ?? 4);

/** Three jobs that no block stands for, each long after the one before; when the third comes, nothing can be bought. */
const WORLD: CheckWorld = {
  ...{ seed: 5, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 6, blocks: 3, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 1, prices: [30], priceMoves: [] },
  ...{ droughts: [{ zone: 0, at: 59, minutes: 20 }], longJobs: [], reclaims: [], bootSeconds: 60 },
  ...{ restarts: [], repeats: 0, delays: 0 },
  jobs: [10, 30, 60].map((at) => ({ at, minutes: 5 })),
};
const choices = choicesIn({ slot: 'scaling', name: 'followJobs', options: { headroom: 0 }, catalogue }, WORLD);
const scenario = scenarioOf(WORLD, choices, []);
const pools = poolsOf(scenario.pools, catalogue);

/** What was written on a pod: when, and until when it is held. */
interface Written {
  readonly at: Instant;
  readonly until: Instant;
  readonly isHeld: boolean;
}

/** The whole day, with a death at one of the writes on pods; what was written on each pod, by name. */
async function aDay(
  dies: Parameters<typeof livedOnce>[1],
  successor: Parameters<typeof livedOnce>[2],
): Promise<{ readonly life: Awaited<ReturnType<typeof livedOnce>>; readonly pods: ReadonlyMap<string, Written[]> }> {
  const pods = new Map<string, Written[]>();
  const watched = (world: WireWorld): void => {
    world.store.onChange(({ resource, object, before, type }) => {
      if (resource !== 'pods' || type === 'DELETED' || before === undefined) return;
      const [delay = '0s', mark] = [POD_MARK.delay, POD_MARK.held].map((key) =>
        textAt(object, 'metadata', 'annotations', key),
      );
      const createdAt = Date.parse(textAt(object, 'metadata', 'creationTimestamp') ?? '');
      const until = after(createdAt, seconds(Number.parseInt(delay, 10)));
      pods.set(object.metadata.name, [
        ...(pods.get(object.metadata.name) ?? []),
        { at: world.now(), until, isHeld: mark !== undefined },
      ]);
      expect(until - createdAt, 'no pod is held beyond its cap').toBeLessThanOrEqual(minutes(5));
    });
  };
  return { life: await livedOnce({ scenario, pools, watched }, dies, successor), pods };
}

describe('a keeper that dies at any write of a hold', async () => {
  const { life: reference } = await aDay(undefined, 'none');
  const points = reference.changes.flatMap((what, index) =>
    what === 'PATCH status'
      ? (['before', 'after', 'answered'] as const).map((phase) => [phase, index + 1] as const)
      : [],
  );

  it('holds, extends and releases in a life without death', () => {
    expect(points.length).toBeGreaterThanOrEqual(3 * 5);
  });

  it.each(points.filter((_, index) => index % EVERY === 0))(
    '%s (change %i): the next one goes on with what it finds',
    async (phase, number) => {
      const { life, pods } = await aDay({ at: number, phase }, 'again');
      const { jobs, kills } = life.world.truth();
      expect(kills).toEqual([]);
      expect(life.orphans).toEqual([]);
      expect([...life.world.launched].filter(([, count]) => count > 1)).toEqual([]);
      for (const { startedAt, queuedAt } of jobs) expect((startedAt ?? 0) - queuedAt).toBeLessThan(minutes(7));
      // Four of one life, and what the next one writes on what it found.
      for (const written of pods.values()) expect(written.length).toBeLessThanOrEqual(8);
      // The third job has no block: the keeper that lives then releases it, long before its hold would end by itself.
      const opensAt = opensAtOf(WORLD);
      const third = jobs.find(({ queuedAt }) => queuedAt === after(opensAt, minutes(60)));
      expect((third?.startedAt ?? 0) - (third?.queuedAt ?? 0)).toBeLessThan(minutes(4));
    },
  );
});
