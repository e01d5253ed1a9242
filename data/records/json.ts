import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import type { RecordFile } from './file.ts';
import type { Problems, Where } from './problems.ts';

/** A value that was asked for, as it came out of the file. */
export interface JsonFind {
  readonly value: unknown;
  /** The name of the list or object that it stands in; undefined at the top. */
  readonly list: string | undefined;
  /** Where it stands, or where the value of one of its keys does. Good only while it is being handled. */
  readonly where: (key?: string) => Where;
}

/**
 * Reads one JSON document, of which it keeps no more than the value in hand.
 *
 * @param paths what to find: `$.SpotPriceHistory.*`.
 * @returns the keys of the document, if it is an object. What is wrong with its syntax goes to the problems.
 */
export async function readJson(
  records: RecordFile,
  paths: readonly string[],
  problems: Problems,
  onFind: (find: JsonFind) => void,
): Promise<readonly string[]> {
  const tokenizer = new Tokenizer();
  const parser = new TokenParser({ paths: [...paths], keepStack: false });
  const keys: string[] = [];
  const starts: number[] = [];
  const places = new Map<string, number>();
  let [depth, tokenAt, startAt] = [0, 0, 0];
  let key: string | undefined;
  let text = '';

  tokenizer.onToken = ({ token, value, offset }) => {
    tokenAt = offset;
    startAt = offset;
    if (key !== undefined) places.set(key, offset);
    key = undefined;
    if (token === TokenType.STRING) text = String(value);
    else if (token === TokenType.COLON) {
      key = text;
      if (depth === 1 && keys.length < MOST_KEYS) keys.push(text);
    } else if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) {
      depth += 1;
      starts.push(offset);
      places.clear();
    } else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) {
      depth -= 1;
      startAt = starts.pop() ?? offset;
    }
    parser.write({ token, value });
  };
  const where: JsonFind['where'] = (name) => ({
    offset: name === undefined ? startAt : (places.get(name) ?? startAt),
  });
  parser.onValue = ({ value, stack }) => {
    const list = stack.at(-1)?.key;
    onFind({ value, list: list === undefined ? undefined : String(list), where });
  };

  let bytes = 0;
  try {
    for await (const chunk of records.chunks()) {
      tokenizer.write(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    // Trouble of the disk has been told as such; what the tokenizer throws is an Error without a code.
    if (!(error instanceof Error) || error.name === 'BadInput') throw error;
    problems.add({ offset: offsetIn(error) ?? tokenAt }, `expected JSON, found ${foundIn(error)}`);
    return keys;
  }
  if (!parser.isEnded)
    problems.add({ offset: bytes }, 'expected more JSON, found the end of the file: it is cut off; copy it again');
  return keys;
}

/** Enough to show what a document is that was not expected. */
const MOST_KEYS = 12;

/** The library says where only in words. */
function offsetIn({ message }: Error): number | undefined {
  const position = /absolute position "(\d+)"/.exec(message)?.[1];
  return position === undefined ? undefined : Number(position);
}

/** `Unexpected "x" at …` and `Unexpected COMMA (",") in …` become what was found. */
function foundIn({ message }: Error): string {
  const found = /^Unexpected (?:[A-Z_]+ \((.*)\)|("[\s\S]*?")) (?:in|at) /.exec(message);
  return found === null ? `something else: ${message}` : `an unexpected ${found[1] ?? found[2] ?? 'character'}`;
}
