import type { Instant, Millis } from '../domain/time.ts';
import type { Quantiles } from '../policy/observed.ts';
import { CROWDED_SHARE, dayOf, lowered, MOST_WEIGHT, NEW_WEIGHT, shareAfter } from './age.ts';
import { addedTo, eachOf, noWeights, sumOf, totalOf, type Weights, weightAt, zeroWeights } from './weights.ts';

/** How long something takes, as a histogram: constant in size, however often it was seen. What is old counts less. */
export interface Durations {
  /** The day up to which the weights were lowered. */
  readonly day: number;
  /** The sum of the weights, in thousandths: 1,000 for one that is new. */
  readonly weight: number;
  /** By bucket; bucket b ends at `FIRST_MS * RATIO ** b`. Empty, or all of them. */
  readonly weights: Weights;
}

const FIRST_MS = 1_000;
const RATIO = 1.1;
/** Up to a week in steps of a tenth. */
export const BUCKETS = 141;
/** Bucket ends by repeated multiplication, so that they are the same on every engine. */
const ENDS: readonly Millis[] = Array.from({ length: BUCKETS }, () => 0).reduce<number[]>(
  (ends) => [...ends, (ends.at(-1) ?? FIRST_MS / RATIO) * RATIO],
  [],
);

/**
 * Fewer than this say nothing about a 95th percentile. By weight and not by number: what has faded is no evidence, and a pool
 * that sees less than four of a kind in a week does not know how long they take.
 */
const LEAST_SEEN = 20;

export const noDurations: Durations = { day: 0, weight: 0, weights: noWeights };

export function withDuration(seen: Durations, durationMs: Millis, at: Instant): Durations {
  const day = Math.max(seen.day, dayOf(at));
  const weights = addedTo(weightsBy(day, seen), bucketOf(durationMs), NEW_WEIGHT);
  // Most are of the day of the one before, and then the sum need not be made anew.
  return thinned(day, weights, day === seen.day ? seen.weight + NEW_WEIGHT : totalOf(weights));
}

/** Two that were seen by different lives of the keeper, as if one had seen both. */
export function durationsTogether(one: Durations, other: Durations): Durations {
  if (one.weights.length === 0) return other;
  if (other.weights.length === 0) return one;
  const day = Math.max(one.day, other.day);
  const weights = sumOf(weightsBy(day, one), weightsBy(day, other));
  return thinned(day, weights, totalOf(weights));
}

/** A histogram of these weights: lowered where they are more than is remembered. */
export function thinned(day: number, weights: Weights, weight: number): Durations {
  let left = { day, weight, weights };
  while (left.weight > MOST_WEIGHT) {
    const fewer = eachOf(left.weights, (one) => lowered(one, CROWDED_SHARE));
    left = { day, weight: totalOf(fewer), weights: fewer };
  }
  return left;
}

/** A histogram never changes, and its quantiles are asked for with every block in every turn. */
const known = new WeakMap<Durations, Quantiles>();

/**
 * Quantiles of what was seen, each the end of its bucket: at most a tenth too long, never too short.
 * Undefined until twenty have been seen, and when less than that has not faded. Time alone changes nothing: all fades alike,
 * and is lowered when something new is seen.
 */
export function quantilesOf(durations: Durations): Quantiles | undefined {
  const count = Math.round(durations.weight / NEW_WEIGHT);
  if (count < LEAST_SEEN) return undefined;
  const before = known.get(durations);
  if (before !== undefined) return before;
  const { weight, weights } = durations;
  let bucket = 0;
  let seen = weightAt(weights, 0);
  // In whole numbers, so that the 95th of a hundred is the 95th. Shares must be asked for in order.
  const quantile = (percent: number): Millis => {
    while (seen * 100 < percent * weight && bucket < BUCKETS - 1) {
      bucket += 1;
      seen += weightAt(weights, bucket);
    }
    return Math.ceil(ENDS[bucket] ?? 0);
  };
  const quantiles = { count, p50Ms: quantile(50), p95Ms: quantile(95), p99Ms: quantile(99) };
  known.set(durations, quantiles);
  return quantiles;
}

/** Whether two say the same. */
export const sameQuantiles = (one: Quantiles | undefined, other: Quantiles | undefined): boolean =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    one.count === other.count &&
    one.p50Ms === other.p50Ms &&
    one.p95Ms === other.p95Ms &&
    one.p99Ms === other.p99Ms);

/** The weights as they are on a day. */
function weightsBy(day: number, seen: Durations): Weights {
  if (seen.weights.length === 0) return NO_DURATIONS;
  const share = shareAfter(day - seen.day);
  return share === 1 ? seen.weights : eachOf(seen.weights, (weight) => lowered(weight, share));
}

const NO_DURATIONS = zeroWeights(BUCKETS);

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
