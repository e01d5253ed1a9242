import { hours, type Instant, isoOf, type Millis } from '../../src/domain/time.ts';

/** A stretch of time; the end is not part of it. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

const DAY_MS = hours(24);
export const WEEK_MS = hours(24 * 7);

/** What a scenario may span at most. */
const MOST_MS = hours(24 * 92);

/**
 * The whole UTC days that a recording covers. `from` is the first instant at which everything in it is known, `until` the
 * last entry. A recording without one whole day keeps its own ends, the last to the full minute.
 */
export function wholeDays({ from, until }: Window, known: 'at-start' | 'through-day'): Window {
  // A price holds from its row on, so a day that began before the first row is not covered; a job is an event, and a day
  // without one before the first is a quiet morning.
  const first = (known === 'at-start' ? Math.ceil(from / DAY_MS) : Math.floor(from / DAY_MS)) * DAY_MS;
  const end = Math.ceil((known === 'at-start' ? until : until + 1) / DAY_MS) * DAY_MS;
  if (first + DAY_MS > end || first > until) return { from, until: Math.ceil((until + 1) / 60_000) * 60_000 };
  return { from: first, until: Math.min(end, first + MOST_MS) };
}

/** The whole weeks to move a recording by so that as much of it as possible lies in a window; weekdays stay. */
export function weeksOnto(recorded: Window, window: Window): Millis {
  const nearest = Math.round((window.from - recorded.from) / WEEK_MS);
  let best = nearest * WEEK_MS;
  for (const weeks of [nearest, nearest - 1, nearest + 1])
    if (overlap(recorded, weeks * WEEK_MS, window) > overlap(recorded, best, window)) best = weeks * WEEK_MS;
  return best;
}

/** How much of a recording, moved by `byMs`, lies in a window. */
export const overlap = (recorded: Window, byMs: Millis, window: Window): Millis =>
  Math.max(0, Math.min(recorded.until + byMs, window.until) - Math.max(recorded.from + byMs, window.from));

/** `2016-03-14 to 2016-03-21`, with times of day where they are not midnight. */
export const windowText = ({ from, until }: Window): string => `${instantText(from)} to ${instantText(until)}`;

/** Whole days by their first and their last, with both of them: `2016-03-14 to 2016-03-20, 7 days`; other windows as above. */
export function daysText(window: Window): string {
  const days = (window.until - window.from) / DAY_MS;
  if (window.from % DAY_MS !== 0 || !Number.isInteger(days)) return windowText(window);
  const first = instantText(window.from);
  return days === 1 ? `${first}, one day` : `${first} to ${instantText(window.until - DAY_MS)}, ${days} days`;
}

/** `2016-03-14`, or `2016-03-14T06:30:00Z` where it is not midnight. */
export const instantText = (at: Instant): string =>
  at % DAY_MS === 0 ? isoOf(at).slice(0, 10) : isoOf(at).replace('.000Z', 'Z');

/** ` by -218 weeks`, or ` to start at 2016-03-14` where it is no whole number of weeks. */
export function moveText(byMs: Millis, { from }: Window): string {
  const weeks = byMs / WEEK_MS;
  return Number.isInteger(weeks)
    ? `by ${weeks} ${Math.abs(weeks) === 1 ? 'week' : 'weeks'}`
    : `to start at ${instantText(from + byMs)}, which changes their weekdays or hours`;
}
