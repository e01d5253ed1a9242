import type { PriceSeries } from '../../data/records/prices/history.ts';
import { hours, type Instant, NEVER } from '../../src/domain/time.ts';
import { finderOf, stepsOf } from './steps.ts';

/** The price of one market over time: a step function, unknown before its first row. */
export interface PriceTrack {
  /** USD per hour; undefined before the first row. */
  at(instant: Instant): number | undefined;
  /** When the price next differs from what it is now; NEVER if it does not. */
  nextChangeAfter(instant: Instant): Instant;
  /** The changes in [from, until), in order of time. */
  changesIn(from: Instant, until: Instant): readonly PriceChange[];
  /** Price times time, in USD; undefined if the price at `from` is unknown; 0 if `until` is not after `from`. */
  integralUsd(from: Instant, until: Instant): number | undefined;
}

/** From `at` on, one hour costs `usdPerHour`. */
export interface PriceChange {
  readonly at: Instant;
  readonly usdPerHour: number;
}

/**
 * The recorded prices of one market, in any order. Of two rows at one instant the later in the list stands; a row that
 * repeats the price in force, as EC2's history does about daily, is no change.
 *
 * @throws RangeError for a price or an instant that is none
 */
export function priceTrack(rows: readonly PriceChange[]): PriceTrack {
  const steps = stepsOf(rows.map(({ at, usdPerHour }) => ({ at, value: usdPerHour })));
  return trackOf(
    Float64Array.from(steps, ({ at }) => at),
    Float64Array.from(steps, ({ value }) => value),
  );
}

/** The recorded prices of one market as they were read: in the order of time, each instant once. */
export function recordedTrack({ at, usdPerHour }: Pick<PriceSeries, 'at' | 'usdPerHour'>): PriceTrack {
  const isChange = (_: number, index: number): boolean => index === 0 || usdPerHour[index] !== usdPerHour[index - 1];
  return trackOf(at.filter(isChange), usdPerHour.filter(isChange));
}

/** @param starts ascending, each with its price, which differs from the one before it. */
function trackOf(starts: Float64Array, prices: Float64Array): PriceTrack {
  // What had been paid by the start of each step since the first, in USD per hour times milliseconds.
  const paid = new Float64Array(starts.length);
  for (let index = 1; index < starts.length; index += 1)
    paid[index] = paid[index - 1]! + prices[index - 1]! * (starts[index]! - starts[index - 1]!);
  const stepAt = finderOf(starts);

  return {
    at: (instant) => prices[stepAt(instant)],
    nextChangeAfter: (instant) => starts[stepAt(instant) + 1] ?? NEVER,
    changesIn: (from, until) => {
      const changes: PriceChange[] = [];
      const before = stepAt(from);
      let index = before >= 0 && starts[before] === from ? before : before + 1;
      for (; index < starts.length && starts[index]! < until; index += 1)
        changes.push({ at: starts[index]!, usdPerHour: prices[index]! });
      return changes;
    },
    integralUsd: (from, until) => {
      const first = stepAt(from);
      if (first < 0) return undefined;
      if (until <= from) return 0;
      const last = stepAt(until);
      // Within one step nothing is subtracted, so that nothing is lost either.
      if (first === last) return (prices[first]! * (until - from)) / MS_PER_HOUR;
      const paidInFirst = prices[first]! * (starts[first + 1]! - from);
      const paidInLast = prices[last]! * (until - starts[last]!);
      return (paidInFirst + (paid[last]! - paid[first + 1]!) + paidInLast) / MS_PER_HOUR;
    },
  };
}

/** A price that never changes and was always known. */
export const constantPrice = (usdPerHour: number): PriceTrack => ({
  at: () => usdPerHour,
  nextChangeAfter: () => NEVER,
  changesIn: () => [],
  integralUsd: (from, until) => (usdPerHour * Math.max(0, until - from)) / MS_PER_HOUR,
});

const MS_PER_HOUR = hours(1);
