import type { RecordFile } from '../file.ts';
import type { Where } from '../problems.ts';
import { isObject } from './fields.ts';
import { CUT, fieldOfKey, NESTED, newPlainRecords, ODD, ORDER, skip } from './plainRecord.ts';
import { newMarketBook, newPlainValues } from './plainValues.ts';
import type { PriceSheet } from './sheet.ts';
import { takeRecord } from './walk.ts';

/** Deeper than any answer. */
const MOST_DEPTH = 32;
/** A piece that is not over after so many bytes is no row. */
const MOST_HELD = 1024 * 1024;

interface Open {
  readonly isList: boolean;
  needs: 'value' | 'key' | 'comma' | 'first';
  key: string;
  token: string;
  hasRows: boolean;
}

const [QUOTE, COLON, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [34, 58, 44, 123, 125, 91, 93];

/**
 * Reads JSON of prices by its bytes, in any nesting and any number of documents, as long as each row is an object of plain
 * values.
 *
 * @returns what the file turned out to be; undefined if anything in it is not as expected: then it is to be read anew in the
 * exact way, which knows every form and says what is wrong.
 */
export async function readPlainJson(
  records: RecordFile,
  sheet: PriceSheet,
  isLines: boolean,
): Promise<string | undefined> {
  const [values, book, rows] = [newPlainValues(), newMarketBook(), newPlainRecords()];
  const stack: Open[] = [];
  let [rest, base, taken]: [Buffer, number, number] = [Buffer.alloc(0), 0, 0];
  const seen = { list: false };
  const names = new Int32Array(6);

  /** Takes the row that was just read. @returns false: it is not as expected. */
  function takeRow(b: Buffer, from: number, until: number): boolean {
    const { places } = rows;
    if (rows.fields < 3) return stack.at(-1)?.key === 'SpotPriceHistory' ? false : !isRowList();
    taken += 1;
    const top = stack.at(-1);
    if (top !== undefined) top.hasRows = true;
    names.set(places.subarray(0, 6));
    if (names[2] === -1) {
      names[2] = places[10]!;
      names[3] = places[11]!;
    }
    const isWhole = names[0]! >= 0 && names[2]! >= 0 && places[6]! >= 0 && places[8]! >= 0;
    if (names[2] === -1) return false;
    if (isWhole && rows.isPlain) {
      const at = values.instant(b, places[6]!, places[7]!);
      const usdPerHour = values.price(b, places[8]!, places[9]!);
      if (at > 0 && usdPerHour >= 0) {
        const market = book.find(b, names);
        if (market !== undefined) {
          sheet.add(at, market, usdPerHour);
          return true;
        }
      }
    }
    const record = parsed(b.toString('utf8', from, until));
    if (!isObject(record)) return false;
    const start = base + from;
    takeRecord(sheet, record, (_, key): Where => {
      const field = isLines || key === undefined ? -1 : ORDER.findIndex((one) => isNamed(record, key, one));
      const place = field < 0 ? -1 : places[2 * field]!;
      // A text starts with its quote.
      return { offset: place < 0 ? start : base + place - (b[place - 1] === QUOTE ? 1 : 0) };
    });
    if (sheet.lastMarket !== undefined && rows.isPlain) book.learn(b, names, sheet.lastMarket);
    return true;
  }

  const isRowList = (): boolean => stack.at(-1)?.hasRows === true;
  /** The key that was found for a field stands where its value was seen. */
  const isNamed = (record: Readonly<Record<string, unknown>>, key: string, field: (typeof ORDER)[number]): boolean => {
    const place = rows.places[2 * ORDER.indexOf(field)]!;
    return place >= 0 && Object.keys(record).includes(key) && fieldOfKey(key) === field;
  };

  /** @returns how far it came; -1: not as expected. */
  function take(b: Buffer): number {
    let at = 0;
    for (;;) {
      at = skip(b, at);
      if (at >= b.length) return at;
      const top = stack.at(-1);
      const byte = b[at]!;
      if (top === undefined) {
        // Between documents.
        if (byte === COMMA || byte === 0x1e || byte === 0xef || byte === 0xbb || byte === 0xbf) {
          at += 1;
          continue;
        }
        if (byte !== OPEN && byte !== OPEN_LIST) return -1;
      } else if (top.needs === 'comma') {
        if (byte === COMMA) {
          top.needs = top.isList ? 'value' : 'key';
          at += 1;
          continue;
        }
        if (byte !== (top.isList ? CLOSE_LIST : CLOSE)) return -1;
        close(top);
        at += 1;
        continue;
      } else if (top.needs === 'first' && byte === (top.isList ? CLOSE_LIST : CLOSE)) {
        close(top);
        at += 1;
        continue;
      } else if (!top.isList && top.needs !== 'value') {
        if (byte !== QUOTE) return -1;
        const end = b.indexOf(QUOTE, at + 1);
        if (end < 0) return at;
        const colon = skip(b, end + 1);
        if (colon >= b.length) return at;
        if (b[colon] !== COLON) return -1;
        top.key = b.toString('utf8', at + 1, end);
        if (top.key.includes('\\')) return -1;
        top.needs = 'value';
        at = colon + 1;
        continue;
      }
      if (byte === OPEN) {
        const end = rows.read(b, at);
        if (end === CUT) return at;
        if (end === ODD) return -1;
        if (end !== NESTED) {
          if (top === undefined && rows.fields < 3) return -1;
          if (!takeRow(b, at, end)) return -1;
          at = end;
          if (top !== undefined) top.needs = 'comma';
          continue;
        }
      }
      if (byte === OPEN || byte === OPEN_LIST) {
        if (stack.length >= MOST_DEPTH) return -1;
        if (top !== undefined) top.needs = 'comma';
        const key = byte === OPEN_LIST && top !== undefined && !top.isList ? top.key : '';
        if (key === 'SpotPriceHistory') seen.list = true;
        stack.push({ isList: byte === OPEN_LIST, needs: 'first', key, token: '', hasRows: key === 'SpotPriceHistory' });
        at += 1;
        continue;
      }
      // A text, a number or a word. In a list it is no row.
      if (top === undefined || top.isList) return -1;
      let end = at + 1;
      if (byte === QUOTE) {
        end = b.indexOf(QUOTE, at + 1) + 1;
        if (end === 0) return at;
      } else while (end < b.length && b[end] !== COMMA && b[end] !== CLOSE && b[end]! > 32) end += 1;
      if (end >= b.length) return at;
      const value = parsed(b.toString('utf8', at, end));
      if (value === undefined) return -1;
      // A row after all, whose first value is nested.
      if (fieldOfKey(top.key) !== undefined) return -1;
      if ((top.key === 'NextToken' || top.key === 'nextToken') && typeof value === 'string') top.token = value;
      top.needs = 'comma';
      at = end;
    }
  }

  function close(top: Open): void {
    stack.pop();
    const outer = stack.at(-1);
    if (top.isList) {
      if (outer !== undefined && top.hasRows) outer.hasRows = true;
    } else if (top.hasRows) sheet.page(top.token);
  }

  /** @returns false: it is not as expected. */
  function goOn(piece: Buffer): boolean {
    if (piece.length === 0) return true;
    const b: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = take(b);
    if (end < 0) return false;
    base += end;
    rest = b.subarray(end);
    return rest.length <= MOST_HELD;
  }

  for await (const chunk of records.chunks()) {
    // A row that two chunks share is put together alone: nothing else need be copied.
    const seam = rest.length === 0 ? 0 : chunk.indexOf(CLOSE) + 1;
    if (!goOn(chunk.subarray(0, seam)) || !goOn(chunk.subarray(seam))) return undefined;
  }
  const isOver = stack.length === 0 && rest.length === 0 && taken > 0;
  if (!isOver) return undefined;
  return isLines ? 'JSON Lines' : seen.list ? 'AWS CLI JSON' : 'JSON';
}

/** What a text in JSON means; undefined where it is none, which the exact way tells with its place. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
