import type { Millis } from '../../../src/domain/time.ts';
import { isNothing } from './instants.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A length as people and machines write it: a number of `unitMs`, `480s`, `8m12s`, `1 hr 2 min`, `0:08:12`, `PT8M12S`.
 * Undefined for anything else; `nothing` for an empty value. A length below zero is a number below zero.
 */
export function lengthOf(found: unknown, unitMs: number): Millis | 'nothing' | undefined {
  if (found === undefined || found === null) return 'nothing';
  if (typeof found === 'number') return Number.isFinite(found) ? Math.round(found * unitMs) : 'nothing';
  if (typeof found !== 'string') return undefined;
  const text = found.trim();
  if (isNothing(text)) return 'nothing';
  if (/^-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(text)) return Math.round(Number(text) * unitMs);
  // A comma as the decimal point, but where it could stand before thousands.
  if (/^-?(?:\d+,(?:\d{1,2}|\d{4,})|(?:0|\d{4,}),\d{3})$/.test(text))
    return Math.round(Number(text.replace(',', '.')) * unitMs);
  return clockOf(text) ?? unitsOf(text);
}

/** `8:12` is minutes and seconds, `0:08:12.5` hours before them. */
function clockOf(text: string): Millis | undefined {
  const [, sign, hour = '0', minute, second, fraction = ''] =
    /^(-?)(?:(\d+):)?(\d+):(\d\d)(?:[.,](\d+))?$/.exec(text) ?? [];
  if (minute === undefined || second === undefined) return undefined;
  const whole = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000;
  return (sign === '-' ? -1 : 1) * (whole + Number(fraction.padEnd(3, '0').slice(0, 3)));
}

const PART = /(\d+(?:[.,]\d+)?)\s*([a-zµ]+)\.?(?:,|\band\b)?\s*/y;

function unitsOf(text: string): Millis | undefined {
  const [, sign, iso] = /^(-?)(pt?)?/i.exec(text) ?? [];
  const rest = text
    .slice((sign?.length ?? 0) + (iso?.length ?? 0))
    .toLowerCase()
    .replace('t', iso === undefined ? 't' : '');
  let [totalMs, from] = [0, 0];
  while (from < rest.length) {
    PART.lastIndex = from;
    const found = PART.exec(rest);
    const unitMs = unitNamed(found?.[2] ?? '');
    if (found === null || unitMs === undefined) return undefined;
    totalMs += Number((found[1] ?? '').replace(',', '.')) * unitMs;
    from = PART.lastIndex;
  }
  return from === 0 ? undefined : Math.round(sign === '-' ? -totalMs : totalMs);
}

/** How many milliseconds a unit has, by any of its names: `s`, `secs`, `minutes`, `hr`, `millis`. */
export function unitNamed(word: string): number | undefined {
  const short = /^(?:msecs?|millis?|milliseconds?)$/.test(word)
    ? 'ms'
    : /^(?:usecs?|micros?|microseconds?)$/.test(word)
      ? 'us'
      : /^(?:nanos?|nanoseconds?)$/.test(word)
        ? 'ns'
        : /^(?:sec|secs|seconds?)$/.test(word)
          ? 's'
          : /^(?:min|mins|minutes?)$/.test(word)
            ? 'm'
            : /^(?:hr|hrs|hours?)$/.test(word)
              ? 'h'
              : /^days?$/.test(word)
                ? 'd'
                : word;
  return UNITS_MS[short];
}
