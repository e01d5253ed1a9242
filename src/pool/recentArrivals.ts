import { type Instant, minutes, NEVER } from '../domain/time.ts';

/** How many jobs came in each of the last minutes; an hour of them at most. */
export interface RecentArrivals {
  /** The minute of the last count, from the epoch. */
  readonly minute: number;
  /** One count a minute since the jobs have been watched, quiet minutes too; the last is the present one, so far. */
  readonly counts: readonly number[];
}

/** How far back they go. */
const MOST_MINUTES = 60;

const MINUTE_MS = minutes(1);

/** Which minute an instant is in, from the epoch. */
export const minuteOf = (at: Instant): number => Math.floor(at / MINUTE_MS);

export const noRecentArrivals: RecentArrivals = { minute: 0, counts: [] };

/** So many more have come. */
export function withRecent(seen: RecentArrivals, at: Instant, arrived: number): RecentArrivals {
  const { minute, counts } = recentAt(seen, at);
  if (counts.length === 0) return { minute, counts: [arrived] };
  if (arrived === 0 && minute === seen.minute) return seen;
  return { minute, counts: counts.with(-1, (counts.at(-1) ?? 0) + arrived) };
}

/** The counts as they stand at an instant: minutes in which nothing came are there too. */
export function recentAt(seen: RecentArrivals, at: Instant): RecentArrivals {
  const minute = minuteOf(at);
  const quiet = minute - seen.minute;
  if (seen.counts.length === 0) return { minute, counts: [] };
  if (quiet <= 0) return seen;
  const minutesSeen = seen.counts.length + quiet;
  const length = Math.min(minutesSeen, MOST_MINUTES);
  const counts = seen.counts.slice(minutesSeen - length);
  while (counts.length < length) counts.push(0);
  return { minute, counts };
}

/** When the counts change by time alone; never where all of them are 0. */
export const recentTurnsAt = ({ counts }: RecentArrivals, at: Instant): Instant =>
  counts.some((count) => count > 0) ? (minuteOf(at) + 1) * MINUTE_MS : NEVER;
