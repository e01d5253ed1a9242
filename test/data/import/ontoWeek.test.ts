import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busiestDay, busiestWeek } from '../../../data/import/busiestWeek.ts';
import { ontoWeek } from '../../../data/import/ontoWeek.ts';
import { WEEK_MS } from '../../../data/import/window.ts';
import { jobHistoryOf } from '../../../data/records/jobs/history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const week = { from: Date.UTC(2026, 2, 2), until: Date.UTC(2026, 2, 9) };

const row = (at: number, usdPerHour: number, zone = 'us-east-1a') => ({
  ...{ at, usdPerHour, zone, instanceType: 'm5.large', product: 'Linux/UNIX' },
});

/** The price in force at an instant of the week. */
const priceAt = ({ rows, byMs }: ReturnType<typeof ontoWeek>, at: number, zone = 'us-east-1a') =>
  rows.findLast((one) => one.zone === zone && one.at + byMs <= at)?.usdPerHour;

describe('prices laid on a week', () => {
  it('keep their own time where they were recorded in that week', () => {
    const laid = ontoWeek([row(week.from - HOUR_MS, 1), row(week.from + DAY_MS, 2), row(week.until, 3)], week);
    expect(laid).toMatchObject({ byMs: 0, isFilled: false });
    expect([priceAt(laid, week.from), priceAt(laid, week.until - 1)]).toEqual([1, 2]);
  });

  it('stay on their weekday, and what was not recorded comes from the same hour of the week beside it', () => {
    // From a Monday at ten to the Monday after, a year before; the price says which hour of the week it is.
    const from = week.from - 52 * WEEK_MS + 10 * HOUR_MS;
    const laid = ontoWeek(
      Array.from({ length: 168 }, (_, hour) => row(from + hour * HOUR_MS, (hour + 10) % 168)),
      week,
    );
    expect(laid.isFilled).toBe(true);
    for (const hour of [0, 5, 10, 100, 167]) expect(priceAt(laid, week.from + hour * HOUR_MS)).toBe(hour);
  });

  it('are known in every market at every instant, in order, and by whole weeks, whatever was recorded', () => {
    const prices = fc.array(
      fc.record({
        at: fc.integer({ min: -900, max: 900 }),
        usd: fc.integer({ min: 1, max: 9 }),
        zone: fc.constantFrom('a', 'b'),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(prices, (recorded) => {
        const rows = recorded
          .map(({ at, usd, zone }) => row(week.from + at * HOUR_MS, usd, zone))
          .toSorted((a, b) => a.at - b.at);
        const laid = ontoWeek(rows, week);
        expect(Math.abs(laid.byMs % WEEK_MS)).toBe(0);
        for (const zone of new Set(rows.map((one) => one.zone))) {
          const own = laid.rows.filter((one) => one.zone === zone);
          expect(own[0]?.at).toBe(week.from - laid.byMs);
          expect(own.every(({ at }, index) => index === 0 || at >= own[index - 1]!.at)).toBe(true);
          expect(own.at(-1)!.at + laid.byMs).toBeLessThan(week.until);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the busiest week', () => {
  const job = (at: number) => ({ job: 'j', queuedAt: at, durationMs: 60_000 });

  it('is all the days that jobs cover, where they are seven or fewer', () => {
    expect(busiestWeek(jobHistoryOf([job(week.from + HOUR_MS), job(week.from + 3 * DAY_MS)]))).toEqual({
      from: week.from,
      until: week.from + 4 * DAY_MS,
    });
  });

  it('is the seven days with the most jobs of more, over a gap of years as well', () => {
    const many = Array.from({ length: 9 }, (_, day) => job(week.from + day * DAY_MS));
    expect(busiestWeek(jobHistoryOf([job(0), job(DAY_MS), ...many, job(week.from + 8 * DAY_MS)]))).toEqual({
      from: week.from + 2 * DAY_MS,
      until: week.from + 9 * DAY_MS,
    });
    expect(busiestDay(jobHistoryOf([...many, job(week.from + 3 * DAY_MS)]), week).from).toBe(week.from + 3 * DAY_MS);
  });
});
