import type { RecordFile } from '../file.ts';
import type { Problems } from '../problems.ts';
import { type JsonPlaces, mistakeIn } from './jsonPlaces.ts';

/** One value of a file of JSON: a whole document, or an element of a list that is the document. */
export interface JsonDocument {
  readonly value: unknown;
  readonly text: string;
  /** In bytes of the unpacked file. */
  readonly offset: number;
  /** Where its objects stand, if its text is no JSON. */
  readonly places?: JsonPlaces;
}

/** No export's page is as large; what is, is held in memory whole. */
const MOST_BYTES = 256 * 1024 * 1024;

const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, COMMA] = [34, 92, 123, 125, 91, 93, 44];

/**
 * Reads JSON however it is strung together: one document, one a line, pages one after the other, a list of any of these, lists
 * of lists. Lists at the top are taken apart, so that one element is in memory at a time. What is no JSON goes to the problems.
 */
export async function readDocuments(
  records: RecordFile,
  problems: Problems,
  onDocument: (document: JsonDocument) => void,
): Promise<void> {
  /** Lists that are open at the top, and what is open within the element in hand. */
  let [lists, depth, isText, isEscaped] = [0, 0, false, false];
  /** Where the element in hand starts, in the file; -1 between elements. */
  let start = -1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let chunkAt = 0;

  for await (const chunk of records.chunks()) {
    /** Where in this chunk the element in hand starts. */
    let from = start < 0 ? -1 : 0;
    let at = 0;
    while (at < chunk.length) {
      const byte = chunk[at] ?? 0;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isText = false;
          if (depth === 0) from = end(chunk, from, at + 1);
        }
      } else if (start < 0) {
        if (byte === OPEN_LIST) lists += 1;
        else if (byte === CLOSE_LIST && lists > 0) lists -= 1;
        else if (byte !== COMMA && !isBlank(byte)) {
          start = chunkAt + at;
          from = at;
          if (byte === QUOTE) isText = true;
          else if (byte === OPEN_OBJECT) depth = 1;
        }
      } else if (byte === QUOTE) isText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth === 0) {
          // A number or a word ends where its list does.
          from = end(chunk, from, at);
          continue;
        }
        depth -= 1;
        if (depth === 0) from = end(chunk, from, at + 1);
      } else if (depth === 0 && (byte === COMMA || isBlank(byte))) from = end(chunk, from, at);
      at += 1;
    }
    if (start >= 0) {
      held.push(chunk.subarray(Math.max(0, from)));
      heldBytes += chunk.length - Math.max(0, from);
      if (heldBytes > MOST_BYTES) {
        problems.add(
          { offset: start },
          `expected at most ${MOST_BYTES / 1024 ** 2} MiB in one document, found more: write the rows a line each (jq -c '.[]')`,
        );
        return;
      }
    }
    chunkAt += chunk.length;
  }
  if (start >= 0 && depth === 0 && !isText) end(Buffer.alloc(0), 0, 0);
  if (start >= 0 || lists > 0)
    problems.add({ offset: chunkAt }, 'expected more JSON, found the end of the file: it is cut off; copy it again');

  /** Hands on the element in hand, which ends before `until` in the chunk. @returns -1: no element is in hand. */
  function end(chunk: Buffer, from: number, until: number): -1 {
    const last = chunk.subarray(Math.max(0, from), until);
    const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
    const [offset, text] = [start, bytes.toString('utf8')];
    [start, held, heldBytes] = [-1, [], 0];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const { place, found } = mistakeIn(text);
      problems.add({ offset: offset + Buffer.byteLength(text.slice(0, place)) }, `expected JSON, found ${found}`);
      return -1;
    }
    onDocument({ value, text, offset });
    return -1;
  }
}

/** Blanks, the mark that some put before each document, and byte order marks between documents. */
const isBlank = (byte: number): boolean =>
  byte === 32 ||
  byte === 10 ||
  byte === 13 ||
  byte === 9 ||
  byte === 0x1e ||
  byte === 0xef ||
  byte === 0xbb ||
  byte === 0xbf;
