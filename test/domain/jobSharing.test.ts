import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JobPlaces, JobSharing, placesIn, type SharedJob } from '../../src/domain/jobSharing.ts';

const BOTH = ['ci', 'big'];

const jobs = (...ids: readonly string[]): readonly SharedJob[] => ids.map((id) => ({ id, pools: BOTH }));

/** Places by pool: those that are there, and those to buy. */
const places = (written: Readonly<Record<string, readonly [there: number, toBuy: number]>>) =>
  new Map(Object.entries(written).map(([pool, [there, toBuy]]): [string, JobPlaces] => [pool, { there, toBuy }]));

const poolOf = (written: Parameters<typeof places>[0], sharing = new JobSharing()) =>
  sharing.share(jobs('build'), places(written)).pools.get('build');

describe('of two pools that a job fits', () => {
  it.each([
    ['the first, where both could buy a block', { ci: [0, 1], big: [0, 1] }, 'ci'],
    ['the one that could buy a block', { ci: [0, 0], big: [0, 1] }, 'big'],
    ['the one that has a block already', { ci: [0, 1], big: [1, 0] }, 'big'],
    ['the first, where both have a block', { ci: [1, 0], big: [1, 1] }, 'ci'],
    ['the first, where neither has room', { ci: [0, 0], big: [0, 0] }, 'ci'],
    ['the first, where nothing is known of either', {}, 'ci'],
  ] as const)('%s counts it', (_, written, expected) => {
    expect(poolOf(written)).toBe(expected);
  });

  it('the one that counted it goes on while it has room, whatever the first has by now', () => {
    const sharing = new JobSharing();
    expect(poolOf({ ci: [0, 0], big: [0, 1] }, sharing)).toBe('big');
    expect(poolOf({ ci: [3, 3], big: [1, 0] }, sharing)).toBe('big');
    expect(poolOf({ ci: [0, 3], big: [0, 1] }, sharing)).toBe('big');
    expect(poolOf({ ci: [0, 3], big: [0, 0] }, sharing)).toBe('ci');
  });

  it('another that has a block for it counts it, before one buys: jobs take each other’s blocks', () => {
    const sharing = new JobSharing();
    expect(poolOf({ ci: [0, 0], big: [0, 1] }, sharing)).toBe('big');
    expect(poolOf({ ci: [1, 0], big: [0, 1] }, sharing)).toBe('ci');
  });

  it('one that nobody has room for goes to whichever has some first', () => {
    const sharing = new JobSharing();
    expect(poolOf({ ci: [0, 0], big: [0, 0] }, sharing)).toBe('ci');
    expect(poolOf({ ci: [0, 1], big: [1, 0] }, sharing)).toBe('big');
  });

  it('a few are split where the first has room for some', () => {
    const { pools, left } = new JobSharing().share(jobs('1', '2', '3'), places({ ci: [1, 1], big: [0, 5] }));
    expect([...pools]).toEqual([
      ['1', 'ci'],
      ['2', 'ci'],
      ['3', 'big'],
    ]);
    expect(left.get('big')).toEqual({ there: 0, toBuy: 4 });
  });
});

describe('jobs that several pools fit', () => {
  const somePlaces = fc.record({
    ci: fc.tuple(fc.nat(3), fc.nat(3)),
    big: fc.tuple(fc.nat(3), fc.nat(3)),
    last: fc.tuple(fc.nat(3), fc.nat(3)),
  });
  const someJobs = fc
    .uniqueArray(fc.nat(12))
    .chain((ids) =>
      fc.tuple(
        ...ids.map((id) => fc.subarray(['ci', 'big', 'last']).map((pools): SharedJob => ({ id: `${id}`, pools }))),
      ),
    );

  it('are each counted once, by one that they fit, and stay while the room stays', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(someJobs, somePlaces), { minLength: 1 }), (looks) => {
        const sharing = new JobSharing();
        for (const [waiting, written] of looks) {
          const { pools, left } = sharing.share(waiting, places(written));
          for (const { id, pools: fitting } of waiting) {
            if (fitting.length === 0) expect(pools.has(id)).toBe(false);
            else expect(fitting).toContain(pools.get(id));
          }
          const taken = [...left].reduce((sum, [pool, { there, toBuy }]) => {
            expect(Math.min(there, toBuy)).toBeGreaterThanOrEqual(0);
            const [was, could] = written[pool as keyof typeof written];
            return sum + was + could - there - toBuy;
          }, 0);
          expect(taken).toBeLessThanOrEqual(pools.size);
          // Looking again, however often, moves nothing.
          expect(sharing.share(waiting, places(written)).pools).toEqual(pools);
        }
      }),
    );
  });

  it('do not move when what they were given becomes a block', () => {
    fc.assert(
      fc.property(someJobs, somePlaces, (waiting, written) => {
        const sharing = new JobSharing();
        const before = sharing.share(waiting, places(written));
        const bought = Object.fromEntries(
          Object.entries(written).map(([pool, [there, toBuy]]) => {
            const opened = toBuy - (before.left.get(pool)?.toBuy ?? 0);
            return [pool, [there + opened, toBuy - opened] as const];
          }),
        );
        expect(sharing.share(waiting, places(bought)).pools).toEqual(before.pools);
      }),
    );
  });
});

describe('the room of a pool', () => {
  it('leaves out blocks that have a job, and is as much as a block takes', () => {
    const room = { blocks: ['ci-0.1', 'ci-1.1'], more: 3 };
    expect(placesIn(room, { 'ci-0.1': 1 }, 2)).toEqual({ there: 2, toBuy: 6 });
  });
});
