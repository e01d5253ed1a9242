import { hours } from '../../src/domain/time.ts';
import type { JobHistory } from '../records/jobs/history.ts';
import { WEEK_MS, type Window, wholeDays } from './window.ts';

const DAY_MS = hours(24);

/** The whole UTC days that jobs cover, and of more than seven the seven in a row in which most were queued; of equals the first. */
export function busiestWeek({ columns: { queuedAt: at } }: JobHistory): Window {
  const all = { from: at[0] ?? 0, until: at.at(-1) ?? 0 };
  if (Math.floor(all.until / DAY_MS) - Math.floor(all.from / DAY_MS) < 7) return wholeDays(all, 'through-day');
  return mostWithin(at, WEEK_MS);
}

/** The UTC day within a window on which most jobs were queued. */
export const busiestDay = (jobs: JobHistory, { from, until }: Window): Window =>
  mostWithin(jobs.queuedWithin(from, until).columns.queuedAt, DAY_MS);

/** Of the stretches of a length that start at midnight, the one that holds most; the last that is tried ends with the last day. */
function mostWithin(ascending: Float64Array, lengthMs: number): Window {
  const first = Math.floor((ascending[0] ?? 0) / DAY_MS) * DAY_MS;
  const last = (Math.floor((ascending.at(-1) ?? 0) / DAY_MS) + 1) * DAY_MS - lengthMs;
  let [best, most, start, end] = [first, -1, 0, 0];
  for (let from = first; from <= Math.max(first, last); from += DAY_MS) {
    while ((ascending[start] ?? Number.POSITIVE_INFINITY) < from) start += 1;
    while ((ascending[end] ?? Number.POSITIVE_INFINITY) < from + lengthMs) end += 1;
    if (end - start > most) [best, most] = [from, end - start];
    // A gap of years between two jobs has nothing to count.
    const next = ascending[start];
    if (next !== undefined && next >= from + lengthMs) from = Math.floor((next - lengthMs) / DAY_MS) * DAY_MS;
  }
  return { from: best, until: best + lengthMs };
}
