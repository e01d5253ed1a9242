import { hours, type Instant } from '../../src/domain/time.ts';
import type { BillingRule } from '../scenario/scenario.ts';
import type { PriceTrack } from './prices.ts';

/** Who ended an instance; undefined while it runs, or at the end of the run. */
export type EndedBy = 'aws' | 'us' | undefined;

/**
 * What the time from `from` to `until` costs in USD, fractions kept; undefined where a price that counts is unknown.
 *
 * - `per-second`: the integral of the price over the time in use, whoever ended it.
 * - `hour-start`, EC2's rule until 2017: each started hour at the price in force when that hour began. The hour that AWS
 *   interrupts is free; one that the user ends, or that has not ended yet, counts whole.
 */
export function billed(
  track: Pick<PriceTrack, 'at' | 'integralUsd'>,
  from: Instant,
  until: Instant,
  rule: BillingRule,
  endedBy: EndedBy,
): number | undefined {
  if (rule === 'per-second') return track.integralUsd(from, until);
  let usd = 0;
  for (let hourAt = from; hourAt < until; hourAt += MS_PER_HOUR) {
    if (endedBy === 'aws' && until - hourAt < MS_PER_HOUR) break;
    const price = track.at(hourAt);
    if (price === undefined) return undefined;
    usd += price;
  }
  return usd;
}

const MS_PER_HOUR = hours(1);
