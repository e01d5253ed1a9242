import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../src/domain/time.ts';
import { arrivalsTogether, hourOfWeek, noArrivals, WEEK_HOURS, withArrivals } from '../../src/pool/arrivals.ts';
import { listOf } from '../../src/pool/weights.ts';

const DAY = hours(24);
const WEEK = 7 * DAY;
const MONDAY = Date.UTC(2026, 2, 2);

describe('when jobs come', () => {
  it('is told by hours from Monday in UTC', () => {
    expect(hourOfWeek(MONDAY)).toBe(0);
    expect(hourOfWeek(MONDAY - 1)).toBe(WEEK_HOURS - 1);
    expect(hourOfWeek(MONDAY + 2 * DAY + hours(9) + minutes(59))).toBe(57);
    expect(hourOfWeek(0)).toBe(72);
  });

  it('counts jobs in their hour, and remembers since when', () => {
    const seen = withArrivals(withArrivals(noArrivals, MONDAY + hours(8), 3), MONDAY + hours(9), 1);
    expect(listOf(seen.weights)).toHaveLength(WEEK_HOURS);
    expect(listOf(seen.weights).slice(7, 11)).toEqual([0, 3_000, 1_000, 0]);
    expect(seen.sinceDay).toBe(MONDAY / DAY);
  });

  it('halves every hour of the week in four weeks', () => {
    const old = withArrivals(withArrivals(noArrivals, MONDAY + hours(8), 8), MONDAY + hours(9), 8);
    const seen = withArrivals(old, MONDAY + hours(8) + 4 * WEEK, 1);
    expect(listOf(seen.weights).slice(8, 10)).toEqual([5_000, 4_000]);
    expect(seen.sinceDay).toBe(MONDAY / DAY);
  });

  it('does not forget the other hours in one with many jobs', () => {
    const quiet = withArrivals(noArrivals, MONDAY, 2);
    expect(withArrivals(quiet, MONDAY + hours(1), 50_000).weights[0]?.[0]).toBe(2_000);
  });

  it('adds what two lives have counted', () => {
    const one = withArrivals(noArrivals, MONDAY, 8);
    const other = withArrivals(noArrivals, MONDAY + 4 * WEEK, 1);
    const both = arrivalsTogether(one, other);
    expect(both).toEqual(withArrivals(one, MONDAY + 4 * WEEK, 1));
    expect(arrivalsTogether(other, one)).toEqual(both);
    expect(arrivalsTogether(one, noArrivals)).toEqual(one);
    expect(arrivalsTogether(noArrivals, one)).toEqual(one);
  });
});
