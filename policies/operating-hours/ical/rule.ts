import type { Instant } from '../../../src/policy/index.ts';
import { momentOf } from './moments.ts';

export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

export type Frequency = (typeof FREQUENCIES)[number];

/** A weekday, 1 being Monday; with a number the nth of its month or year, counted from the end if negative. */
export interface Weekday {
  readonly weekday: number;
  readonly nth?: number;
}

/** A recurrence rule that can be meant, as RFC 5545 section 3.3.10 has it. Lists are empty where the part is missing. */
export interface Rule {
  readonly freq: Frequency;
  /** Periods from one that counts to the next; 1 or more. */
  readonly interval: number;
  /** How many starts there are, the event's own included. */
  readonly count?: number;
  /** The last instant at which it may start. */
  readonly untilAt?: Instant;
  /** The weekday that begins a week; 1 is Monday. */
  readonly weekStart: number;
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly weekdays: readonly Weekday[];
  readonly positions: readonly number[];
}

/** What of a recurrence rule is read, by its frequency: what calendars offer to people. */
const PARTS: Readonly<Record<Frequency, readonly string[]>> = {
  DAILY: ['BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYSETPOS'],
  WEEKLY: ['BYDAY', 'BYMONTH', 'BYSETPOS'],
  MONTHLY: ['BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS'],
  YEARLY: ['BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS'],
};

const ALWAYS_READ = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST'];

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/**
 * Reads the value of an RRULE: `FREQ=WEEKLY;BYDAY=MO,WE`.
 *
 * @param zone by whose wall clock the event goes; an UNTIL without a zone goes by it too
 * @throws Error with a sentence for people, for what is not read and for what RFC 5545 does not allow.
 */
export function ruleOf(text: string, zone: string): Rule {
  const parts = partsOf(text);
  const freq = FREQUENCIES.find((one) => one === parts.get('FREQ')?.toUpperCase());
  if (freq === undefined)
    throw new Error(
      `expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY in RRULE, found ${shown(parts.get('FREQ') ?? 'none')}`,
    );
  const known = PARTS[freq];
  for (const name of parts.keys())
    if (!known.includes(name) && !ALWAYS_READ.includes(name))
      throw new Error(`expected ${known.join(', ')} with FREQ=${freq} in RRULE, found ${shown(name)}`);
  const [count, until] = [parts.get('COUNT'), parts.get('UNTIL')];
  if (count !== undefined && until !== undefined)
    throw new Error('expected either COUNT or UNTIL in RRULE, found both: RFC 5545 allows one of them');
  const rule: Rule = {
    freq,
    interval: wholeNumber('INTERVAL', parts.get('INTERVAL') ?? '1'),
    ...(count === undefined ? {} : { count: wholeNumber('COUNT', count) }),
    ...(until === undefined ? {} : { untilAt: lastInstant(until, zone) }),
    weekStart: weekdayIn('WKST', parts.get('WKST') ?? 'MO'),
    months: numbers(parts, 'BYMONTH', 1, 12),
    monthDays: numbers(parts, 'BYMONTHDAY', -31, 31),
    weekdays: listIn(parts, 'BYDAY').map((day) => byDay(day, freq)),
    positions: numbers(parts, 'BYSETPOS', -366, 366),
  };
  checkMeaning(rule);
  return rule;
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  // Some programs end a rule with a semicolon.
  for (const part of text.trim().replace(/;$/, '').split(';')) {
    const [, name, value] = /^([A-Za-z-]+)=(.+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined)
      throw new Error(`expected parts such as FREQ=DAILY;INTERVAL=2 in RRULE, found ${shown(JSON.stringify(part))}`);
    if (parts.has(name.toUpperCase())) throw new Error(`expected ${name.toUpperCase()} once in RRULE, found it twice`);
    parts.set(name.toUpperCase(), value);
  }
  return parts;
}

