import { instantOf } from '../src/config/fields.ts';
import { BadInput, type Mistake } from '../src/config/mistakes.ts';
import type { Instant, Millis } from '../src/domain/time.ts';
import { millisOf } from '../src/policy/options.ts';

/** Reads the values of flags, and tells every mistake in them at once. A flag that was not given is undefined. */
export interface FlagValues {
  readonly instant: (flag: string, text: string | undefined) => Instant | undefined;
  readonly usd: (flag: string, text: string | undefined) => number | undefined;
  readonly length: (flag: string, text: string) => Millis;
  /** `1,6`: whole or decimal numbers of hours, each more than 0. */
  readonly hours: (flag: string, text: string) => readonly number[];
  /** @throws BadInput if a flag was wrong; until then a wrong one reads as a value of no meaning. */
  readonly check: () => void;
}

export function flagValues(): FlagValues {
  const mistakes: Mistake[] = [];
  const read = <Value>(flag: string, text: string, value: Value | undefined, noun: string, none: Value): Value => {
    if (value === undefined) mistakes.push({ file: flag, message: `expected ${noun}, found ${JSON.stringify(text)}` });
    return value ?? none;
  };
  return {
    instant: (flag, text) =>
      text === undefined
        ? undefined
        : read(
            flag,
            text,
            instantOf(text),
            'a date such as 2026-03-02 or an instant such as 2026-03-02T08:00:00Z',
            Number.NaN,
          ),
    usd: (flag, text) =>
      text === undefined
        ? undefined
        : read(flag, text, positiveIn(text), 'a price in USD per hour, more than 0', Number.NaN),
    length: (flag, text) => {
      const lengthMs = millisOf(text) ?? 0;
      return read(
        flag,
        text,
        lengthMs >= 1_000 ? lengthMs : undefined,
        'a length of 1s or more, such as 1m',
        Number.NaN,
      );
    },
    hours: (flag, text) => {
      const lengths = text.split(',').map((part) => positiveIn(part.trim()));
      const known = lengths.filter((length) => length !== undefined);
      const all = known.length === lengths.length ? [...new Set(known)] : undefined;
      return read(flag, text, all, 'numbers of hours, each more than 0, such as 1,6', []);
    },
    check: () => {
      if (mistakes.length > 0) throw new BadInput(mistakes);
    },
  };
}

/** A decimal number above 0; neither `1e3` nor `0x10` is how people write a price. */
function positiveIn(text: string): number | undefined {
  const value = /^\d{1,9}(?:\.\d{1,12})?$/.test(text) ? Number(text) : 0;
  return value > 0 ? value : undefined;
}
