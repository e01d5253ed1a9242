import type { Millis } from '../domain/time.ts';
import type { Quantiles } from '../policy/observed.ts';

/** How long something takes, as a histogram: constant in size, however often it was seen. */
export interface Durations {
  readonly count: number;
  /** Jobs by bucket; bucket b ends at `FIRST_MS * RATIO ** b`. */
  readonly buckets: readonly number[];
}

const FIRST_MS = 1_000;
const RATIO = 1.1;
/** Up to a week in steps of a tenth. */
const BUCKETS = 141;
/** Bucket ends by repeated multiplication, so that they are the same on every engine. */
const ENDS: readonly Millis[] = Array.from({ length: BUCKETS }, () => 0).reduce<number[]>(
  (ends) => [...ends, (ends.at(-1) ?? FIRST_MS / RATIO) * RATIO],
  [],
);

/** Fewer than this say nothing about a 95th percentile. */
const LEAST_SEEN = 20;

export const noDurations: Durations = { count: 0, buckets: [] };

export function withDuration({ count, buckets }: Durations, durationMs: Millis): Durations {
  const next = buckets.length === 0 ? Array.from({ length: BUCKETS }, () => 0) : [...buckets];
  const bucket = bucketOf(durationMs);
  next[bucket] = (next[bucket] ?? 0) + 1;
  return { count: count + 1, buckets: next };
}

/** A histogram never changes, and its quantiles are asked for with every block in every turn. */
const known = new WeakMap<Durations, Quantiles>();

/**
 * Quantiles of what was seen, each the end of its bucket: at most a tenth too long, never too short.
 * Undefined until twenty have been seen.
 */
export function quantilesOf(durations: Durations): Quantiles | undefined {
  if (durations.count < LEAST_SEEN) return undefined;
  const before = known.get(durations);
  if (before !== undefined) return before;
  const quantile = (share: number): Millis => {
    let left = Math.ceil(share * durations.count);
    // By index: this runs once for every job that ends, and an iterator of pairs takes several times as long.
    for (let bucket = 0; bucket < durations.buckets.length; bucket += 1) {
      left -= durations.buckets[bucket] ?? 0;
      if (left <= 0) return Math.ceil(ENDS[bucket] ?? 0);
    }
    return Math.ceil(ENDS.at(-1) ?? 0);
  };
  const quantiles = {
    count: durations.count,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
  };
  known.set(durations, quantiles);
  return quantiles;
}

function bucketOf(durationMs: Millis): number {
  let low = 0;
  let high = BUCKETS - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ENDS[middle] ?? 0) < durationMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
