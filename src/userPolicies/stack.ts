/** A place in a policy's file, both counted from 1. */
export interface StackPlace {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The first place in one of some files (by path, with the names that people know them by) that the stack of what was thrown
 * goes through; undefined for what has no such stack.
 */
export function placeIn(thrown: unknown, names: ReadonlyMap<string, string>): StackPlace | undefined {
  try {
    if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return undefined;
    for (const frame of thrown.stack.slice(0, MOST_LETTERS).split('\n')) {
      const [, file = '', line, column] = /^\s+at (?:.*\()?(.*?):(\d+):(\d+)\)?$/.exec(frame) ?? [];
      const name = names.get(file.replace(/^file:\/\//, ''));
      if (name !== undefined) return { name, line: Number(line), column: Number(column) };
    }
  } catch {
    // A stack can be a getter like any other; one that throws names no place.
  }
  return undefined;
}

/** A policy can make its stack as long as it likes. */
const MOST_LETTERS = 20_000;
