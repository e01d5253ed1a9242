import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../src/policy/index.ts';
import { type Moment, momentIn, momentsIn } from './moments.ts';
import { startsBy } from './rule.ts';

/** An event of a calendar, with all its repetitions. */
export interface Series {
  /** What ties the changed repetitions of an event to it. */
  readonly uid: string;
  /** The start of the repetition that this event stands for; absent for an event of its own. */
  readonly replacesAt?: Instant;
  /** Called off: it takes no place, and neither does the repetition that it stands for. */
  readonly cancelled: boolean;
  /** When it takes place, in order of the starts. */
  occurrences(): Generator<Occurrence>;
}

export interface Occurrence {
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * An event from the lines between BEGIN:VEVENT and END:VEVENT, both included. Whether others show it as busy or free decides
 * nothing: holidays are mostly kept as free.
 *
 * @throws Error with a sentence for people.
 */
export function seriesOf(lines: readonly string[], zone: string | undefined): Series {
  // Known: one component was given, and an array is what a component is parsed to.
  const event = new ICAL.Component(ICAL.parse(lines.join('\r\n')) as unknown[]);
  if (event.hasProperty('exrule')) throw new Error('expected EXDATE, found EXRULE, which RFC 5545 has withdrawn');
  const starting = event.getFirstProperty('dtstart');
  if (starting === null) throw new Error('expected DTSTART, found none');
  const start = momentIn(starting, zone);
  const untilOf = endOf(event, start, zone);
  const left = exceptions(event, zone);
  const starts = startsOf(event, start, zone);
  const replaced = event.getFirstProperty('recurrence-id');
  if (replaced?.getFirstParameter('range') !== undefined)
    throw new Error('expected RECURRENCE-ID for one date, found RANGE: split the event in two');
  return {
    uid: textOf(event, 'uid'),
    ...(replaced === null ? {} : { replacesAt: momentIn(replaced, zone).at.epochMilliseconds }),
    cancelled: textOf(event, 'status').toUpperCase() === 'CANCELLED',
    *occurrences() {
      for (const moment of starts())
        if (!left(moment)) yield { from: moment.at.epochMilliseconds, until: untilOf(moment) };
    },
  };
}

/** When an event ends that starts at some moment: days by the calendar, times by what elapses. */
function endOf(event: ICAL.Component, start: Moment, zone: string | undefined): (moment: Moment) => Instant {
  const lengthened = lengthOf(event, start, zone);
  if (!(lengthened(start) > start.at.epochMilliseconds)) throw new Error('expected an end after the start');
  return lengthened;
}

function lengthOf(
  event: ICAL.Component,
  { at, allDay }: Moment,
  zone: string | undefined,
): (moment: Moment) => Instant {
  const ending = event.getFirstProperty('dtend');
  const lasting = event.getFirstProperty('duration');
  if (ending !== null) {
    const end = momentIn(ending, zone);
    if (end.allDay !== allDay) throw new Error('expected DTSTART and DTEND both with a time or both without');
    if (!allDay) return after({ milliseconds: end.at.epochMilliseconds - at.epochMilliseconds });
    return after({ days: at.toPlainDate().until(end.at.toPlainDate()).days });
  }
  if (lasting !== null) return after(Temporal.Duration.from(textOf(event, 'duration')));
  if (allDay) return after({ days: 1 });
  throw new Error('expected DTEND or DURATION, found neither');
}

const after =
  (length: Temporal.DurationLike | Temporal.Duration) =>
  ({ at }: Moment): Instant =>
    at.add(length).epochMilliseconds;

/** The moments at which it starts, of its rule and of single dates, in order and each once. */
function startsOf(event: ICAL.Component, start: Moment, zone: string | undefined): () => Generator<Moment> {
  const rules = event.getAllProperties('rrule').map((property) => property.getFirstValue());
  if (rules.length > 1) throw new Error('expected at most one RRULE, found several');
  const [rule] = rules;
  const added = event.getAllProperties('rdate').flatMap((property) => momentsIn(property, zone));
  const extra = added.toSorted((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds);
  const regular = rule instanceof ICAL.Recur ? startsBy(rule, start) : () => [start].values();
  return function* () {
    const waiting = [...extra];
    let lastAt: Instant | undefined;
    for (const next of regular()) {
      while (waiting[0] !== undefined && waiting[0].at.epochMilliseconds <= next.at.epochMilliseconds) {
        const [single] = waiting.splice(0, 1);
        if (single !== undefined && single.at.epochMilliseconds !== next.at.epochMilliseconds) yield single;
      }
      if (next.at.epochMilliseconds !== lastAt) yield next;
      lastAt = next.at.epochMilliseconds;
    }
    yield* waiting;
  };
}

/** Whether a repetition is left out. A day without a time leaves out whatever starts on it. */
function exceptions(event: ICAL.Component, zone: string | undefined): (moment: Moment) => boolean {
  const left = event.getAllProperties('exdate').flatMap((property) => momentsIn(property, zone));
  const instants = new Set(left.filter(({ allDay }) => !allDay).map(({ at }) => at.epochMilliseconds));
  const days = new Set(left.filter(({ allDay }) => allDay).map(({ at }) => at.toPlainDate().toString()));
  return ({ at }) => instants.has(at.epochMilliseconds) || days.has(at.toPlainDate().toString());
}

function textOf(event: ICAL.Component, name: string): string {
  const value = event.getFirstPropertyValue(name);
  return value === null ? '' : String(value);
}
