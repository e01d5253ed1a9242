import { ALWAYS, type Instant, type Millis, NEVER } from '../domain/time.ts';
import type { Offer } from '../domain/words.ts';

/** `2026-03-02 08:00Z`, with seconds where there are any; `never` and `always` for the two ends of time. */
export function whenText(at: Instant): string {
  if (at === NEVER) return 'never';
  if (at === ALWAYS) return 'always';
  const date = new Date(at);
  // What a clock gone mad has named is no reason to throw.
  if (Number.isNaN(date.getTime())) return 'at no time that a calendar has';
  const text = date.toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, text.slice(17, 19) === '00' ? 16 : 19)}Z`;
}

/** `2h05m`, `10m`, `45s`: to the minute from an hour on. */
export function lengthText(lengthMs: Millis): string {
  const seconds = Math.round(lengthMs / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${two(seconds % 60)}s`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}

/** `m5.large in eu-central-1a, spot at 0.09 USD/h` */
export const offerText = ({ instanceType, zone, term, usdPerHour }: Offer): string =>
  `${instanceType} in ${zone}, ${term} at ${usdText(usdPerHour)} USD/h`;

/** Dollars an hour, to a hundredth of a cent. */
export const usdText = (usd: number): string => String(Number(usd.toFixed(4)));

/** `1 job`, `2 jobs`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const two = (count: number): string => String(count).padStart(2, '0');
