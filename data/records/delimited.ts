import { StringDecoder } from 'node:string_decoder';
import type { RecordFile } from './file.ts';
import type { Problems } from './problems.ts';

/** Told each line of a table: its cells, and the number of its first line in the file. */
export type OnCells = (cells: readonly string[], line: number) => void;

/** A line longer than this is a quote that nobody closed, or no table. */
const MOST_LINE_CHARACTERS = 1024 * 1024;

/**
 * Reads a table of cells, the first line included, one piece of the file in memory at a time. What is wrong with the quoting
 * goes to the problems, and reading ends there. Empty lines are passed over. Cells with line ends in them are read where they
 * are quoted; tabs need no quotes, and machines that write tabs do not write them.
 */
export async function readDelimited(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
  onCells: OnCells,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  const lines = delimitedLines(delimiter, problems, onCells);
  for await (const chunk of records.chunks()) if (!lines.take(decoder.write(chunk))) return;
  if (lines.take(decoder.end())) lines.end();
}

/** Takes the text of a table piece by piece. @param firstLine the number of the line that the first piece begins with */
export function delimitedLines(delimiter: string, problems: Problems, onCells: OnCells, firstLine = 1) {
  const isQuoted = delimiter !== '\t';
  /** What was read of a line whose end is not there yet, and how far its end was looked for. */
  let [rest, line, isFirst] = ['', firstLine, true];

  return {
    /** @returns whether reading goes on. */
    take: (piece: string): boolean => {
      let text = rest + piece;
      if (isFirst && text !== '') {
        if (text.startsWith('\uFEFF')) text = text.slice(1);
        isFirst = false;
      }
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        const whole = text.slice(from, text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > from ? end - 1 : end);
        if (!isQuoted || !whole.includes('"')) {
          plainLine(whole);
          from = end + 1;
          line += 1;
          continue;
        }
        const row = quotedRow(text, from, delimiter);
        if (row === 'open') break;
        if (typeof row === 'object' && 'mistake' in row) {
          problems.add({ line: line + newlinesIn(text, from, row.at) }, row.mistake);
          return false;
        }
        onCells(row.cells, line);
        line += newlinesIn(text, from, row.next);
        from = row.next;
      }
      rest = text.slice(from);
      if (rest.length <= MOST_LINE_CHARACTERS) return true;
      problems.add(
        { line },
        `expected at most ${MOST_LINE_CHARACTERS} characters in a line, found more: is a quote left open above?`,
      );
      return false;
    },
    end: (): void => {
      if (rest === '') return;
      const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
      if (!isQuoted || !whole.includes('"')) {
        plainLine(whole);
        return;
      }
      const row = quotedRow(`${whole}\n`, 0, delimiter);
      if (row === 'open') problems.add({ line }, 'expected a closing quote (") before the end of the file, found none');
      else if ('mistake' in row) problems.add({ line: line + newlinesIn(whole, 0, row.at) }, row.mistake);
      else onCells(row.cells, line);
    },
  };

  function plainLine(whole: string): void {
    if (whole !== '') onCells(whole.split(delimiter), line);
  }
}

const CARRIAGE_RETURN = 13;

type Row =
  | { readonly cells: readonly string[]; readonly next: number }
  | { readonly mistake: string; readonly at: number }
  | 'open';

/** The row that starts at `from`; `open` if the text ends before it does. */
function quotedRow(text: string, from: number, delimiter: string): Row {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    // People put a blank after each comma, and quotes all the same.
    const start = pastBlanks(text, at);
    const cell = text[start] === '"' ? quotedCell(text, start) : plainCell(text, at, delimiter);
    if (cell === 'open' || 'mistake' in cell) return cell;
    cells.push(cell.value);
    at = text[start] === '"' ? pastBlanks(text, cell.next) : cell.next;
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    if (text[at] === '\n') return { cells, next: at + 1 };
    if (at >= text.length) return 'open';
    if (!text.startsWith(delimiter, at))
      return {
        mistake:
          'expected a comma or the end of the line after a closing quote, found something else: double a quote inside quotes ("")',
        at,
      };
    at += delimiter.length;
  }
}

function pastBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

type Cell = { readonly value: string; readonly next: number } | Exclude<Row, { readonly cells: unknown }>;

function quotedCell(text: string, from: number): Cell {
  let end = text.indexOf('"', from + 1);
  let hasDoubled = false;
  while (end >= 0 && text[end + 1] === '"') {
    hasDoubled = true;
    end = text.indexOf('"', end + 2);
  }
  // A quote at the very end may be the first of two.
  if (end < 0 || end + 1 >= text.length) return 'open';
  const value = text.slice(from + 1, end);
  return { value: hasDoubled ? value.replaceAll('""', '"') : value, next: end + 1 };
}

function plainCell(text: string, from: number, delimiter: string): Cell {
  let end = from;
  for (; end < text.length; end += 1) {
    const mark = text[end];
    if (mark === delimiter || mark === '\n' || (mark === '\r' && text[end + 1] === '\n')) break;
    if (mark === '"')
      return {
        mistake:
          'expected a quote only at the start of a cell, found one inside: quote the whole cell and double the quotes in it',
        at: end,
      };
  }
  return end >= text.length ? 'open' : { value: text.slice(from, end), next: end };
}

function newlinesIn(text: string, from: number, until: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < until; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
