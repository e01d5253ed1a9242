import { closeSync, createReadStream, existsSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { BadInput } from '../../src/config/mistakes.ts';
import { LineTooLong, type TextLine, textLines } from '../../src/domain/textLines.ts';
import { reasonOf } from '../files.ts';
import type { Shard } from './plan.ts';

/** What results of a sweep say that they are. */
export const RESULTS_FORMAT = 'spot-keeper-sweep';

/** The first line of a file of results: whose they are. */
export interface ResultsHeader {
  readonly format: typeof RESULTS_FORMAT;
  readonly version: 1;
  readonly release: string;
  /** SHA-256 over the grid, the contents of the folders and the release. */
  readonly digest: string;
  /** Runs of the whole sweep. */
  readonly runs: number;
  readonly shard: Shard;
  readonly weeks: readonly string[];
  readonly settings: number;
}

const headerSchema: z.ZodType<ResultsHeader> = z.strictObject({
  format: z.literal(RESULTS_FORMAT),
  version: z.literal(1),
  release: z.string(),
  digest: z.string(),
  runs: z.int().min(0),
  shard: z.strictObject({ index: z.int().min(0), of: z.int().min(1) }),
  weeks: z.array(z.string()),
  settings: z.int().min(0),
});

/** The header in the text of a first line; undefined if it is none. */
export function headerIn(line: string): ResultsHeader | undefined {
  try {
    const read = headerSchema.safeParse(JSON.parse(line));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

export const headerLine = (header: ResultsHeader): string => `${JSON.stringify(header)}\n`;

/** Which run a line of results is, as its first field says. */
export function runOf(line: string): number | undefined {
  const [, number] = /^\{"run":(\d{1,15}),.*\}$/.exec(line) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Where results go, one line after the other. */
export interface Results {
  /** How many are there from before. */
  readonly done: number;
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/**
 * Opens a file of results, or goes on with one: a last line that was cut off is taken away. The lines that are there are read, each
 * given to `seen`, and held against the runs that they must be.
 *
 * @throws BadInput if the file is something else, or the results of another sweep; then it is left as it is.
 */
export async function resultsAt(
  path: string,
  header: ResultsHeader,
  seen: (line: string) => void = () => undefined,
): Promise<Results> {
  const { bytes, lines } = await readBack(path, header, seen);
  let file: number;
  try {
    file = openSync(path, bytes === undefined ? 'w' : 'r+');
  } catch (error) {
    throw new BadInput([{ file: path, message: `cannot be written: ${reasonOf(error)}` }]);
  }
  let at = bytes ?? 0;
  const write = (line: string): void => {
    const data = Buffer.from(line);
    for (let written = 0; written < data.length; )
      written += writeSync(file, data, written, data.length - written, at + written);
    at += data.length;
  };
  if (bytes !== undefined) ftruncateSync(file, bytes);
  if (at === 0) write(headerLine(header));
  return {
    done: lines,
    write: (line) => {
      write(`${line}\n`);
    },
    close: () => {
      closeSync(file);
    },
  };
}

/** How much of the file is whole lines of this sweep, and how many results they are; no bytes: there is no file. */
async function readBack(
  path: string,
  header: ResultsHeader,
  seen: (line: string) => void,
): Promise<{ readonly bytes: number | undefined; readonly lines: number }> {
  const mine = headerLine(header);
  let [bytes, lines] = [0, 0];
  let isFirst = true;
  for await (const { text, isWhole } of linesOf(path)) {
    // What was cut off in the middle of the header is ours only if it begins as ours does.
    if (isFirst && text !== mine.trimEnd() && (isWhole || !mine.startsWith(text))) throw otherSweep(path, text, header);
    if (!isWhole) break;
    if (!isFirst) {
      const expected = header.shard.index + lines * header.shard.of;
      if (runOf(text) !== expected || expected >= header.runs)
        throw new BadInput([
          {
            file: path,
            line: lines + 2,
            message: `expected run ${expected} of this sweep, found ${text.slice(0, 40)}…: choose another --out`,
          },
        ]);
      seen(text);
      lines += 1;
    }
    isFirst = false;
    bytes += Buffer.byteLength(text) + 1;
  }
  return { bytes: existsSync(path) ? bytes : undefined, lines };
}

/** Longer than any line of results: a first line names every week, and a line of results the settings of one run. */
const MOST_LINE_CHARACTERS = 16 * 1024 * 1024;

/**
 * The lines of a file; none where there is no file. The last may lack its end.
 *
 * @throws BadInput for a file that cannot be read, and for a line that is longer than any line of results
 */
export async function* linesOf(path: string): AsyncGenerator<TextLine> {
  const parts: AsyncIterable<string> = createReadStream(path, 'utf8');
  try {
    yield* textLines(parts, MOST_LINE_CHARACTERS);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    if (error instanceof LineTooLong)
      throw new BadInput([{ file: path, line: error.line, message: `${error.message}: these are no results` }]);
    throw new BadInput([{ file: path, message: `cannot be read: ${reasonOf(error)}` }]);
  }
}

function otherSweep(path: string, line: string, header: ResultsHeader): BadInput {
  const found = headerIn(line);
  if (found === undefined)
    return new BadInput([
      { file: path, line: 1, message: 'expected results of this sweep, found another file: choose another --out' },
    ]);
  const differs =
    found.release !== header.release
      ? `of release ${found.release}, not ${header.release}`
      : found.digest !== header.digest
        ? 'of another grid or other folders'
        : `of shard ${found.shard.index}/${found.shard.of}, not ${header.shard.index}/${header.shard.of}`;
  return new BadInput([
    { file: path, line: 1, message: `expected results of this sweep, found those ${differs}: choose another --out` },
  ]);
}
