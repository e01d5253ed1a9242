import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../src/policy/index.ts';
import { dayMoment, type Moment, momentOf } from './moments.ts';

/** What of a recurrence rule is read, by its frequency: what calendars offer to people. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  DAILY: ['BYDAY', 'BYMONTH', 'BYMONTHDAY'],
  WEEKLY: ['BYDAY', 'BYMONTH'],
  MONTHLY: ['BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS'],
  YEARLY: ['BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS'],
};

/** With an interval, days that these parts rule out may be all there are: the search for the next would never end. */
const NOT_AT_INTERVALS: Readonly<Record<string, readonly string[]>> = {
  DAILY: ['BYDAY', 'BYMONTH', 'BYMONTHDAY'],
  MONTHLY: ['BYMONTH'],
};

/**
 * The starts that a rule gives, in order and without end if the rule has none; the event's own start is always the first.
 *
 * @throws Error with a sentence for people, for rules that are not read.
 */
export function startsBy(rule: ICAL.Recur, start: Moment): () => Generator<Moment> {
  check(rule);
  const { at, allDay } = start;
  const zone = at.timeZoneId;
  const untilAt = rule.until === null ? undefined : lastInstant(rule.until.toString(), zone);
  const bare = rule.clone();
  // The end is a matter of instants, and ical.js would compare wall clocks of different zones.
  bare.until = null;
  const isOnDay = dayCheck(rule);
  return function* () {
    yield start;
    for (const wall of wallTimes(bare, at.toPlainDateTime())) {
      const next = allDay ? dayMoment(wall.toPlainDate(), zone) : { at: wall.toZonedDateTime(zone), allDay };
      if (untilAt !== undefined && next.at.epochMilliseconds > untilAt) return;
      if (next.at.epochMilliseconds > at.epochMilliseconds && isOnDay(wall)) yield next;
    }
  };
}

/** Times by the wall clock, of no zone, as the rule counts them. */
function* wallTimes(rule: ICAL.Recur, start: Temporal.PlainDateTime): Generator<Temporal.PlainDateTime> {
  const { year, month, day, hour, minute, second } = start;
  const iterator = rule.iterator(ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate: false }));
  for (;;) {
    // The declarations promise a time, also where the rule has ended.
    const next = iterator.next() as ICAL.Time | null;
    if (next === null) return;
    yield Temporal.PlainDateTime.from(next.toString());
  }
}

function check(rule: ICAL.Recur): void {
  // The declarations promise a frequency, also where the text has none.
  const freq = rule.freq as string | null;
  const known = PARTS[freq ?? ''];
  const parts = Object.keys(rule.parts);
  if (known === undefined)
    throw new Error(`expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY in RRULE, found ${freq ?? 'none'}`);
  const foreign = parts.find((part) => !known.includes(part));
  if (foreign !== undefined)
    throw new Error(`expected ${known.join(', ')} with FREQ=${freq ?? ''} in RRULE, found ${foreign}`);
  const fixed = rule.interval > 1 ? parts.find((part) => NOT_AT_INTERVALS[freq ?? '']?.includes(part)) : undefined;
  if (fixed !== undefined)
    throw new Error(`expected FREQ=${freq ?? ''} with either INTERVAL or ${fixed} in RRULE, found both`);
  const [months, days] = [numbers(rule, 'BYMONTH'), numbers(rule, 'BYMONTHDAY')];
  const longest = Math.max(...(months.length === 0 ? [1] : months).map((month) => DAYS[month - 1] ?? 0));
  if (days.length > 0 && days.every((day) => Math.abs(day) > longest))
    throw new Error(
      `expected a day that comes, found BYMONTH=${months.join(',')};BYMONTHDAY=${days.join(',')} in RRULE`,
    );
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** ical.js takes the 29th of a February that has none for the 1st of March. */
function dayCheck(rule: ICAL.Recur): (wall: Temporal.PlainDateTime) => boolean {
  const days = numbers(rule, 'BYMONTHDAY');
  if (days.length === 0) return () => true;
  return ({ day, daysInMonth }) => days.includes(day) || days.includes(day - daysInMonth - 1);
}

function numbers(rule: ICAL.Recur, part: 'BYMONTH' | 'BYMONTHDAY'): readonly number[] {
  const values: readonly unknown[] = rule.getComponent(part);
  return values.map(Number);
}

/** A day as the end of a rule is included, whole. */
function lastInstant(until: string, zone: string): Instant {
  const { at, allDay } = momentOf(until, zone, 'UNTIL');
  return allDay ? at.add({ days: 1 }).epochMilliseconds - 1 : at.epochMilliseconds;
}
