import type ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import type { Millis } from '../../../src/policy/index.ts';
import { DAY_MS, type Day, dayOf } from './days.ts';
import { type Moment, momentIn } from './moments.ts';

/** How long an event lasts: first days by the calendar, then what elapses. */
export interface Length {
  readonly days: number;
  readonly elapsedMs: Millis;
}

/** Longer than a year, repetitions would lie over one another without end. */
export const MOST_REPEATED_DAYS = 366;

/** The length of an event by its DTEND or DURATION. @throws Error with a sentence for people. */
export function lengthOf(event: ICAL.Component, { at, allDay }: Moment, zone: string | undefined): Length {
  const ending = event.getFirstProperty('dtend');
  const lasting = event.getFirstPropertyValue('duration');
  if (ending !== null) {
    const end = momentIn(ending, zone);
    if (end.allDay !== allDay) throw new Error('expected DTSTART and DTEND both with a time or both without');
    if (!allDay) return { days: 0, elapsedMs: end.at.epochMilliseconds - at.epochMilliseconds };
    return { days: dayNumber(end) - dayNumber({ at }), elapsedMs: 0 };
  }
  if (lasting !== null) return durationOf(String(lasting));
  if (allDay) return { days: 1, elapsedMs: 0 };
  throw new Error('expected DTEND or DURATION, found neither');
}

/** Whether it is longer than a repeated event may be. */
export const isTooLong = ({ days, elapsedMs }: Length): boolean => days + elapsedMs / DAY_MS > MOST_REPEATED_DAYS;

/** The day by the wall clock on which a moment is. */
export const dayNumber = ({ at }: Pick<Moment, 'at'>): Day => dayOf(at.year, at.month, at.day);

function durationOf(text: string): Length {
  let duration: Temporal.Duration;
  try {
    duration = Temporal.Duration.from(text);
  } catch {
    throw new Error(`expected a length such as PT9H or P1D as DURATION, found ${text.slice(0, 60)}`);
  }
  const { years, months, weeks, days } = duration;
  if (years !== 0 || months !== 0) throw new Error(`expected weeks, days, hours or less as DURATION, found ${text}`);
  const elapsed = duration.with({ years: 0, months: 0, weeks: 0, days: 0 });
  return { days: weeks * 7 + days, elapsedMs: elapsed.total('milliseconds') };
}
