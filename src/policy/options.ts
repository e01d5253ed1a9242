import { z } from 'zod';
import type { Millis } from '../domain/time.ts';
import type { NamedPolicy, PolicySlot } from './definePolicy.ts';

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const PATTERN = /^(?:\d+(?:\.\d+)?(?:ms|d|h|m|s))+$/;

/** The milliseconds of a length such as `90s`, `5m` or `1h30m`; undefined for anything else. */
export function millisOf(text: string): Millis | undefined {
  if (!PATTERN.test(text)) return undefined;
  let total = 0;
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g)) {
    total += Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  }
  return Math.round(total);
}

/** `1h30m` for 5400000: the shortest text that `millisOf` reads back as the same length. */
export function lengthOf(lengthMs: Millis): string {
  if (lengthMs === 0) return '0s';
  let left = lengthMs;
  let text = '';
  for (const [unit, unitMs] of Object.entries(UNIT_MS)) {
    const count = Math.floor(left / unitMs);
    if (count > 0) text += `${count}${unit}`;
    left -= count * unitMs;
  }
  return text;
}

/** An option that is a length of time: `5m` in the file, milliseconds for the policy. */
export const length = () =>
  z
    .string()
    .regex(PATTERN, { error: 'expected a length such as "90s", "5m" or "1h30m"' })
    .meta({ description: 'A length of time such as 90s, 5m or 1h30m' })
    .transform((text) => millisOf(text) ?? Number.NaN);

/** A policy by name, its options beside the name. A name alone is a common slip: how to write it is said. */
export const namedPolicy = () =>
  z.looseObject(
    { policy: z.string() },
    {
      error: ({ input }) =>
        typeof input === 'string' && /^[\w./-]+$/.test(input) ? `expected { policy: ${input} }` : undefined,
    },
  );

/** An option that is a policy of the same shelf, for policies that are composed of others. Its own options are checked too. */
export const choiceOf = (slot: PolicySlot): z.ZodType<NamedPolicy, NamedPolicy> =>
  namedPolicy().meta({ description: `A policy for ${slot}, with its options`, policyFor: slot });

/** An option that is a number of blocks which a pool is to hold or to spare: no pool takes more than its `maxBlocks`. */
export const blockCount = () => z.int().min(0).max(1000).meta({ withinMaxBlocks: true });

/** An option that names a text file beside `pools.yaml`; the policy gets its name and its text. */
export const textFile = () =>
  z
    .strictObject({ file: z.string(), text: z.string() })
    .meta({ description: 'A text file beside pools.yaml', embedsFile: true });
