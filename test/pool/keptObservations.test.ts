import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { hours } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import { MOST_WEIGHT } from '../../src/pool/age.ts';
import { MOST_IN_AN_HOUR, WEEK_HOURS } from '../../src/pool/arrivals.ts';
import { MOST_WEEKS } from '../../src/pool/demandSeen.ts';
import { BUCKETS } from '../../src/pool/durations.ts';
import { keptOf, observationsIn } from '../../src/pool/keptObservations.ts';
import { type MarketsSeen, MOST_MARKETS, withKeeping, withoutKeeping } from '../../src/pool/markets.ts';
import { noMemory, type PoolMemory, remember } from '../../src/pool/memory.ts';
import { noObservations, type Observations, withBoot, withJobNews } from '../../src/pool/observations.ts';
import { weightsIn } from '../../src/pool/weights.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aPool, aSpec } from '../support/aPool.ts';

const DAY = hours(24);
const MONDAY = Date.UTC(2026, 2, 2, 8);

/** Something that a pool learns at an instant. */
type Lesson = (memory: PoolMemory, at: number) => PoolMemory;

const observing =
  (change: (seen: Observations, at: number) => Observations): Lesson =>
  (memory, at) => ({ ...memory, observations: change(memory.observations, at) });
const hearing =
  (factAt: (at: number) => Fact): Lesson =>
  (memory, at) =>
    remember(memory, aSpec(), factAt(at), { state: 'joining', lease: aLease({ startsAt: at }) } as never);

const keptUntil = (markets: MarketsSeen, offer: Offer, lengthMs: number, at: number): MarketsSeen =>
  withoutKeeping(withKeeping(markets, offer, at - lengthMs), offer, at);

/** What a pool may learn, some days apart. */
const aLesson: fc.Arbitrary<readonly [Lesson, afterMs: number]> = fc
  .record({
    kind: fc.constantFrom('started', 'finished', 'granted', 'refused', 'interrupted', 'ready', 'kept'),
    afterMs: fc.integer({ min: 1, max: hours(50) }),
    durationMs: fc.integer({ min: 0, max: hours(10) }),
    zone: fc.constantFrom('a', 'b', 'c'),
  })
  .map(({ kind, afterMs, durationMs, zone }) => {
    const offer = anOffer({ zone });
    const about = { blockId: 'ci-0.1', token: 'ci-0.1.1' };
    const lessons: Readonly<Record<typeof kind, Lesson>> = {
      started: observing((seen, at) => withJobNews(seen, 1, [], at)),
      finished: observing((seen, at) => withJobNews(seen, 0, [durationMs], at)),
      kept: observing((seen, at) => ({ ...seen, markets: keptUntil(seen.markets, offer, durationMs, at) })),
      ready: observing((seen, at) => withBoot(seen, durationMs, at)),
      granted: hearing((at) => ({ type: 'capacity.granted', at, ...about, lease: aLease({ offer, startsAt: at }) })),
      refused: hearing((at) => ({ type: 'capacity.refused', at, ...about, offer, refusal: 'no-capacity' })),
      interrupted: hearing((at) => ({ type: 'instance.interrupted', at, ...about, reclaimAt: at })),
    };
    return [lessons[kind], afterMs] as const;
  });

function lived(life: readonly (readonly [Lesson, afterMs: number])[], before: PoolMemory, from: number) {
  let memory = before;
  let at = from;
  for (const [learn, afterMs] of life) {
    at += afterMs;
    memory = learn(memory, at);
  }
  return { memory, at };
}

const written = (observations: Observations): unknown => JSON.parse(JSON.stringify(keptOf(observations)));

const inventory = (at: number, observations?: Readonly<Record<string, unknown>>, complete = true): Fact => ({
  ...{ type: 'inventory.taken', at, sightings: [], generations: {}, complete },
  ...(observations === undefined ? {} : { observations }),
});

