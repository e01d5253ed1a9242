import { columnsIn } from '../columns.ts';
import { NAMES, type PriceField } from './fields.ts';

/** What became of an object: where it ends, or why it is none that can be read by its bytes. */
export const [CUT, NESTED, ODD] = [-1, -2, -3];

/** The order in which the values of a row are told. */
export const ORDER: readonly PriceField[] = ['instanceType', 'zone', 'product', 'at', 'usdPerHour'];
const [OTHER, ZONE_ID] = [6, 5];

/** Reads one flat object of JSON: a row of prices. Rows of a file have the same keys in the same order, which is guessed first. */
export interface PlainRecords {
  /** @returns where the object ends that starts at `from` in the bytes, its brace included; CUT, NESTED or ODD. */
  read(bytes: Buffer, from: number): number;
  /** Start and end of each value in the order of `ORDER`, then of the zone's ID; -1 where there is none. */
  readonly places: Int32Array;
  /** How many fields of a price the object has. */
  readonly fields: number;
  /** Whether its values can be taken as they stand: texts without escapes, a number or a text as the price. */
  readonly isPlain: boolean;
}

const [QUOTE, BACKSLASH, COLON, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [34, 92, 58, 44, 123, 125, 91, 93];

export function newPlainRecords(): PlainRecords {
  const shape: { readonly bytes: Buffer; readonly field: number }[] = [];
  const places = new Int32Array(14);
  const mould = newMould();
  let [fields, isPlain] = [0, true];

  return {
    places,
    get fields() {
      return fields;
    },
    get isPlain() {
      return isPlain;
    },
    read: (b, from) => {
      const closed = mould.fit(b, from, places);
      if (closed > 0) {
        [fields, isPlain] = [mould.fields(), true];
        return closed;
      }
      places.fill(-1);
      fields = 0;
      isPlain = true;
      mould.begin();
      let at = skip(b, from + 1);
      for (let key = 0; ; key += 1) {
        if (at >= b.length) return CUT;
        if (b[at] !== QUOTE) return b[at] === CLOSE && key === 0 ? NESTED : ODD;
        const guess = shape[key];
        let field: number;
        if (guess !== undefined && isAt(b, at + 1, guess.bytes)) {
          field = guess.field;
          at += guess.bytes.length + 1;
        } else {
          const end = b.indexOf(QUOTE, at + 1);
          if (end < 0) return CUT;
          const bytes = b.subarray(at + 1, end + 1);
          if (bytes.includes(BACKSLASH)) return ODD;
          field = fieldOf(bytes.toString('latin1', 0, bytes.length - 1));
          if (key < 64) shape[key] = { bytes: Buffer.from(bytes), field };
          at = end + 1;
        }
        at = skip(b, at);
        if (at >= b.length) return CUT;
        if (b[at] !== COLON) return ODD;
        at = skip(b, at + 1);
        if (at >= b.length) return CUT;
        const byte = b[at];
        // A row with something nested in it is a row all the same, which only the exact way reads.
        if (byte === OPEN || byte === OPEN_LIST) return fields > 0 || field !== OTHER ? ODD : NESTED;
        let [start, end] = [at + 1, at + 1];
        mould.value(field, start, byte === QUOTE);
        if (byte === QUOTE) {
          for (; end < b.length && b[end] !== QUOTE; end += 1)
            if (b[end] === BACKSLASH) {
              isPlain = false;
              end += 1;
            } else if (b[end]! < 32) return ODD;
          at = end + 1;
        } else {
          start = at;
          while (at < b.length && !isEnd(b[at]!)) at += 1;
          end = at;
          if (at < b.length && !LITERAL.test(b.toString('latin1', start, end))) return ODD;
          if (field !== 4) isPlain = isPlain && field === OTHER;
        }
        if (at >= b.length) return CUT;
        if (field !== OTHER && places[2 * field] === -1) {
          places[2 * field] = start;
          places[2 * field + 1] = end;
          if (field !== ZONE_ID) fields += 1;
        } else if (field !== OTHER) isPlain = false;
        at = skip(b, at);
        if (at >= b.length) return CUT;
        if (b[at] === CLOSE) {
          if (isPlain) mould.end(b, from, at + 1, fields);
          return at + 1;
        }
        if (b[at] !== COMMA) return ODD;
        at = skip(b, at + 1);
      }
    },
  };
}

/** What stands between the values of a row. Nearly every row is written as the one before it: then only its values are looked for. */
interface Mould {
  /** @returns where the object ends that starts at `from`, if it is a row of texts written as the last one was; else 0. */
  readonly fit: (bytes: Buffer, from: number, places: Int32Array) => number;
  /** How many fields of a price a row has that fits. */
  readonly fields: () => number;
  /** A row is read in the exact way: its values are told one by one, and its end where it may serve as the mould of others. */
  readonly begin: () => void;
  readonly value: (field: number, start: number, isText: boolean) => void;
  readonly end: (bytes: Buffer, from: number, until: number, fields: number) => void;
}

function newMould(): Mould {
  /** What stands before each value, its quote included, and after the last. */
  let gaps: readonly Gap[] = [];
  let fieldsOf: readonly number[] = [];
  let known = 0;
  let told: { readonly field: number; readonly start: number }[] = [];
  let isOfTexts = true;
  let bytesSeen: Buffer | undefined;
  let view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));

  return {
    fit: (b, from, places) => {
      if (gaps.length === 0) return 0;
      if (b !== bytesSeen) {
        bytesSeen = b;
        view = new DataView(b.buffer, b.byteOffset, b.length);
      }
      let at = from;
      for (let index = 0; index < gaps.length; index += 1) {
        const gap = gaps[index]!;
        if (at + gap.length > b.length || !isSame(view, at, gap)) return 0;
        at += gap.length;
        if (index === fieldsOf.length) return at;
        const start = at;
        // Past the last byte it is undefined, and no row that fits.
        for (let byte = b[at]; byte !== QUOTE; byte = b[at]) {
          if (byte === undefined || byte === BACKSLASH || byte < 32) return 0;
          at += 1;
        }
        const field = fieldsOf[index]!;
        if (field === OTHER) continue;
        places[2 * field] = start;
        places[2 * field + 1] = at;
      }
      return 0;
    },
    fields: () => known,
    begin: () => {
      gaps = [];
      told = [];
      isOfTexts = true;
    },
    value: (field, start, isText) => {
      isOfTexts &&= isText;
      told.push({ field, start });
    },
    end: (b, from, until, fields) => {
      if (!isOfTexts) return;
      let at = from;
      const found: Gap[] = [];
      for (const { start } of told) {
        found.push(gapOf(b.subarray(at, start)));
        at = b.indexOf(QUOTE, start);
      }
      found.push(gapOf(b.subarray(at, until)));
      fieldsOf = told.map(({ field }) => field);
      [gaps, known] = [found, fields];
    },
  };
}

