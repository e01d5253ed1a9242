import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../src/policy/index.ts';

/**
 * Whether a text names a time zone by its place: `Europe/Berlin`, or `UTC`. Abbreviations such as `EST` are refused, even
 * those in the database: they name an offset, and whoever writes one mostly means a place that changes its clocks.
 */
export function isZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Za-z]+\//.test(name)) return false;
  try {
    new Temporal.ZonedDateTime(0n, name);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a text that is no time zone, with the one that was probably meant. */
export function zoneMistake(name: unknown): string {
  const found = `expected an IANA time zone such as "Europe/Berlin" or "UTC", found ${name === undefined ? 'nothing' : JSON.stringify(name)}`;
  const near = typeof name === 'string' ? nearestZone(name) : undefined;
  return near === undefined ? found : `${found} (did you mean "${near}"?)`;
}

/**
 * The first instant at which the zone's clock has reached a time of a date, given in minutes by the wall clock since the
 * date's midnight.
 *
 * That one sentence is the rule for changes of the clock: a time that a change skips is reached at the instant of the
 * change, and a time that a change repeats is reached the first time. So of two times the earlier is never reached
 * later, and no time is reached twice.
 */
export function reachedAt(zone: string, date: Temporal.PlainDate, minutes: number): Instant {
  const day = date.add({ days: Math.floor(minutes / 1_440) });
  const time = day.toPlainDateTime({ hour: Math.floor((minutes % 1_440) / 60), minute: minutes % 60 });
  const first = time.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (first.toPlainDateTime().equals(time)) return first.epochMilliseconds;
  // The time was skipped: `earlier` reads it by the clock after the change, which is an instant before the change.
  const change = first.getTimeZoneTransition('next');
  if (change === null)
    throw new RangeError(`${zone} has no ${time.toString()}, and no change of its clock explains that`);
  return change.epochMilliseconds;
}

/** The date that the zone's clock shows at an instant. */
export const dateAt = (zone: string, at: Instant): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();

/** Names in use today that ICU still lists under older ones. */
const RENAMED = [
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
];

function nearestZone(name: string): string | undefined {
  const zones = [...RENAMED, ...Intl.supportedValuesOf('timeZone')];
  const wanted = plain(name);
  const sameCity = zones.find((zone) => plain(zone).split('/').at(-1) === wanted);
  if (sameCity !== undefined) return sameCity;
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 5)) + 1;
  for (const zone of zones) {
    const distance = distanceBetween(wanted, plain(zone));
    if (distance < least) [nearest, least] = [zone, distance];
  }
  return nearest;
}

const plain = (name: string): string => name.trim().toLowerCase().replaceAll(/[\s-]/g, '_');

/** Letters to insert, drop or replace to turn one word into the other. */
function distanceBetween(from: string, to: string): number {
  // No zone has a longer name, and a long text would cost its square.
  if (from.length > 64) return Number.POSITIVE_INFINITY;
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      here.push(Math.min(replaced, (above[column] ?? 0) + 1, (here[column - 1] ?? 0) + 1));
    }
    above = here;
  }
  return above[to.length] ?? 0;
}
