import ICAL from 'ical.js';
import { ALWAYS, hours, type Instant, NEVER } from '../../../src/policy/index.ts';
import { DAY_MS, type Day, LAST_DAY } from './days.ts';
import { dayNumber, isTooLong, type Length, lengthOf, MOST_REPEATED_DAYS } from './length.ts';
import { type Moment, momentIn, momentsIn } from './moments.ts';
import { type Budget, lastDayOf, MOST_DAYS_LOOKED_AT, repeatsBetween } from './repeats.ts';
import { type Rule, ruleOf } from './rule.ts';
import type { WallClock } from './wallClock.ts';

/** An event of a calendar, with all its repetitions. */
export interface Series {
  /** What ties the changed repetitions of an event to it. */
  readonly uid: string;
  /** The start of the repetition that this event stands for; absent for an event of its own. */
  readonly replacesAt?: Instant;
  /** Called off: it takes no place, and neither does the repetition that it stands for. */
  readonly cancelled: boolean;
  /** From here on it never takes place again. */
  readonly overAt: Instant;
  /** What of it takes place between two instants, or in part; in any order. The two are at most some years apart. */
  between(from: Instant, until: Instant): Iterable<Occurrence>;
}

export interface Occurrence {
  readonly from: Instant;
  readonly until: Instant;
}

/** What reading an event needs beside its lines. */
export interface Around {
  /** By whose wall clock times that name no zone go. */
  readonly zone: string | undefined;
  readonly clockOf: (zone: string) => WallClock;
  /** Shared by all events of a file, and lowered by what each may cost whenever it is asked. */
  readonly budget: Budget;
}

/** The longest time between the two instants that a series is asked about. */
export const LONGEST_QUESTION_MS = hours(800 * 24);

/** The days that such a question looks at: those between, and those of events that began before. */
const QUESTION_DAYS = LONGEST_QUESTION_MS / DAY_MS + MOST_REPEATED_DAYS + 2;

/**
 * An event from the lines between BEGIN:VEVENT and END:VEVENT, both included. Whether others show it as busy or free decides
 * nothing: holidays are mostly kept as free.
 *
 * @throws Error with a sentence for people.
 */
export function seriesOf(lines: readonly string[], around: Around): Series {
  const { zone } = around;
  const { rules, rest } = withoutRules(lines);
  // Known: one component was given, and an array is what a component is parsed to.
  const event = new ICAL.Component(ICAL.parse(rest.join('\r\n')) as unknown[]);
  if (event.hasProperty('exrule')) throw new Error('expected EXDATE, found EXRULE, which RFC 5545 has withdrawn');
  const starting = event.getFirstProperty('dtstart');
  if (starting === null) throw new Error('expected DTSTART, found none');
  const start = momentIn(starting, zone);
  const lasting = lengthOf(event, start, zone);
  const endOf = endsAfter(lasting, start, around);
  const own = { at: start.at.epochMilliseconds, day: dayNumber(start) };
  if (!(endOf(own) > own.at)) throw new Error('expected an end after the start');
  const isLeft = exceptions(event, zone);
  if (rules.length > 1) throw new Error('expected at most one RRULE, found several');
  const added = event.getAllProperties('rdate').flatMap((property) => momentsIn(property, zone));
  const [rule] = rules;
  const singles = [start, ...added].map((moment) => ({ at: moment.at.epochMilliseconds, day: dayNumber(moment) }));
  const repeated = rule === undefined ? undefined : repeats(ruleOf(rule, start.at.timeZoneId), start, lasting, around);
  const occurrences = singles
    .filter((one) => !isLeft(one))
    .map((one): Occurrence => ({ from: one.at, until: endOf(one) }));
  const replaced = event.getFirstProperty('recurrence-id');
  if (replaced?.getFirstParameter('range') !== undefined)
    throw new Error('expected RECURRENCE-ID for one date, found RANGE: split the event in two');
  return {
    uid: textOf(event, 'uid'),
    ...(replaced === null ? {} : { replacesAt: momentIn(replaced, zone).at.epochMilliseconds }),
    cancelled: textOf(event, 'status').toUpperCase() === 'CANCELLED',
    overAt: occurrences.reduce((latest, { until }) => Math.max(latest, until), repeated?.overAt ?? ALWAYS),
    *between(from, until) {
      for (const one of occurrences) if (one.from < until && one.until > from) yield one;
      for (const one of repeated?.startsBetween(from, until) ?? [])
        if (!isLeft(one)) yield { from: one.at, until: endOf(one) };
    },
  };
}

