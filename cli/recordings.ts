import { createReadStream } from 'node:fs';
import { createGunzip, gzipSync } from 'node:zlib';
import { BadInput } from '../src/config/mistakes.ts';
import { LineTooLong, textLines } from '../src/domain/textLines.ts';
import {
  lineOfHeader,
  lineReader,
  MOST_LINE_CHARACTERS,
  parseHeader,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedTurn,
  type RecordingHeader,
  type RecordingLine,
} from '../src/world/recording.ts';
import { reasonOf, writeWhole } from './files.ts';
import { release } from './release.ts';

export interface OpenRecording {
  readonly header: RecordingHeader;
  /** The turns in order, each with its line; conditions are passed over. To be read once. */
  turns(): AsyncIterable<RecordedTurn & { readonly line: number }>;
}

/**
 * Opens a recording, gzipped if its name ends in `.gz`, and reads its header; lines are read as they are asked for.
 *
 * @throws BadInput with file and line, also from the iteration.
 */
export async function openRecording(path: string): Promise<OpenRecording> {
  const lines = linesOf(path);
  const first = await lines.next();
  if (first.done === true) throw new BadInput([{ file: path, message: 'expected a recording, found an empty file' }]);
  const header = parseHeader(first.value);
  if (typeof header === 'string') throw new BadInput([{ file: path, line: 1, message: header }]);
  return { header, turns: () => turnsOf(path, lines, lineReader(header)) };
}

/** Writes a recording: a header for these pools, then the lines. */
export async function writeRecording(
  path: string,
  source: string,
  pools: unknown,
  lines: readonly string[],
): Promise<void> {
  const header: RecordingHeader = {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    release,
    source,
    tz: process.versions['tz'] ?? 'unknown',
    pools,
  };
  const text = `${[lineOfHeader(header), ...lines].join('\n')}\n`;
  await writeWhole(path, path.endsWith('.gz') ? gzipSync(text) : text);
}

async function* turnsOf(
  path: string,
  lines: AsyncIterable<string>,
  read: (line: string) => RecordingLine,
): AsyncIterable<RecordedTurn & { readonly line: number }> {
  let line = 1;
  for await (const text of lines) {
    line += 1;
    try {
      const parsed = read(text);
      if (parsed.kind === 'turn') yield { ...parsed.turn, line };
    } catch (error) {
      // A RangeError is of a line that is nested deeper than can be read.
      if (!(error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new BadInput([{ file: path, line, message: `expected a turn or a condition: ${error.message}` }]);
    }
  }
}

async function* linesOf(path: string): AsyncGenerator<string, void> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // A failure of the file does not reach the end of the pipe by itself.
  file.on('error', (error) => input.destroy(error));
  // Also after the last line that anybody asked for.
  input.on('error', () => undefined);
  try {
    for await (const { text } of textLines(input.setEncoding('utf8'), MOST_LINE_CHARACTERS))
      yield text.endsWith('\r') ? text.slice(0, -1) : text;
  } catch (error) {
    if (error instanceof LineTooLong) throw new BadInput([{ file: path, line: error.line, message: error.message }]);
    throw new BadInput([{ file: path, message: `cannot be read: ${reasonOf(error)}` }]);
  }
}