describe('what a pool has seen, written down', () => {
  it('is read again as it was', () => {
    fc.assert(
      fc.property(fc.array(aLesson, { maxLength: 60 }), (life) => {
        const { memory, at } = lived(life, noMemory, MONDAY);
        expect(observationsIn(written(memory.observations), at)).toEqual(memory.observations);
      }),
    );
  });

  it('lets the next life go on where the last one ended: all is then as if there had been one', () => {
    fc.assert(
      fc.property(fc.array(fc.array(aLesson, { maxLength: 20 }), { maxLength: 5 }), (lives) => {
        let one = noMemory;
        let each = noMemory;
        let at = MONDAY;
        for (const life of lives) {
          one = lived(life, one, at).memory;
          const observations = { ci: written(each.observations) };
          ({ memory: each, at } = lived(life, remember(noMemory, aSpec(), inventory(at, observations)), at));
        }
        expect(each.observations).toEqual(one.observations);
      }),
    );
  });

  it('takes less than ten thousand bytes, however much was seen', () => {
    const most = (count: number, each: number): readonly number[] => Array.from({ length: count }, () => each);
    const each = Math.floor(MOST_WEIGHT / BUCKETS);
    const durations = { day: 99_999, weight: BUCKETS * each, weights: weightsIn(most(BUCKETS, each)) };
    const seen = { grants: 500.123, refusals: 499.123, interruptions: 499.123 };
    const last = { lastRefusedAt: 4_000_000_000_000, lastInterruptedAt: 4_000_000_000_000 };
    const kept = { keptMs: 5_000_000_000, keptSince: 4_000_000_000_000, keptBeforeMs: 5_000_000_000 };
    const markets = Array.from({ length: MOST_MARKETS }, (_, index) => [
      `u7in-32tb.224xlarge/ap-southeast-2-${index + 10}-1a`,
      { ...seen, ...last, ...kept },
    ]);
    const full: Observations = {
      ...{ durations, boots: durations },
      markets: { day: 99_999, seen: Object.fromEntries(markets) as Observations['markets']['seen'] },
      arrivals: { day: 99_999, sinceDay: 99_999, weights: weightsIn(most(WEEK_HOURS, MOST_IN_AN_HOUR)) },
      demand: {
        ...{ hour: 99_999 * 24, most: 999, level: 999 },
        weeks: Array.from({ length: MOST_WEEKS }, (_, index) => ({
          week: 14_000 - index,
          most: 'zz'.repeat(WEEK_HOURS),
        })),
      },
      paid: {
        day: 99_999,
        upTo: 4_000_000_000_000,
        dayMicroUsd: 99_999_999_999_999,
        monthMicroUsd: 99_999_999_999_999,
      },
    };
    expect(observationsIn(written(full), 99_999 * DAY)).toEqual(full);
    expect(JSON.stringify(keptOf(full)).length).toBeLessThan(10_000);
  });
});

describe('what cannot be read', () => {
  const kept = written(noObservations) as Readonly<Record<string, unknown>>;

  it.each([
    ['nothing', undefined, 'it is no object'],
    ['a list', [], 'it is no object'],
    ['another version', { ...kept, version: 2 }, 'it is of version 2, and 1 is known here'],
    ['no version', { durations: {} }, 'it is of version undefined, and 1 is known here'],
    ['no durations', { ...kept, durations: undefined }, 'its durations are malformed'],
    ['a weight below zero', { ...kept, boots: { day: 0, first: 0, weights: [-1] } }, 'its boots are malformed'],
    ['half a weight', { ...kept, boots: { day: 0, first: 0, weights: [0.5] } }, 'its boots are malformed'],
    ['too many buckets', { ...kept, boots: { day: 0, first: 141, weights: [1] } }, 'its boots are malformed'],
    ['too much weight', { ...kept, boots: { day: 0, first: 0, weights: [9e5, 9e5] } }, 'its boots are malformed'],
    ['a market of nothing', { ...kept, markets: { day: 0, seen: [null] } }, 'its markets are malformed'],
    ['no number', { ...kept, markets: { day: 0, seen: [['a', null, 0, 0, 1, 1]] } }, 'its markets are malformed'],
    ['half a week', { ...kept, arrivals: { day: 0, sinceDay: 0, weights: [1] } }, 'its arrivals are malformed'],
  ])('is nothing known, and says why: %s', (_, found, unread) => {
    expect(observationsIn(found, MONDAY)).toEqual({ unread });
    expect(remember(noMemory, aSpec(), inventory(MONDAY, { ci: found })).observations).toEqual(noObservations);
  });

  it('never throws, and what is read is never above what a pool may remember', () => {
    const anything = fc.jsonValue();
    const nearly = fc.record({
      version: fc.constant(1),
      durations: fc.oneof(anything, fc.record({ day: anything, first: anything, weights: fc.array(fc.nat()) })),
      boots: fc.constant(kept['boots']),
      markets: fc.oneof(anything, fc.record({ day: fc.nat(), seen: fc.array(fc.array(anything)) })),
      arrivals: fc.oneof(anything, fc.constant(kept['arrivals'])),
    });
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (found) => {
        const read = observationsIn(found, MONDAY);
        if ('unread' in read) expect(read.unread).toMatch(/^it/);
        else expect(read.durations.weight).toBeLessThanOrEqual(MOST_WEIGHT);
      }),
    );
  });

  it('takes what a wrong clock has written down for seen just now', () => {
    const later = remember(noMemory, aSpec(), {
      ...{ type: 'capacity.refused', blockId: 'ci-0.1', token: 'ci-0.1.1' },
      ...{ at: MONDAY + 9_999 * DAY, offer: anOffer(), refusal: 'no-capacity' },
    }).observations;
    const read = observationsIn(written(later), MONDAY) as Observations;
    expect(read.markets.day).toBe(Math.floor(MONDAY / DAY));
    expect(Object.values(read.markets.seen)).toMatchObject([{ refusals: 1, lastRefusedAt: MONDAY }]);
  });
});

