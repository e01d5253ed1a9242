import { hours, type Instant, type Millis } from '../domain/time.ts';
import { dayOf, lowered, NEW_WEIGHT, shareAfter } from './age.ts';
import { addedTo, eachOf, noWeights, sumOf, type Weights, zeroWeights } from './weights.ts';

/**
 * How many jobs came, by hour of the week in UTC. What is old counts less, by time alone: an hour with many jobs is no reason
 * to forget the other hours.
 */
export interface Arrivals {
  /** The day up to which the weights were lowered. */
  readonly day: number;
  /** The day of the first that was counted, null before it: weeks before that day were not watched, and say nothing. */
  readonly sinceDay: number | null;
  /** By hour from Monday 00:00 UTC, in thousandths: 1,000 for one that is new. Empty, or all of them. */
  readonly weights: Weights;
}

/** The hours of a week. */
export const WEEK_HOURS = 168;

const HOUR_MS: Millis = hours(1);

/** The epoch is a Thursday. */
const MONDAY_TO_EPOCH_HOURS = 72;

/** More jobs in an hour than any pool has; a bound for what is written down. */
export const MOST_IN_AN_HOUR = 100_000 * NEW_WEIGHT;

export const noArrivals: Arrivals = { day: 0, sinceDay: null, weights: noWeights };

/** The hour of the week of an instant: 0 from Monday 00:00 UTC. */
export const hourOfWeek = (at: Instant): number =>
  (((Math.floor(at / HOUR_MS) + MONDAY_TO_EPOCH_HOURS) % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS;

/** So many jobs have come at an instant. */
export function withArrivals(seen: Arrivals, at: Instant, count: number): Arrivals {
  const day = Math.max(seen.day, dayOf(at));
  const weights = addedTo(weightsBy(day, seen), hourOfWeek(at), count * NEW_WEIGHT, MOST_IN_AN_HOUR);
  return { day, sinceDay: seen.sinceDay ?? dayOf(at), weights };
}

/** What two lives of the keeper have counted, as if one had counted both. */
export function arrivalsTogether(one: Arrivals, other: Arrivals): Arrivals {
  if (one.sinceDay === null) return other;
  if (other.sinceDay === null) return one;
  const day = Math.max(one.day, other.day);
  const weights = sumOf(weightsBy(day, one), weightsBy(day, other), MOST_IN_AN_HOUR);
  return { day, sinceDay: Math.min(one.sinceDay, other.sinceDay), weights };
}

/** The weights as they are on a day. */
function weightsBy(day: number, seen: Arrivals): Weights {
  if (seen.weights.length === 0) return NO_HOURS;
  const share = shareAfter(day - seen.day);
  return share === 1 ? seen.weights : eachOf(seen.weights, (weight) => lowered(weight, share));
}

const NO_HOURS = zeroWeights(WEEK_HOURS);
