import { isoOf } from '../../src/domain/time.ts';

/** Fields that hold an instant are named so everywhere in the code: that is what tells them from lengths and counts. */
const INSTANT = /^(?:at|until)$|(?:At|By|Until)$/;

/**
 * A value as the commands print it: instants in ISO 8601, and null for what there is none of, what is unknown, and the two
 * ends of time.
 */
export function jsonOf(value: unknown, key = ''): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return INSTANT.test(key) && Math.abs(value) <= LAST_INSTANT ? isoOf(value) : value;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => jsonOf(item, key));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, jsonOf(field, name)]));
  return value;
}

/** What `Date` can hold. */
const LAST_INSTANT = 8.64e15;

/** Prints one JSON value on a line of its own. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(jsonOf(value))}\n`);
};