describe('a keeper that begins', () => {
  const finished = observing((seen, at) => withJobNews(seen, 0, [60_000], at));
  const { memory: before } = lived(
    Array.from({ length: 30 }, () => [finished, 1] as const),
    noMemory,
    MONDAY,
  );
  const observations = { ci: written(before.observations), other: 'unreadable' };

  it('is told once what was seen before, and adds what it has seen meanwhile', () => {
    let memory = finished(noMemory, MONDAY);
    memory = remember(memory, aSpec(), inventory(MONDAY + 1, observations));
    expect(memory.observations.durations.weight).toBe(31_000);
    expect(remember(memory, aSpec(), inventory(MONDAY + 2, observations)).observations).toBe(memory.observations);
  });

  it('is not told by a list that is not complete', () => {
    const memory = remember(noMemory, aSpec(), inventory(MONDAY, observations, false));
    expect(memory.observations).toBe(noObservations);
    expect(remember(memory, aSpec(), inventory(MONDAY + 1, observations)).observations.durations.weight).toBe(30_000);
  });

  it('knows of its own pool alone', () => {
    const memory = remember(noMemory, aSpec({ name: 'big' }), inventory(MONDAY, observations));
    expect(memory.observations).toBe(noObservations);
  });
});

describe('a market whose name no AWS has', () => {
  it('makes what was kept unreadable, and not larger', () => {
    const kept = written(
      remember(noMemory, aSpec(), {
        ...{ type: 'capacity.refused', at: MONDAY, blockId: 'ci-0.1', token: 'ci-0.1.1' },
        ...{ offer: anOffer({ zone: 'z'.repeat(200) }), refusal: 'no-capacity' },
      }).observations,
    );
    expect(observationsIn(kept, MONDAY)).not.toHaveProperty('markets');
  });
});

describe('news that comes twice', () => {
  it('teaches once', () => {
    const keeper = aKeeper(aPool(1)).begins(0);
    const granted = { type: 'capacity.granted', blockId: 'ci-0.1', token: 'ci-0.1.1', lease: aLease() } as const;
    const notice = { type: 'instance.interrupted', blockId: 'ci-0.1', reclaimAt: Number(hours(1)) } as const;
    const refused = { type: 'capacity.refused', blockId: 'ci-0.1', token: 'ci-0.1.1', offer: anOffer() } as const;
    for (const at of [10, 20, 30]) keeper.hears({ ...granted, at });
    for (const at of [40, 50]) keeper.hears({ ...refused, at, refusal: 'no-capacity' });
    for (const at of [60, 70, 80]) keeper.hears({ ...notice, at });
    const { markets } = keeper.keeper.memories.get('ci')!.observations;
    expect(Object.values(markets.seen)).toMatchObject([{ grants: 1, refusals: 0, interruptions: 1 }]);
  });
});
