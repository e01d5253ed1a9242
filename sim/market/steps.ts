import type { Instant } from '../../src/domain/time.ts';

/** A value that holds from `at` on, until the next one. */
export interface Since {
  readonly at: Instant;
  readonly value: number;
}

/**
 * The rows of a record as steps: in order of time, the last of those at one instant, and each different from the one before.
 *
 * @throws RangeError for an instant or a value that is no number, or a value below zero: readers let none through
 */
export function stepsOf(rows: readonly Since[]): readonly Since[] {
  for (const { at, value } of rows)
    if (!Number.isFinite(at) || Number.isNaN(value) || value < 0)
      throw new RangeError(`expected an instant and a value of zero or more, found ${value} at ${at}`);
  const sorted = [...rows].sort((a, b) => a.at - b.at);
  return sorted
    .filter(({ at }, index) => sorted[index + 1]?.at !== at)
    .filter(({ value }, index, kept) => kept[index - 1]?.value !== value);
}

/**
 * Finds which step is in force at an instant: the index of the last of `starts` that is not later, or -1 before them all.
 *
 * Most questions are about the same step as the last one or about the next, so the place is remembered. That makes the
 * answer faster and never different.
 *
 * @param starts ascending
 */
export function finderOf(starts: Float64Array): (at: Instant) => number {
  let place = -1;
  const holds = (index: number, at: Instant): boolean =>
    (index < 0 || starts[index]! <= at) && (index + 1 >= starts.length || at < starts[index + 1]!);
  return (at) => {
    if (holds(place, at)) return place;
    if (place + 1 < starts.length && holds(place + 1, at)) {
      place += 1;
      return place;
    }
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    place = low - 1;
    return place;
  };
}
