import { z } from 'zod';
import type { Instant } from '../domain/time.ts';
import { length, millisOf } from '../policy/options.ts';

/** What a form cannot say in the patterns that Go reads, which look neither ahead nor behind. */
export interface Bounds {
  /** The greatest number of letters. */
  readonly most?: number;
  /** A text in which this is found is refused. */
  readonly without?: RegExp;
}

/**
 * Text of a certain form; `noun` says which, with an example. The form also becomes a pattern of a JSON Schema, which
 * Helm reads with Go: what takes a look-ahead elsewhere is said by `bounds`.
 */
export const textLike = (form: RegExp, noun: string, { most, without }: Bounds = {}) => {
  const error = `expected ${noun}`;
  const ofForm = z.string({ error }).regex(form, { error, abort: true });
  const notTooLong = most === undefined ? ofForm : ofForm.max(most, { error, abort: true });
  return without === undefined
    ? notTooLong.meta({ description: noun })
    : notTooLong
        .refine((text) => !without.test(text), { error })
        .meta({ description: noun, not: { pattern: without.source } });
};

/** A fleet's or pool's name: part of tags, labels and client tokens, so it must be good in all of them. */
export const name = () =>
  textLike(/^[a-z0-9]+(?:-+[a-z0-9]+)*$/, 'a name of 1 to 32 small letters, digits and inner hyphens', { most: 32 });

/** `m5.2xlarge`. */
export const instanceType = () => textLike(/^[a-z0-9-]{1,32}\.[a-z0-9-]{1,32}$/, 'an instance type such as m5.2xlarge');

/** A zone by its name. Zone IDs (`use1-az4`) name other things in every account, and are refused. */
export const zone = () =>
  textLike(/^[a-z]{2,4}-[a-z0-9-]{1,40}([0-9][a-z]|-wlz-[0-9]+)$/, 'an availability zone by name such as us-east-1a');

/** A length of time within bounds, which are given as they would be written: `5m`. Milliseconds when read. */
export const lengthBetween = (least: string, most: string) => {
  const [leastMs = 0, mostMs = 0] = [millisOf(least), millisOf(most)];
  return length().refine((ms) => ms >= leastMs && ms <= mostMs, {
    error: `expected a length from ${least} to ${most}`,
  });
};

/** An instant: a UTC date, or a date and time with its offset. Milliseconds since 1970 when read. */
export const instant = () =>
  z
    .string()
    .refine((text) => instantOf(text) !== undefined, { error: 'expected an instant such as 2026-03-02T00:00:00Z' })
    .meta({ description: 'An instant such as 2026-03-02T00:00:00Z', format: 'date-time' })
    .transform((text): Instant => instantOf(text) ?? Number.NaN);

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** The instant that an ISO date (midnight UTC) or date, time and offset names; undefined for anything else. */
export function instantOf(text: string): Instant | undefined {
  const day = INSTANT.exec(text)?.[1];
  if (day === undefined) return undefined;
  // `Date` takes the 30th of February for the 2nd of March, so the day is read on its own and compared.
  const midnight = new Date(`${day}T00:00:00Z`).getTime();
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  const at = new Date(text.replace(' ', 'T')).getTime();
  return Number.isNaN(at) ? undefined : at;
}

/** A list in which nothing stands twice. */
export const distinct = <Entry extends z.ZodType<string>>(entry: Entry) =>
  z
    .array(entry)
    .min(1)
    .max(100)
    .superRefine((entries, context) => {
      for (const [index, value] of entries.entries())
        if (entries.indexOf(value) < index)
          context.addIssue({
            code: 'custom',
            path: [index],
            message: `${JSON.stringify(value)} stands in the list twice`,
          });
    });