/** A start: its instant, and its day by the wall clock of the event. */
interface Start {
  readonly at: Instant;
  readonly day: Day;
}

/** Repetitions after the event's own start. */
interface Repeats {
  /** From here on none takes place. */
  readonly overAt: Instant;
  startsBetween(from: Instant, until: Instant): Iterable<Start>;
}

function repeats(rule: Rule, { at }: Moment, lasting: Length, { clockOf, budget }: Around): Repeats {
  if (isTooLong(lasting))
    throw new Error(
      `expected an event that is repeated to last at most ${MOST_REPEATED_DAYS} days, found a longer one`,
    );
  const own = dayNumber({ at });
  const sinceMidnightMs = at.toPlainTime().since('00:00').total('milliseconds');
  const clock = clockOf(at.timeZoneId);
  const lastingDays = Math.ceil(lasting.days + lasting.elapsedMs / DAY_MS);
  const last = rule.count === undefined ? LAST_DAY : lastDayOf(rule, own, rule.count, budget);
  // What any later question may cost is looked at once here: a file that is taken cannot stop its reader later.
  const asked = repeatsBetween(rule, own, own, own + QUESTION_DAYS, budget);
  while (asked.next().done !== true);
  if (last === undefined || budget.days <= 0)
    throw new Error(
      `expected repetitions that take less than ${MOST_DAYS_LOOKED_AT} days to look at in a file, found more`,
    );
  const lastAt = Math.min(clock(last, sinceMidnightMs), rule.untilAt ?? NEVER);
  return {
    overAt: lastAt === NEVER ? NEVER : lastAt + (lastingDays + 1) * DAY_MS,
    *startsBetween(from, until) {
      // A day on either side holds the offset of any zone.
      const first = Math.floor(from / DAY_MS) - lastingDays - 1;
      const final = Math.min(last, Math.floor(until / DAY_MS) + 1);
      for (const day of repeatsBetween(rule, own, first, final, { days: NEVER })) {
        const start = { at: clock(day, sinceMidnightMs), day };
        if (start.at > lastAt || start.at >= until) return;
        yield start;
      }
    },
  };
}

/** When an event ends that starts at some moment: days by the calendar, times by what elapses. */
function endsAfter({ days, elapsedMs }: Length, { at }: Moment, { clockOf }: Around): (start: Start) => Instant {
  if (days === 0) return (start) => start.at + elapsedMs;
  const sinceMidnightMs = at.toPlainTime().since('00:00').total('milliseconds');
  const clock = clockOf(at.timeZoneId);
  return ({ day }) => clock(day + days, sinceMidnightMs) + elapsedMs;
}

/** Whether a repetition is left out. A day without a time leaves out whatever starts on it. */
function exceptions(event: ICAL.Component, zone: string | undefined): (start: Start) => boolean {
  const left = event.getAllProperties('exdate').flatMap((property) => momentsIn(property, zone));
  const instants = new Set(left.filter(({ allDay }) => !allDay).map(({ at }) => at.epochMilliseconds));
  const days = new Set(left.filter(({ allDay }) => allDay).map(dayNumber));
  return ({ at, day }) => instants.has(at) || days.has(day);
}

/** The values of the event's own RRULE properties, and its other lines: what ical.js makes of rules is not used. */
function withoutRules(lines: readonly string[]) {
  const rules: string[] = [];
  const rest: string[] = [];
  let [depth, inRule] = [0, false];
  for (const line of lines) {
    const isFolded = /^[ \t]/.test(line);
    if (isFolded && inRule) {
      rules.push(`${rules.pop() ?? ''}${line.slice(1)}`);
      continue;
    }
    if (/^BEGIN:/i.test(line)) depth += 1;
    if (/^END:/i.test(line)) depth -= 1;
    inRule = depth === 1 && /^RRULE[;:]/i.test(line);
    if (inRule) rules.push(line);
    else rest.push(line);
  }
  return { rules: rules.map((line) => line.slice(line.indexOf(':') + 1)), rest };
}

function textOf(event: ICAL.Component, name: string): string {
  const value: unknown = event.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : '';
}
