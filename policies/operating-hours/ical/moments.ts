import type ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { isZone } from '../calendar/zone.ts';

/** An instant as a calendar writes it: a time by the wall clock of a zone, or a whole day. */
export interface Moment {
  readonly at: Temporal.ZonedDateTime;
  /** A day without a time; `at` is its beginning. */
  readonly allDay: boolean;
}

/**
 * The moments that a property such as DTSTART or EXDATE holds.
 *
 * A time is read by the zone that its TZID names, whatever the file itself says of that zone: files often leave it out, and
 * a database of zones knows better. Times without a zone, and days, are read by the given one, if there is one.
 *
 * @throws Error with a sentence for people.
 */
export function momentsIn(property: ICAL.Property, zone: string | undefined): readonly Moment[] {
  // Known: the values of a parsed property as text, `2026-03-02` or `2026-03-02T08:00:00Z`, stand behind three others.
  const values: readonly unknown[] = property.jCal.slice(3);
  return values.map((value) => {
    if (typeof value !== 'string') throw new Error(`expected dates or times in ${nameOf(property)}, found a period`);
    return momentOf(value, zoneOf(property) ?? zone, nameOf(property));
  });
}

/** The one moment of a property that holds one. @throws Error with a sentence for people. */
export function momentIn(property: ICAL.Property, zone: string | undefined): Moment {
  const [moment, ...more] = momentsIn(property, zone);
  if (moment === undefined || more.length > 0) throw new Error(`expected one date or time in ${nameOf(property)}`);
  return moment;
}

/** A moment from its text: `2026-03-02`, `2026-03-02T08:00:00`, or that with a Z. @throws Error with a sentence for people. */
export function momentOf(text: string, zone: string | undefined, name: string): Moment {
  const allDay = !text.includes('T');
  const wall = wallTime(text.replace(/Z$/, ''));
  if (wall === undefined) throw new Error(`expected a date or time in ${name}, found ${JSON.stringify(text)}`);
  const ownZone = text.endsWith('Z') ? 'UTC' : zone;
  if (ownZone === undefined)
    throw new Error(`expected the option "zone", since ${name} is ${allDay ? 'a day' : 'a time'} of no zone`);
  return allDay ? dayMoment(wall.toPlainDate(), ownZone) : { at: wall.toZonedDateTime(ownZone), allDay };
}

/** The beginning of a day. */
export const dayMoment = (date: Temporal.PlainDate, zone: string): Moment => ({
  at: date.toZonedDateTime(zone),
  allDay: true,
});

function wallTime(text: string): Temporal.PlainDateTime | undefined {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}

const nameOf = (property: ICAL.Property): string => property.name.toUpperCase();

function zoneOf(property: ICAL.Property): string | undefined {
  // The declarations promise a text, also where there is no such parameter.
  const tzid = property.getFirstParameter('tzid') as string | undefined;
  if (tzid === undefined || isZone(tzid)) return tzid;
  throw new Error(
    `expected an IANA time zone such as Europe/Berlin as the TZID of ${nameOf(property)}, found ${JSON.stringify(tzid)}: export the calendar with such names`,
  );
}
