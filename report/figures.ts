import type { Instant, Millis } from '../src/domain/time.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

const fixed = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const CENTS = fixed(2);
const TENTHS = fixed(1);
const WHOLE = fixed(0);

/** USD with two decimals and thousands separators, without a sign for the currency: `1,234.50`. */
export const usdText = (usd: number): string => signed(CENTS, usd);

/** A share as a percentage: 0.123 is `12.3 %`. */
export const percentText = (share: number): string => `${signed(TENTHS, share * 100)} %`;

/** A share within a sentence, where tenths would only be noise: `12 %`, `less than 1 %`, `all`. */
export function shareText(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return 'less than 1 %';
  return whole === 100 && share > 0.9999 ? 'all' : `${signed(WHOLE, whole)} %`;
}

/** A count: `1,234`. */
export const countText = (count: number): string => signed(WHOLE, count);

/** Block-hours: `1,234.5`. */
export const hoursText = (hours: number): string => signed(TENTHS, hours);

/** A length in its two largest units: `3m40s`, `1h05m`, `2d03h`; below a minute `12s`, below a second `250ms`. */
export function lengthText(lengthMs: Millis): string {
  const ms = Math.round(lengthMs);
  if (ms === 0) return '0s';
  if (ms < 1_000) return `${ms}ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
}

/** `Mon 2026-03-02 08:00`, in UTC. */
export function instantText(at: Instant): string {
  const date = new Date(at);
  return `${WEEKDAYS[date.getUTCDay()] ?? ''} ${date.toISOString().slice(0, 16).replace('T', ' ')}`;
}

/** The billing rule of a scenario in words, to stand beside every cost; a rule unknown here stands as it is. */
export function billingText(rule: string): string {
  if (rule === 'per-second')
    return 'per-second: time in use at the price of each moment, a minute at least; spot that EC2 takes in its first hour is free';
  if (rule === 'hour-start') return 'hour-start: whole started hours at the price in force when each began';
  return plain(rule);
}

/**
 * Text from a file or an API, fit to be shown: control characters, which drive terminals, and marks that reorder what
 * follows them are replaced, and runs of white space are one blank.
 */
export const plain = (text: string): string => harmless(text.replace(/\s+/g, ' ').trim());

/** As `plain`, but blanks, tabs and line ends stay. */
export const harmless = (text: string): string =>
  text.replace(/(?![\t\n])[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');

/** What rounds to nothing is nothing: never `-0.00`. */
function signed(format: Intl.NumberFormat, value: number): string {
  const text = format.format(value);
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text;
}

const two = (count: number): string => String(count).padStart(2, '0');
