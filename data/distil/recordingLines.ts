import { createReadStream } from 'node:fs';
import { constants, createGunzip } from 'node:zlib';
import { BadInput } from '../../src/config/mistakes.ts';
import { LineTooLong, type TextLine, textLines } from '../../src/domain/textLines.ts';
import {
  lineReader,
  MOST_LINE_CHARACTERS,
  parseHeader,
  type RecordingHeader,
  type RecordingLine,
} from '../../src/world/recording.ts';

/** A part of a recording, opened. */
export interface OpenPart {
  readonly header: RecordingHeader & { readonly gap?: Gap };
  /** Its lines in order. To be read once. */
  readonly lines: AsyncIterable<RecordingLine>;
  /** Whether it broke off in the middle of a line, as a recorder that is killed leaves it; known when the lines are read. */
  readonly isTorn: () => boolean;
}

/** Turns that a recorder could not write before a part. */
export interface Gap {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly turns: number;
}

/**
 * Opens a part, gzipped if its name ends in `.gz`. Unlike replay, which needs every turn, this tolerates an end that is
 * missing: what was recorded before it is true all the same.
 *
 * @throws BadInput with file and line, also from the iteration.
 */
export async function openPart(file: string): Promise<OpenPart> {
  const texts = textsOf(file);
  const first = await texts.next();
  if (first.done === true) throw new BadInput([{ file, message: 'expected a recording, found an empty file' }]);
  const header = parseHeader(first.value.text);
  if (typeof header === 'string') throw new BadInput([{ file, line: 1, message: header }]);
  let torn = false;

  const read = lineReader(header);

  async function* lines(): AsyncGenerator<RecordingLine> {
    let line = 1;
    for await (const { text, isWhole } of texts) {
      line += 1;
      try {
        yield read(text);
      } catch (error) {
        // A RangeError is of a line that is nested deeper than can be read.
        if (!(error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)) throw error;
        if (isWhole) throw new BadInput([{ file, line, message: `expected a turn or a condition: ${error.message}` }]);
        torn = true;
      }
    }
  }
  return { header, lines: lines(), isTorn: () => torn };
}

async function* textsOf(file: string): AsyncGenerator<TextLine, void> {
  const disk = createReadStream(file);
  // With this flush a packed file whose end is missing gives what it holds, and no error.
  const bytes = file.endsWith('.gz') ? disk.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : disk;
  // A failure of the file does not reach the end of the pipe by itself.
  disk.on('error', (error) => bytes.destroy(error));
  try {
    yield* textLines(bytes.setEncoding('utf8'), MOST_LINE_CHARACTERS);
  } catch (error) {
    if (error instanceof LineTooLong) throw new BadInput([{ file, line: error.line, message: error.message }]);
    throw new BadInput([
      { file, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` },
    ]);
  }
}
