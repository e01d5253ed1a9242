import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours, type Millis, minutes } from '../../src/domain/time.ts';
import { MOST_WEIGHT } from '../../src/pool/age.ts';
import { type Durations, durationsTogether, noDurations, quantilesOf, withDuration } from '../../src/pool/durations.ts';
import { listOf } from '../../src/pool/weights.ts';

const DAY = hours(24);
const MONDAY = Date.UTC(2026, 2, 2, 8);

/** So many of a length, one a second. */
function seen(count: number, durationMs: Millis, from: number, before: Durations = noDurations): Durations {
  let durations = before;
  for (let job = 0; job < count; job += 1) durations = withDuration(durations, durationMs, from + job * 1_000);
  return durations;
}

describe('how long jobs last', () => {
  it('is not known before twenty were seen', () => {
    expect(quantilesOf(seen(19, minutes(5), MONDAY))).toBeUndefined();
    expect(quantilesOf(seen(20, minutes(5), MONDAY))?.count).toBe(20);
  });

  it('is what the last thousand say, however many there were before', () => {
    const week = seen(20_000, minutes(5), MONDAY);
    expect(quantilesOf(week)?.p95Ms).toBeLessThan(minutes(5.5));
    const { p95Ms = 0 } = quantilesOf(seen(1_000, minutes(40), MONDAY + DAY, week)) ?? {};
    expect(p95Ms).toBeGreaterThanOrEqual(minutes(40));
    expect(p95Ms).toBeLessThan(minutes(44));
  });

  it('is half forgotten after a thousand newer ones', () => {
    const old = seen(20_000, minutes(5), MONDAY);
    const both = seen(1_000, minutes(40), MONDAY, old);
    const shareOfOld =
      listOf(both.weights)
        .slice(0, 70)
        .reduce((sum, one) => sum + one, 0) / old.weight;
    expect(shareOfOld).toBeCloseTo(0.5, 1);
  });

  it('is half forgotten after four weeks, in as many steps as there were days with something new', () => {
    const old = seen(1_000, minutes(5), MONDAY);
    const later = seen(1, minutes(5), MONDAY + 28 * DAY, old);
    expect(later.weight).toBe(501_000);
    let daily = old;
    for (let day = 1; day <= 28; day += 1) daily = seen(1, minutes(40), MONDAY + day * DAY, daily);
    // Cut off to whole thousandths each day, so a little less than half.
    expect(
      listOf(daily.weights)
        .slice(0, 70)
        .reduce((sum, one) => sum + one, 0),
    ).toBeCloseTo(500_000, -2);
  });

  it('is not known any more once what was seen has faded', () => {
    const old = seen(100, minutes(5), MONDAY);
    expect(quantilesOf(seen(1, minutes(5), MONDAY + 28 * DAY, old))?.count).toBe(51);
    expect(quantilesOf(seen(1, minutes(5), MONDAY + 5 * 28 * DAY, old))).toBeUndefined();
    expect(quantilesOf(seen(1, minutes(5), MONDAY + 9_999 * DAY, old))).toBeUndefined();
  });

  it('does not go back with a clock that was set back', () => {
    const durations = seen(30, minutes(5), MONDAY);
    expect(seen(1, minutes(5), MONDAY - DAY, durations)).toMatchObject({ day: durations.day, weight: 31_000 });
  });

  it('never says too short a time, nor one that is more than a tenth too long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1_000, max: hours(24) }), { minLength: 20, maxLength: 400 }),
        (lengths) => {
          let durations = noDurations;
          for (const length of lengths) durations = withDuration(durations, length, MONDAY);
          const quantiles = quantilesOf(durations)!;
          const sorted = lengths.toSorted((a, b) => a - b);
          for (const [percent, said] of [
            [50, quantiles.p50Ms],
            [95, quantiles.p95Ms],
            [99, quantiles.p99Ms],
          ] as const) {
            const really = sorted[Math.ceil((percent * lengths.length) / 100) - 1]!;
            expect(said).toBeGreaterThanOrEqual(really);
            expect(said).toBeLessThanOrEqual(really * 1.1 + 1);
          }
        },
      ),
    );
  });

  const aLife = fc.array(
    fc.record({ durationMs: fc.integer({ min: 0, max: hours(200) }), afterMs: fc.integer({ min: 0, max: hours(60) }) }),
    { maxLength: 60 },
  );
  const lived = (life: readonly { durationMs: number; afterMs: number }[], from: number, before = noDurations) => {
    let at = from;
    let durations = before;
    for (const { durationMs, afterMs } of life) durations = withDuration(durations, durationMs, (at += afterMs));
    return { durations, at };
  };

  it('is the same for two lives together as for one, but for what is cut off', () => {
    fc.assert(
      fc.property(aLife, aLife, (first, second) => {
        const before = lived(first, MONDAY);
        const one = lived(second, before.at, before.durations).durations;
        const two = durationsTogether(before.durations, lived(second, before.at).durations);
        expect(two.day).toBe(one.day);
        expect(Math.abs(two.weight - one.weight)).toBeLessThanOrEqual(first.length + second.length * second.length);
        for (const [bucket, weight] of listOf(one.weights).entries())
          expect(Math.abs((listOf(two.weights)[bucket] ?? 0) - weight)).toBeLessThanOrEqual(
            first.length + second.length,
          );
      }),
    );
  });

  it('stays of the same size, its sum the sum of its weights', () => {
    fc.assert(
      fc.property(aLife, aLife, (first, second) => {
        const crowd = seen(1_400, minutes(5), MONDAY);
        const { durations, at } = lived(first, MONDAY, crowd);
        for (const one of [durations, durationsTogether(durations, lived(second, at, crowd).durations)]) {
          expect(one.weight).toBeLessThanOrEqual(MOST_WEIGHT);
          expect(one.weight).toBe(listOf(one.weights).reduce((sum, weight) => sum + weight, 0));
          expect(listOf(one.weights).every((weight) => Number.isSafeInteger(weight) && weight >= 0)).toBe(true);
        }
      }),
    );
  });
});
