import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billed } from '../../../sim/market/billing.ts';
import { constantPrice, type PriceChange, priceTrack } from '../../../sim/market/prices.ts';
import { hours, type Instant, minutes, NEVER } from '../../../src/domain/time.ts';

const T0: Instant = new Date('2016-03-14T00:00:00Z').getTime();

/** A day that begins at 0.10, doubles at 01:30 and falls to 0.05 at 03:00; EC2 repeats a price at 02:00. */
const DAY: readonly PriceChange[] = [
  { at: T0, usdPerHour: 0.1 },
  { at: T0 + minutes(90), usdPerHour: 0.2 },
  { at: T0 + hours(2), usdPerHour: 0.2 },
  { at: T0 + hours(3), usdPerHour: 0.05 },
];

const anyRows = fc.array(
  fc.record({ at: fc.integer({ min: 0, max: 500 }), usdPerHour: fc.integer({ min: 0, max: 9 }) }),
  { minLength: 1, maxLength: 30 },
);
const anyInstant = fc.integer({ min: -20, max: 520 });

/** The price by the definition: the last row of the latest instant that is not later. */
const slowly = (rows: readonly PriceChange[], instant: Instant): number | undefined =>
  rows.reduce<PriceChange | undefined>(
    (best, row) => (row.at <= instant && (best === undefined || row.at >= best.at) ? row : best),
    undefined,
  )?.usdPerHour;

describe('a price track', () => {
  it('has the price of the last row, and none before the first', () => {
    const track = priceTrack(DAY);
    expect(track.at(T0 - 1)).toBeUndefined();
    expect(track.at(T0)).toBe(0.1);
    expect(track.at(T0 + minutes(90) - 1)).toBe(0.1);
    expect(track.at(T0 + minutes(90))).toBe(0.2);
    expect(track.at(T0 + hours(99))).toBe(0.05);
  });

  it('does not take a repeated price for a change', () => {
    const track = priceTrack(DAY);
    expect(track.nextChangeAfter(T0 - 1)).toBe(T0);
    expect(track.nextChangeAfter(T0 + minutes(90))).toBe(T0 + hours(3));
    expect(track.nextChangeAfter(T0 + hours(3))).toBe(NEVER);
    expect(track.changesIn(T0 + minutes(90), T0 + hours(3))).toEqual([{ at: T0 + minutes(90), usdPerHour: 0.2 }]);
  });

  it('agrees with its definition, in whatever order it is asked', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyInstant), (rows, instants) => {
        const track = priceTrack(rows);
        for (const instant of instants) expect(track.at(instant)).toBe(slowly(rows, instant));
      }),
      { numRuns: 500 },
    );
  });

  it('lists as changes exactly where the price differs from the millisecond before', () => {
    fc.assert(
      fc.property(anyRows, anyInstant, anyInstant, (rows, from, until) => {
        const changes: PriceChange[] = [];
        for (let at = from; at < until; at += 1) {
          const usdPerHour = slowly(rows, at);
          if (usdPerHour !== undefined && usdPerHour !== slowly(rows, at - 1)) changes.push({ at, usdPerHour });
        }
        expect(priceTrack(rows).changesIn(from, until)).toEqual(changes);
        expect(priceTrack(rows).nextChangeAfter(from - 1)).toBe(
          priceTrack(rows).changesIn(from, NEVER)[0]?.at ?? NEVER,
        );
      }),
    );
  });

  it('integrates price over time, the same in one piece and in two', () => {
    const track = priceTrack(DAY);
    // 30 min at 0.10, 90 min at 0.20, 60 min at 0.05.
    expect(track.integralUsd(T0 + hours(1), T0 + hours(4))).toBeCloseTo(0.05 + 0.3 + 0.05, 12);
    expect(track.integralUsd(T0 - 1, T0 + 1)).toBeUndefined();
    expect(track.integralUsd(T0 + 5, T0 + 5)).toBe(0);
    fc.assert(
      fc.property(anyRows, anyInstant, fc.nat(300), fc.nat(300), (rows, from, first, second) => {
        const any = priceTrack(rows);
        const whole = any.integralUsd(from, from + first + second);
        const parts = [any.integralUsd(from, from + first), any.integralUsd(from + first, from + first + second)];
        if (whole === undefined) expect(slowly(rows, from)).toBeUndefined();
        else expect(parts[0]! + parts[1]!).toBeCloseTo(whole, 12);
      }),
    );
  });

  it('refuses rows that are none, and knows nothing without rows', () => {
    expect(() => priceTrack([{ at: Number.NaN, usdPerHour: 1 }])).toThrow(RangeError);
    expect(() => priceTrack([{ at: 1, usdPerHour: -1 }])).toThrow(RangeError);
    expect(() => priceTrack([{ at: 1, usdPerHour: Number.NaN }])).toThrow(RangeError);
    expect(priceTrack([]).at(5)).toBeUndefined();
    expect(priceTrack([]).integralUsd(5, 6)).toBeUndefined();
    expect(priceTrack([]).nextChangeAfter(5)).toBe(NEVER);
  });
});

describe('a bill', () => {
  const track = priceTrack(DAY);
  const cases: readonly [string, number, number, 'aws' | 'us' | undefined, number, number][] = [
    // name, from (min), to (min), ended by, per second, hour start
    ['an hour and a half, ended by us', 0, 90, 'us', 0.15, 0.2],
    ['an hour and a half, interrupted', 0, 90, 'aws', 0.15, 0.1],
    ['two whole hours, ended by us', 0, 120, 'us', 0.25, 0.2],
    ['two whole hours, interrupted as the third would begin', 0, 120, 'aws', 0.25, 0.2],
    ['from half past, over both changes', 30, 210, 'us', 0.425, 0.1 + 0.2 + 0.2],
    ['twenty minutes, interrupted', 0, 20, 'aws', 0, 0],
    ['half a minute, ended by us', 0, 0.5, 'us', 0.1 / 60, 0.1],
    ['half a minute before a change, still running', 89.5, 90, undefined, (0.1 + 0.2) / 120, 0.1],
    ['twenty minutes, still running', 0, 20, undefined, 0.1 / 3, 0.1],
    ['no time at all', 60, 60, 'us', 0, 0],
  ];

  it.each(cases)('for %s', (_, from, until, endedBy, perSecond, hourStart) => {
    const stretch = [T0 + minutes(from), T0 + minutes(until)] as const;
    expect(billed(track, ...stretch, 'per-second', endedBy)).toBeCloseTo(perSecond, 12);
    expect(billed(track, ...stretch, 'hour-start', endedBy)).toBeCloseTo(hourStart, 12);
  });

  it('is unknown where a price is', () => {
    for (const rule of ['per-second', 'hour-start'] as const)
      expect(billed(track, T0 - 1, T0 + hours(1), rule, 'us')).toBeUndefined();
  });

  it('is the price of an hour for an hour at a constant price', () => {
    for (const rule of ['per-second', 'hour-start'] as const)
      expect(billed(constantPrice(0.384), T0, T0 + hours(1), rule, 'us')).toBe(0.384);
  });
});
