import { Temporal } from 'temporal-polyfill';
import { earliest, hours, type Instant, type Millis } from '../../src/domain/time.ts';

/** A day by the wall clock of a place, and the hours that it has there: 23, 24 or 25, or 24 and a half. */
export interface LocalDay {
  /** `2026-03-29`. */
  readonly date: string;
  readonly weekend: boolean;
  readonly hours: readonly LocalHour[];
}

/** An hour of elapsed time; the last of a day may be shorter. */
export interface LocalHour {
  readonly startsAt: Instant;
  readonly lengthMs: Millis;
  /** What the wall clock shows when it starts, 0 to 23. */
  readonly hour: number;
}

/** The local days that touch [from, until), each whole. */
export function localDays(timeZone: string, from: Instant, until: Instant): readonly LocalDay[] {
  const days: LocalDay[] = [];
  let date = zoned(from, timeZone).toPlainDate();
  let startsAt = startOf(date, timeZone);
  while (startsAt < until) {
    const next = date.add({ days: 1 });
    const endsAt = startOf(next, timeZone);
    days.push({ date: date.toString(), weekend: date.dayOfWeek >= 6, hours: hoursOf(startsAt, endsAt, timeZone) });
    date = next;
    startsAt = endsAt;
  }
  return days;
}

/** Whether an instant is on a Saturday or Sunday by the wall clock of a place. */
export const isWeekendAt = (at: Instant, timeZone: string): boolean => zoned(at, timeZone).dayOfWeek >= 6;

function hoursOf(startsAt: Instant, endsAt: Instant, timeZone: string): readonly LocalHour[] {
  // Looking at the zone's rules costs some 40 µs; on all but two days a year the clock shows what has elapsed.
  const changes = endsAt - startsAt !== hours(24);
  const found: LocalHour[] = [];
  for (let at = startsAt; at < endsAt; at += hours(1))
    found.push({
      startsAt: at,
      lengthMs: earliest(at + hours(1), endsAt) - at,
      hour: changes ? zoned(at, timeZone).hour : found.length,
    });
  return found;
}

const zoned = (at: Instant, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);

const startOf = (date: Temporal.PlainDate, timeZone: string): Instant =>
  date.toZonedDateTime(timeZone).epochMilliseconds;
