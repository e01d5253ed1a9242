import { type Instant, type Millis, seconds } from '../../src/domain/time.ts';

/** What a cell or key was expected to hold and what it held, for a mistake. */
export const expected = (noun: string, found: unknown): string => `expected ${noun}, found ${shown(found)}`;

/** A value as a person would quote it, short enough for one line. */
function shown(found: unknown): string {
  if (found === undefined || found === null || found === '') return 'nothing';
  const text = JSON.stringify(found);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

export const A_TIME = 'a time such as 2026-03-02T00:00:00Z';
export const A_PRICE = 'a price in USD per hour, 0 or more';
export const A_COUNT = 'a whole number of instances, 0 or more';
export const A_LENGTH = 'a length in seconds, 0 or more';

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?(Z|z|UTC)| ?([+-])(\d\d):?(\d\d))?$/;

/**
 * The instant that a recorded time names: a `T` or a blank between date and time, seconds and their fraction optional, and an
 * offset. Without an offset it names none, unless the recording is known to be in UTC.
 */
export function timeIn(found: unknown, isUtc = false): Instant | undefined {
  if (typeof found !== 'string') return undefined;
  const parts = TIME.exec(found);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', utc, sign, offsetHours, offsetMinutes] = parts;
  if (utc === undefined && sign === undefined && !isUtc) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // The 30th of February would quietly become the 2nd of March.
  if (new Date(midnight).getUTCDate() !== Number(day) || Number(month) > 12 || Number(year) < 1970) return undefined;
  const timeOfDay = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const ahead = sign === undefined ? 0 : (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60;
  return (
    midnight +
    seconds(sign === '-' ? timeOfDay + ahead : timeOfDay - ahead) +
    Number(fraction.padEnd(3, '0').slice(0, 3))
  );
}

const DECIMAL = /^\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/;

/** A finite number, 0 or more, as a number or as decimal text. */
export function amountIn(found: unknown): number | undefined {
  const amount = typeof found === 'string' && DECIMAL.test(found.trim()) ? Number(found) : found;
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : undefined;
}

/** A whole number, 0 or more, that a computer can hold exactly. */
export function countIn(found: unknown): number | undefined {
  const count = amountIn(found);
  return count !== undefined && Number.isSafeInteger(count) ? count : undefined;
}

/** A length of seconds, to the millisecond. */
export function lengthIn(found: unknown): Millis | undefined {
  const length = amountIn(found);
  return length === undefined ? undefined : Math.round(seconds(length));
}
