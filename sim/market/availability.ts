import type { AvailabilityRow } from '../../data/records/rows.ts';
import { type Instant, NEVER } from '../../src/domain/time.ts';
import { finderOf, type Since, stepsOf } from './steps.ts';

/** How many instances one market can run over time. */
export interface AvailabilityTrack {
  /** Infinity where nothing is recorded, or where the recording knows only up and down and the market is up. */
  instancesAt(instant: Instant): number;
  /** When that number next changes; NEVER if it does not. */
  nextChangeAfter(instant: Instant): Instant;
  /** The instants in [from, until) at which the number falls, with the number it falls to. */
  fallsIn(from: Instant, until: Instant): readonly AvailabilityChange[];
  /** Every step of the record, in order of time. */
  readonly steps: readonly AvailabilityChange[];
}

export interface AvailabilityChange {
  readonly at: Instant;
  readonly instances: number;
}

/**
 * The recorded availability of one market, its rows in any order.
 *
 * A record that never rises above 1 knows only up and down: up then means as many as you like, and not one. The first row
 * is no fall, because nothing is known of the time before it.
 *
 * @throws RangeError for a count or an instant that is none
 */
export function availabilityTrack(rows: readonly AvailabilityChange[]): AvailabilityTrack {
  const upAndDown = rows.every(({ instances }) => instances <= 1);
  return trackOf(
    upAndDown ? rows.map(({ at, instances }) => ({ at, instances: instances > 0 ? Infinity : instances })) : rows,
  );
}

/** A track of counts that mean what they say. @throws RangeError for a count or an instant that is none */
export function trackOf(counts: readonly AvailabilityChange[]): AvailabilityTrack {
  const steps = stepsOf(counts.map(({ at, instances }): Since => ({ at, value: instances }))).map(
    ({ at, value }): AvailabilityChange => ({ at, instances: value }),
  );
  const stepAt = finderOf(Float64Array.from(steps, ({ at }) => at));
  const falls = steps.filter(({ instances }, index) => instances < (steps[index - 1]?.instances ?? 0));
  return {
    instancesAt: (instant) => steps[stepAt(instant)]?.instances ?? Infinity,
    nextChangeAfter: (instant) => steps[stepAt(instant) + 1]?.at ?? NEVER,
    fallsIn: (from, until) => falls.filter(({ at }) => at >= from && at < until),
    steps,
  };
}

/**
 * The rows that speak of a market, `*` meaning any: those of the very market if there are any, else those of its zone, else
 * those of its type, else those of everything. They are never mixed: what is closest stands alone.
 */
export function rowsOfMarket(
  rows: readonly AvailabilityRow[],
  instanceType: string,
  zone: string,
): readonly AvailabilityRow[] {
  for (const [type, place] of [
    [instanceType, zone],
    ['*', zone],
    [instanceType, '*'],
    ['*', '*'],
  ]) {
    const found = rows.filter((row) => row.instanceType === type && row.zone === place);
    if (found.length > 0) return found;
  }
  return [];
}
