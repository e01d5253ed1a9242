import { hours as hoursLong, type Instant, type Millis } from '../../src/domain/time.ts';
import type { MarketSettings } from '../scenario/scenario.ts';
import { microUsd, usdOf } from './money.ts';

/** EC2 sold blocks of one to six whole hours (`BlockDurationMinutes`: 60, 120 … 360). */
const MOST_HOURS = 6;

/**
 * What a spot block bought at an instant costs in USD per hour, in whole micro-dollars, for its whole life; undefined for
 * a duration that EC2 did not sell.
 *
 * The share of the on-demand price is linear in the hours, which two recorded ends support and AWS's published one- and
 * six-hour prices do not contradict. `weekendPoints` are percentage points and come off on Saturday and Sunday, by the
 * UTC day of the purchase.
 */
export function spotBlockPrice(
  onDemandUsdPerHour: number,
  durationMs: Millis,
  at: Instant,
  { shareAt1h, sharePerHour, weekendPoints }: MarketSettings['spotBlock'],
): number | undefined {
  const hours = durationMs / MS_PER_HOUR;
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS) return undefined;
  const share = shareAt1h + sharePerHour * (hours - 1) - (isWeekend(at) ? weekendPoints / 100 : 0);
  return usdOf(microUsd(onDemandUsdPerHour * Math.max(0, share)));
}

/** The instants in (from, until) at which the weekend's price begins or ends: midnights UTC. */
export function weekendEdges(from: Instant, until: Instant): readonly Instant[] {
  const edges: Instant[] = [];
  for (let at = (Math.floor(from / MS_PER_DAY) + 1) * MS_PER_DAY; at < until; at += MS_PER_DAY)
    if (isWeekend(at) !== isWeekend(at - 1)) edges.push(at);
  return edges;
}

const MS_PER_HOUR = hoursLong(1);
const MS_PER_DAY = hoursLong(24);

function isWeekend(at: Instant): boolean {
  const day = new Date(at).getUTCDay();
  return day === 0 || day === 6;
}
