import { hours, type Instant, type Millis } from '../domain/time.ts';

/**
 * How what a pool has seen grows old. Everything seen has a weight, 1 when it is new, and it is lowered in two ways:
 *
 * - by time: halved in four weeks, a step each day (UTC) on which something new is seen;
 * - by number: where more is remembered than `MOST_WEIGHT`, all of it is lowered by a tenth of a halving. Something that is
 *   seen often is so halved by every thousand newer ones, however short the time.
 *
 * Steps, and figures that are cut off to whole thousandths: equal facts give equal figures on every engine, and what is written
 * down and read again is the same. `exp` and `pow` may differ in the last digit from engine to engine.
 */

/** The weight of something new, in the unit in which weights are counted: a thousandth. */
export const NEW_WEIGHT = 1_000;

/**
 * More than this is lowered. With a step of 2^-0.1 for each hundred of newer ones the weight stays between 1,400 and 1,500
 * when full, and ten steps, a thousand newer ones, halve it.
 */
export const MOST_WEIGHT = 1_500 * NEW_WEIGHT;

/** 2^(-1/10). */
export const CROWDED_SHARE = 0.9330329915368074;

/** 2^(-1/28): what a day leaves. */
const DAY_SHARE = 0.9755486420525732;
const HALF_LIFE_DAYS = 28;
const DAY_MS: Millis = hours(24);

/** After so many halvings nothing is left of any weight. */
const MOST_HALVINGS = 64;

/** The day of an instant, counted from 1970-01-01 UTC. */
export const dayOf = (at: Instant): number => Math.floor(at / DAY_MS);

/** What so many days leave of a weight, a share; 1 for none, and for a clock that was set back. */
export function shareAfter(days: number): number {
  if (!(days > 0)) return 1;
  const halvings = Math.floor(days / HALF_LIFE_DAYS);
  if (halvings > MOST_HALVINGS) return 0;
  let share = 1;
  for (let day = halvings * HALF_LIFE_DAYS; day < days; day += 1) share *= DAY_SHARE;
  for (let halving = 0; halving < halvings; halving += 1) share *= 0.5;
  return share;
}

/** A weight, in thousandths, of which a share is left: cut off, so that it comes to nothing in the end. */
export const lowered = (weight: number, share: number): number => Math.floor(weight * share);