/** Bytes to be compared four at a time, which is three times as fast; the last four may overlap those before. */
interface Gap {
  readonly length: number;
  readonly words: Int32Array;
  /** Of a gap of less than four bytes. */
  readonly bytes: Uint8Array;
}

function gapOf(bytes: Buffer): Gap {
  const { length } = bytes;
  if (length < 4) return { length, words: new Int32Array(0), bytes: Uint8Array.from(bytes) };
  const words = Int32Array.from({ length: Math.ceil(length / 4) }, (_, word) =>
    bytes.readInt32LE(Math.min(4 * word, length - 4)),
  );
  return { length, words, bytes: new Uint8Array(0) };
}

function isSame(view: DataView, at: number, { length, words, bytes }: Gap): boolean {
  const last = words.length - 1;
  for (let word = 0; word < last; word += 1) if (view.getInt32(at + 4 * word, true) !== words[word]) return false;
  if (last >= 0 && view.getInt32(at + length - 4, true) !== words[last]) return false;
  for (let byte = 0; byte < bytes.length; byte += 1) if (view.getUint8(at + byte) !== bytes[byte]) return false;
  return true;
}

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** A zone's ID counts as one where there is no name: `zone` is found by the names that come first. */
function fieldOf(key: string): number {
  if (/^(?:availability)?[-_]?(?:zone|az)[-_]?id$/i.test(key)) return ZONE_ID;
  const columns = columnsIn([key], NAMES);
  const field = ORDER.findIndex((name) => columns[name] === 0);
  return field < 0 ? OTHER : field;
}

/** The field that a key names. */
export const fieldOfKey = (key: string): PriceField | undefined => ORDER[fieldOf(key)];

/** Past blanks. */
export function skip(b: Buffer, from: number): number {
  let at = from;
  for (; at < b.length; at += 1) {
    const byte = b[at]!;
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) break;
  }
  return at;
}

const isEnd = (byte: number): boolean => byte === COMMA || byte === CLOSE || byte === CLOSE_LIST || byte <= 32;

function isAt(b: Buffer, at: number, key: Buffer): boolean {
  for (let index = 0; index < key.length; index += 1) if (b[at + index] !== key[index]) return false;
  return true;
}
