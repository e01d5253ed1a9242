import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { RecordFile } from './file.ts';
import type { Problems } from './problems.ts';

/** Told each line of a table: its cells, and its number in the file. */
export type OnCells = (cells: readonly string[], line: number) => void;

/** A line longer than this is a quote that nobody closed, or no table. */
const MOST_LINE_CHARACTERS = 1024 * 1024;

/**
 * Reads a table of cells, the first line included, one line in memory at a time. What is wrong with the quoting goes to
 * the problems, and reading ends there. Empty lines are passed over.
 */
export async function readDelimited(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
  onCells: OnCells,
): Promise<void> {
  const parser = parse({
    delimiter,
    bom: true,
    // A person who counts columns wrongly is told so by whoever knows the header.
    relax_column_count: true,
    skip_empty_lines: true,
    // Tabs need no quotes, and machines that write tabs do not write them.
    quote: delimiter === '\t' ? null : '"',
    max_record_size: MOST_LINE_CHARACTERS,
    on_record: (cells: string[], { lines }) => {
      onCells(cells, lines);
      return null;
    },
  });
  // Nothing comes out, since each record is taken above; the end still has to be drawn from the parser.
  const nobody = new Writable({
    objectMode: true,
    write: (_cells, _encoding, done) => {
      done();
    },
  });
  try {
    await pipeline(records.chunks(), parser, nobody);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    problems.add({ line: Math.max(parser.info.lines, 1) }, MESSAGES[error.code] ?? error.message);
  }
}

/** What people can do about the quoting of a table; the parser's own words for what cannot come of a table. */
const MESSAGES: Readonly<Partial<Record<CsvError['code'], string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'expected a closing quote (") before the end of the file, found none',
  CSV_INVALID_CLOSING_QUOTE:
    'expected a comma or the end of the line after a closing quote, found something else: double a quote inside quotes ("")',
  INVALID_OPENING_QUOTE:
    'expected a quote only at the start of a cell, found one inside: quote the whole cell and double the quotes in it',
  CSV_MAX_RECORD_SIZE: `expected at most ${MOST_LINE_CHARACTERS} characters in a line, found more: is a quote left open above?`,
};
