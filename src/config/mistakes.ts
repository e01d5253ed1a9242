/** One thing that is wrong with an input, and where. */
export interface Mistake {
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** Where in the document: `pools[0].lease.duration`. */
  readonly path?: string;
  /** What was expected and what was found, with the remedy if there is one to name. */
  readonly message: string;
}

/** An input that cannot be used: every mistake in it, for the person who wrote it. Exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(lineOf).join('\n'));
    this.mistakes = mistakes;
  }
}

/** `pools.yaml:7:5: pools[0].renewal.lead: expected a length such as "5m", found "5x"`. */
export function lineOf({ file, line, column, path, message }: Mistake): string {
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
  return path === undefined || path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
}

/** The mistakes of one file in the order of its lines. */
export const inOrder = (mistakes: readonly Mistake[]): readonly Mistake[] =>
  mistakes.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
