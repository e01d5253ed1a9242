import { StringDecoder } from 'node:string_decoder';
import { LineTooLong, textLines } from '../../src/domain/textLines.ts';
import type { RecordFile } from './file.ts';
import type { Problems } from './problems.ts';

/** Told the value on each line, and the line's number. */
export type OnLine = (value: unknown, line: number) => void;

/** A line longer than this is no line of a recording. */
const MOST_LINE_CHARACTERS = 1024 * 1024;

/** Reads JSON Lines, one value a line. A line that is no JSON goes to the problems. Empty lines are passed over. */
export async function readJsonLines(records: RecordFile, problems: Problems, onLine: OnLine): Promise<void> {
  const take = (text: string, line: number): void => {
    if (text.trim() === '') return;
    const value = jsonOf(text);
    if (value instanceof SyntaxError)
      problems.add(
        { line, column: columnOf(value) },
        `expected one JSON value on the line, found text that is none: ${value.message}`,
      );
    else onLine(value, line);
  };
  await readLines(records, problems, take);
}

/** Reads a text line by line. A line that is too long to be one goes to the problems, and reading ends there. */
export async function readLines(
  records: RecordFile,
  problems: Problems,
  onText: (text: string, line: number) => void,
): Promise<void> {
  let line = 0;
  try {
    for await (const { text } of textLines(textsOf(records), MOST_LINE_CHARACTERS)) {
      line += 1;
      onText(line === 1 ? text.replace(/^\uFEFF/, '') : text, line);
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    problems.add({ line: error.line }, error.message);
  }
}

async function* textsOf(records: RecordFile): AsyncGenerator<string, void> {
  const decoder = new StringDecoder('utf8');
  for await (const chunk of records.chunks()) yield decoder.write(chunk);
  yield decoder.end();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

/** The engine says where only in words. */
const columnOf = ({ message }: SyntaxError): number => Number(/position (\d+)/.exec(message)?.[1] ?? 0) + 1;
