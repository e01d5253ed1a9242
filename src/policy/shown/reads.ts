/**
 * What was read of a question: plain data, so that it can be kept, compared and sent to another thread. A part that is not
 * named was not looked at, and may change without changing an answer.
 */
export interface Reads {
  /** Whether it was asked which parts there are: by a loop, a spread, `Object.keys` or `JSON.stringify`. */
  readonly keys: boolean;
  /** The parts that were looked at, absent ones too, and at the same place in `parts` what was read of each. */
  readonly names: readonly string[];
  readonly parts: readonly Reads[];
  /** Whether all of it counts: of a list of numbers, which is not looked into. */
  readonly whole?: true;
}

/** Whether all that was read of one value is the same, by value, in another. */
export function sameAsRead({ keys, names, parts, whole }: Reads, before: unknown, now: unknown): boolean {
  if (Object.is(before, now)) return true;
  if (!isObject(before) || !isObject(now)) return false;
  if (whole === true) return sameList(before, now);
  if (keys && !sameKeys(Object.keys(before), Object.keys(now))) return false;
  // By index: this is asked about every block in every turn.
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    const part = parts[index] ?? nothingRead;
    if (!sameAsRead(part, before[name], now[name])) return false;
  }
  return true;
}

/** Of a number or a text, which has no parts; and of what was only looked at for being there. */
export const nothingRead: Reads = { keys: false, names: [], parts: [] };

/** Of a list of numbers. */
export const wholeRead: Reads = { keys: false, names: [], parts: [], whole: true };

/** The reads without those at a path; the same object where there are none. */
export function withoutRead(reads: Reads, [name, ...rest]: readonly string[]): Reads {
  const place = name === undefined ? -1 : reads.names.indexOf(name);
  const part = reads.parts[place];
  if (part === undefined) return reads;
  if (rest.length > 0) {
    const left = withoutRead(part, rest);
    return left === part ? reads : { ...reads, parts: reads.parts.with(place, left) };
  }
  return { ...reads, names: reads.names.toSpliced(place, 1), parts: reads.parts.toSpliced(place, 1) };
}

/** Reads the same parts of a value as were read of one like it, so that a watched value notes them. */
export function readAgain({ keys, names, parts }: Reads, value: unknown): void {
  if (!isObject(value)) return;
  if (keys) Object.keys(value);
  for (const [index, name] of names.entries()) readAgain(parts[index] ?? nothingRead, value[name]);
}

/** Reads a value to its last part. */
export function readWhole(value: unknown): void {
  if (isObject(value)) for (const name of Object.keys(value)) readWhole(value[name]);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const sameKeys = (before: readonly string[], now: readonly string[]): boolean =>
  before.length === now.length && before.every((key, index) => key === now[index]);

function sameList(before: object, now: object): boolean {
  if (!Array.isArray(before) || !Array.isArray(now) || before.length !== now.length) return false;
  for (let place = 0; place < before.length; place += 1) if (!Object.is(before[place], now[place])) return false;
  return true;
}
