import { StringDecoder } from 'node:string_decoder';
import type { RecordFile } from './file.ts';
import type { Problems } from './problems.ts';

/** Told the value on each line, and the line's number. */
export type OnLine = (value: unknown, line: number) => void;

/** A line longer than this is no line of a recording. */
const MOST_LINE_CHARACTERS = 1024 * 1024;

/** Reads JSON Lines, one value a line. A line that is no JSON goes to the problems. Empty lines are passed over. */
export async function readJsonLines(records: RecordFile, problems: Problems, onLine: OnLine): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let [rest, line] = ['', 0];
  const take = (text: string): void => {
    line += 1;
    if (text.trim() === '') return;
    const value = jsonOf(text);
    if (value instanceof SyntaxError)
      problems.add(
        { line, column: columnOf(value) },
        `expected one JSON value on the line, found text that is none: ${value.message}`,
      );
    else onLine(value, line);
  };
  for await (const chunk of records.chunks()) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (line === 0 && lines[0] !== undefined) lines[0] = lines[0].replace(/^\uFEFF/, '');
    for (const text of lines) take(text);
    if (rest.length > MOST_LINE_CHARACTERS) {
      problems.add({ line: line + 1 }, `expected at most ${MOST_LINE_CHARACTERS} characters in a line, found more`);
      return;
    }
  }
  if (line === 0) rest = rest.replace(/^\uFEFF/, '');
  if (rest !== '') take(rest);
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