function wholeNumber(name: string, text: string): number {
  // More digits than a day count could have change nothing: such an interval steps past the end of all calendars.
  if (/^\d+$/.test(text) && Number(text) >= 1) return Math.min(Number(text), 10_000_000);
  throw new Error(`expected a whole number of at least 1 as ${name} in RRULE, found ${shown(text)}`);
}

/** Each once: a rule is not dearer for saying a thing often. */
const listIn = (parts: ReadonlyMap<string, string>, name: string): readonly string[] => [
  ...new Set(parts.get(name)?.split(',')),
];

function numbers(parts: ReadonlyMap<string, string>, name: string, least: number, most: number): readonly number[] {
  const values = listIn(parts, name).map((text) => {
    const value = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most && value !== 0) return value;
    throw new Error(`expected numbers from ${least} to ${most} as ${name} in RRULE, found ${shown(text)}`);
  });
  return [...new Set(values)];
}

function weekdayIn(name: string, text: string): number {
  const weekday = WEEKDAYS.indexOf(text.toUpperCase()) + 1;
  if (weekday > 0) return weekday;
  throw new Error(`expected days such as ${WEEKDAYS.join(', ')} as ${name} in RRULE, found ${shown(text)}`);
}

function byDay(text: string, freq: Frequency): Weekday {
  const [, sign = '', digits, name = text] = /^([+-]?)(\d{1,2})?([A-Za-z]{2})$/.exec(text) ?? [];
  const weekday = weekdayIn('BYDAY', digits === undefined && sign !== '' ? text : name);
  if (digits === undefined) return { weekday };
  const nth = Number(`${sign}${digits}`);
  if (freq === 'DAILY' || freq === 'WEEKLY')
    throw new Error(
      `expected days without a number as BYDAY with FREQ=${freq} in RRULE, found ${shown(text)}: RFC 5545 counts weekdays in a month or a year, so write FREQ=MONTHLY`,
    );
  if (nth === 0 || Math.abs(nth) > 53)
    throw new Error(`expected the first to the 53rd of a weekday as BYDAY in RRULE, found ${shown(text)}`);
  return { weekday, nth };
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What every part allows, and all of them together do not. */
function checkMeaning({ freq, months, monthDays, weekdays, positions }: Rule): void {
  const longest = Math.max(...(months.length === 0 ? [1] : months).map((month) => DAYS[month - 1] ?? 0));
  if (monthDays.length > 0 && monthDays.every((day) => Math.abs(day) > longest))
    throw new Error(
      `expected a day that comes, found BYMONTH=${months.join(',')};BYMONTHDAY=${monthDays.join(',')} in RRULE`,
    );
  if (positions.length > 0 && months.length + monthDays.length + weekdays.length === 0)
    throw new Error('expected BYSETPOS beside BYDAY, BYMONTHDAY or BYMONTH in RRULE, found it alone');
  const mostOfAPeriod = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[freq];
  if (positions.length > 0 && positions.every((position) => Math.abs(position) > mostOfAPeriod))
    throw new Error(`expected a position that comes, found BYSETPOS=${positions.join(',')} with FREQ=${freq} in RRULE`);
  const ofMonths = freq === 'MONTHLY' || months.length > 0;
  if (ofMonths && weekdays.length > 0 && weekdays.every(({ nth = 1 }) => Math.abs(nth) > 5))
    throw new Error('expected a weekday that comes, found BYDAY past the fifth of a month in RRULE');
}

/** A day as the end of a rule is included, whole. */
function lastInstant(until: string, zone: string): Instant {
  const [, year, month, day, time] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6}Z?))?$/i.exec(until) ?? [];
  if (year === undefined) throw new Error(`expected a date or time as UNTIL in RRULE, found ${shown(until)}`);
  const clock = time === undefined ? '' : `T${time.replace(/^(..)(..)(..)/, '$1:$2:$3')}`.toUpperCase();
  const { at, allDay } = momentOf(`${year}-${month ?? ''}-${day ?? ''}${clock}`, zone, 'UNTIL');
  return allDay ? at.add({ days: 1 }).epochMilliseconds - 1 : at.epochMilliseconds;
}

/** Short enough for one line. */
const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
