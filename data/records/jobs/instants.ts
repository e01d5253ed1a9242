import { type Instant, type Millis, seconds } from '../../../src/domain/time.ts';
import { wallClock } from './wallClock.ts';

/**
 * Why a value is no instant. `nothing`: it is empty. `zero`: the time that a program writes for none (year 1, 1970, 9999).
 * `naive`: a wall clock's time, of which nobody said the zone. `unreadable`: no time in any known way of writing.
 */
export type NoInstant = 'nothing' | 'zero' | 'naive' | 'unreadable';

/** Reads times as people and machines write them. One for each file: what it has read before it reads faster. */
export interface Instants {
  /**
   * @param found text, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970: which, its size tells.
   * @param isUtc a time without a zone is in UTC: the recording says so elsewhere.
   */
  readonly of: (found: unknown, isUtc?: boolean) => Instant | NoInstant;
  /** Times that the clock of `timeZone` showed twice or never, read as the earlier of the two, or as if it had not been put forward. */
  readonly doubtful: () => number;
}

/** @param timeZone the IANA zone of times without one; undefined: they are `naive`. */
export function newInstants(timeZone?: string): Instants {
  const midnights = new Map<string, Instant | undefined>();
  const clock = timeZone === undefined ? undefined : wallClock(timeZone);
  const midnightOf = (date: string): Instant | undefined => {
    if (midnights.has(date)) return midnights.get(date);
    const at = midnight(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
    if (midnights.size < MOST_DATES) midnights.set(date, at);
    return at;
  };
  return {
    of: (found, isUtc = false) => {
      if (typeof found === 'number') return ofNumber(found);
      if (typeof found !== 'string') return found === undefined || found === null ? 'nothing' : 'unreadable';
      const fast = plainUtc(found, midnightOf);
      if (fast !== undefined) return fast === 0 || found.startsWith('9999') ? 'zero' : fast;
      const text = found.trim();
      if (isNothing(text)) return 'nothing';
      if (NUMBER.test(text)) return ofNumber(Number(text.replace(',', '.')));
      const parts = partsOf(text);
      if (parts === undefined) return 'unreadable';
      const at = wallTime(parts);
      if (parts.year < 1970 || parts.year >= 9999) return 'zero';
      if (at === undefined) return 'unreadable';
      if (parts.aheadMs !== undefined) return at - parts.aheadMs <= 0 ? 'zero' : at - parts.aheadMs;
      if (at === 0) return 'zero';
      return isUtc ? at : (clock?.instantOf(at) ?? 'naive');
    },
    doubtful: () => clock?.doubtful() ?? 0,
  };
}

/** Whether a text stands for no value at all, in the way of some program. */
export const isNothing = (text: string): boolean =>
  text === '' || /^(?:null|none|nil|nan|nat|undefined|n\/a|na|-|--|\\N|<nil>|<none>|\(null\))$/i.test(text);

/** With an exponent only in seven digits and more: spreadsheets show six, and the rest of the time is gone. */
const NUMBER = /^-?(?:\d+(?:[.,]\d+)?|\d[.,]\d{6,}[eE]\+?\d{1,2})$/;

/** More days than any recording has. */
const MOST_DATES = 10_000;

/** 1973 in seconds, and the same in milliseconds, microseconds, nanoseconds: each size of number means one unit. */
const LEAST_SECONDS = 1e8;

function ofNumber(found: number): Instant | NoInstant {
  if (!Number.isFinite(found)) return 'nothing';
  if (found <= 0) return 'zero';
  if (found < LEAST_SECONDS) return 'unreadable';
  if (found < LEAST_SECONDS * 1e3) return Math.round(seconds(found));
  if (found < LEAST_SECONDS * 1e6) return Math.round(found);
  if (found < LEAST_SECONDS * 1e9) return Math.round(found / 1e3);
  return found < LEAST_SECONDS * 1e12 ? Math.round(found / 1e6) : 'unreadable';
}

/** `2026-03-02T08:00:00Z`, with or without a fraction: nearly every time of nearly every file, and they come by the million. */
function plainUtc(text: string, midnightOf: (date: string) => Instant | undefined): Instant | undefined {
  const { length } = text;
  if (length < 20 || length > 30 || text.charCodeAt(length - 1) !== 90) return undefined;
  const between = text.charCodeAt(10);
  if ((between !== 84 && between !== 32) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  if (!(hour < 24 && minute < 60 && second < 60)) return undefined;
  let fraction = 0;
  if (length > 20) {
    if (text.charCodeAt(19) !== 46 || length < 22) return undefined;
    for (let index = 20, worth = 100; index < length - 1; index += 1, worth /= 10) {
      const digit = text.charCodeAt(index) - 48;
      if (!(digit >= 0 && digit <= 9)) return undefined;
      if (worth >= 1) fraction += digit * worth;
    }
  }
  const date = text.slice(0, 10);
  const day = /^\d{4}/.test(date) ? midnightOf(date) : undefined;
  return day === undefined || day < 0 ? undefined : day + ((hour * 60 + minute) * 60 + second) * 1_000 + fraction;
}

/** NaN where there are none. */
function twoDigits(text: string, from: number): number {
  const [tens, ones] = [text.charCodeAt(from) - 48, text.charCodeAt(from + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly timeOfDayMs: Millis;
  /** How far the clock is ahead of UTC; undefined where no zone is given. */
  readonly aheadMs: Millis | undefined;
}

/** `20260302T080000Z`, the basic form of ISO 8601. */
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/;
/** `…+01:00[Europe/Berlin]`: the zone's name says no more than the offset before it. */
const ZONE_NAME = /(?<=[+-]\d\d:?\d\d|Z)\[[\w/+-]{1,60}\]$/;

const DATE = String.raw`(?:(?<y>\d{4})[-/](?<m>\d\d?)[-/](?<d>\d\d?)|(?<d2>\d\d?)\.(?<m2>\d\d?)\.(?<y2>\d{4})|(?:[A-Za-z]{3,9},? )?(?:(?<d3>\d\d?)[ -](?<n3>[A-Za-z]{3,9})[ -](?<y3>\d{4})|(?<n4>[A-Za-z]{3,9}) (?<d4>\d\d?),? (?<y4>\d{4})))`;
const CLOCK = String.raw`(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?(?: ?(?<half>[AaPp])\.?[Mm]\.?)?`;
const ZONE = String.raw`(?: ?(?<utc>Z|z|UTC|GMT|Etc/UTC)| ?(?:UTC|GMT)?(?<sign>[+-])(?<zh>\d\d):?(?<zm>\d\d)?(?: (?:UTC|GMT))?)?`;
const TIME = new RegExp(`^${DATE}(?:[Tt]| at |, | +)${CLOCK}${ZONE}$`);
/** `3/2/2026`: March in one country and February in another. A first number above 12, or a second one, settles it. */
const SLASHED = new RegExp(String.raw`^(?<a>\d\d?)/(?<b>\d\d?)/(?<y>\d{4})(?:, | +)${CLOCK}${ZONE}$`);

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function partsOf(text: string): Parts | undefined {
  const plain = text.replace(BASIC, '$1-$2-$3T$4:$5:$6').replace(ZONE_NAME, '');
  const found = TIME.exec(plain)?.groups;
  if (found !== undefined) {
    const named = found['n3'] ?? found['n4'];
    const month =
      named === undefined ? (found['m'] ?? found['m2']) : MONTHS.indexOf(named.slice(0, 3).toLowerCase()) + 1;
    const year = found['y'] ?? found['y2'] ?? found['y3'] ?? found['y4'];
    return withClock(
      Number(year),
      Number(month),
      Number(found['d'] ?? found['d2'] ?? found['d3'] ?? found['d4']),
      found,
    );
  }
  const slashed = SLASHED.exec(text)?.groups;
  if (slashed === undefined) return undefined;
  const [a, b] = [Number(slashed['a']), Number(slashed['b'])];
  if (a > 12 && b <= 12) return withClock(Number(slashed['y']), b, a, slashed);
  // An hour of am or pm is how those write who begin with the month.
  return b > 12 || slashed['half'] !== undefined ? withClock(Number(slashed['y']), a, b, slashed) : undefined;
}

function withClock(
  year: number,
  month: number,
  day: number,
  found: Readonly<Record<string, string | undefined>>,
): Parts | undefined {
  const half = found['half']?.toLowerCase();
  const told = Number(found['hour']);
  if (half !== undefined && (told < 1 || told > 12)) return undefined;
  const hour = half === undefined ? told : (told % 12) + (half === 'p' ? 12 : 0);
  const [minute, second] = [Number(found['minute']), Number(found['second'] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ahead = (Number(found['zh'] ?? 0) * 60 + Number(found['zm'] ?? 0)) * 60_000;
  const signed = found['sign'] === '-' ? -ahead : ahead;
  return {
    ...{ year, month, day },
    timeOfDayMs:
      ((hour * 60 + minute) * 60 + second) * 1_000 + Number((found['fraction'] ?? '').padEnd(3, '0').slice(0, 3)),
    aheadMs: found['sign'] === undefined && found['utc'] === undefined ? undefined : signed,
  };
}

/** What a clock shows, as if it stood in UTC; undefined for a day that no calendar has. */
function wallTime({ year, month, day, timeOfDayMs }: Parts): Instant | undefined {
  const at = midnight(year, month, day);
  return at === undefined ? undefined : at + timeOfDayMs;
}

function midnight(year: number, month: number, day: number): Instant | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1)) return undefined;
  const at = Date.UTC(year, month - 1, day);
  // The 30th of February would quietly become the 2nd of March; years below 100 would become those of 1900.
  return new Date(at).getUTCDate() === day && year >= 100 ? at : undefined;
}
