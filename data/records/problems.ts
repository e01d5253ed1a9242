import { BadInput, inOrder, type Mistake } from '../../src/config/mistakes.ts';
import type { RecordFile } from './file.ts';

/** Where a value stands, as cheap as its reader can say it; line and column are looked up only if it is wrong. */
export type Where =
  | { readonly line: number; readonly column?: number }
  /** The 0-based cell of a line of a table. */
  | { readonly line: number; readonly cell: number; readonly delimiter: string }
  /** In bytes of the unpacked file. */
  | { readonly offset: number };

/** What is wrong with one file, collected while it is read. */
export interface Problems {
  /** Mistakes so far. */
  readonly count: number;
  add(where: Where | undefined, message: string): void;
  /** What is wrong with the file as a whole, told after the first mistakes and counted as none. */
  summary(message: string): void;
  /** @throws BadInput with the first mistakes and the number of the others, if there are any. */
  check(): Promise<void>;
}

/** More than these are one mistake made often: a person mends the first and reads again. */
const MOST_SHOWN = 20;

export function problemsIn(records: RecordFile): Problems {
  const { file } = records;
  const shown: { readonly where: Where | undefined; readonly message: string }[] = [];
  const summaries: string[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    add: (where, message) => {
      count += 1;
      if (shown.length < MOST_SHOWN) shown.push({ where, message });
    },
    summary: (message) => {
      summaries.push(message);
    },
    check: async () => {
      if (count === 0 && summaries.length === 0) return;
      const placeOf = await placesIn(
        records,
        shown.flatMap(({ where }) => (where === undefined ? [] : [where])),
      );
      const mistakes = inOrder(shown.map(({ where, message }): Mistake => ({ file, ...placeOf(where), message })));
      const more = count - shown.length;
      throw new BadInput([
        ...mistakes,
        ...(more === 0 ? [] : [{ file, message: `and ${more} more ${more === 1 ? 'mistake' : 'mistakes'}` }]),
        ...summaries.map((message) => ({ file, message })),
      ]);
    },
  };
}

type Place = Pick<Mistake, 'line' | 'column'>;
const NEWLINE = 10;

/** Reads the file once more, for the lines and columns of a few values. Columns after an offset count bytes. */
export async function placesIn(
  records: RecordFile,
  wheres: readonly Where[],
): Promise<(where: Where | undefined) => Place> {
  const offsets = wheres.flatMap((where) => ('offset' in where ? [where.offset] : [])).toSorted((a, b) => a - b);
  const lines = new Map(wheres.flatMap((where) => ('cell' in where ? [[where.line, '']] : [])));
  const found = new Map<number, Place>();
  if (offsets.length > 0 || lines.size > 0) {
    let [line, lineStart, chunkStart, next] = [1, 0, 0, 0];
    for await (const chunk of records.chunks()) {
      for (let from = 0; from < chunk.length; ) {
        const newline = chunk.indexOf(NEWLINE, from);
        const until = newline < 0 ? chunk.length : newline + 1;
        const text = lines.get(line);
        if (text !== undefined) lines.set(line, text + chunk.toString('utf8', from, until));
        for (; next < offsets.length && offsets[next]! < chunkStart + until; next += 1)
          found.set(offsets[next]!, { line, column: offsets[next]! - lineStart + 1 });
        if (newline >= 0) [line, lineStart] = [line + 1, chunkStart + until];
        from = until;
      }
      chunkStart += chunk.length;
    }
    // What is missing at the end of a file stands just after its last byte.
    for (; next < offsets.length; next += 1) found.set(offsets[next]!, { line, column: chunkStart - lineStart + 1 });
  }
  return (where) => {
    if (where === undefined) return {};
    if ('offset' in where) return found.get(where.offset) ?? {};
    if (!('cell' in where)) return where;
    return { line: where.line, column: columnOf(lines.get(where.line) ?? '', where.cell, where.delimiter) };
  };
}

/** The 1-based column at which a cell starts; delimiters inside quotes separate nothing. */
function columnOf(text: string, cell: number, delimiter: string): number {
  let [left, quoted] = [cell, false];
  for (let index = 0; index < text.length && left > 0; index += 1) {
    if (text[index] === '"') quoted = !quoted;
    else if (text[index] === delimiter && !quoted) left -= 1;
    if (left === 0) return index + 2;
  }
  return 1;
}
