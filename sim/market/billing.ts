import { hours, type Instant, latest, minutes } from '../../src/domain/time.ts';
import type { BillingRule } from '../scenario/scenario.ts';
import type { PriceTrack } from './prices.ts';

/** Who ended an instance; undefined while it runs, or at the end of the run. */
export type EndedBy = 'aws' | 'us' | undefined;

/**
 * What the time from `from` to `until` costs in USD, fractions kept; undefined where a price that counts is unknown. Pass
 * `aws` only for plain spot: other terms have rules of their own for what AWS ends.
 *
 * - `per-second`, EC2's rule since October 2, 2017: the integral of the price over the time in use, a minute at least, from
 *   the start on. What AWS interrupts within its first hour is free, as a Linux instance is (EC2 user guide, "Billing for
 *   interrupted Spot Instances"); a later interruption is paid like any end.
 * - `hour-start`, EC2's rule before: each started hour at the price in force when that hour began. The hour that AWS
 *   interrupts is free; one that the user ends, or that has not ended yet, counts whole.
 */
export function billed(
  track: Pick<PriceTrack, 'at' | 'integralUsd'>,
  from: Instant,
  until: Instant,
  rule: BillingRule,
  endedBy: EndedBy,
): number | undefined {
  if (until <= from) return 0;
  if (rule === 'per-second') {
    if (endedBy === 'aws' && until - from < MS_PER_HOUR) return 0;
    return track.integralUsd(from, latest(until, from + LEAST_MS));
  }
  let usd = 0;
  for (let hourAt = from; hourAt < until; hourAt += MS_PER_HOUR) {
    if (endedBy === 'aws' && until - hourAt < MS_PER_HOUR) break;
    const price = track.at(hourAt);
    if (price === undefined) return undefined;
    usd += price;
  }
  return usd;
}

/**
 * Since when EC2 bills Linux instances by the second, with a minute as the least (AWS news blog, "New – Per-Second Billing
 * for EC2 Instances and EBS Volumes", 2017-09-18).
 */
export const PER_SECOND_SINCE: Instant = Date.UTC(2017, 9, 2);

const LEAST_MS = minutes(1);
const MS_PER_HOUR = hours(1);
