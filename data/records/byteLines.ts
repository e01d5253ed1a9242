import { hours, type Instant, isoOf } from '../../src/domain/time.ts';

/** Lines as bytes, gathered in lots: rows come by the million, and making text of each would take ten times as long. */
export interface ByteLines {
  readonly text: (piece: string) => void;
  readonly bytes: (piece: Uint8Array) => void;
  /** `2026-03-02T00:00:00Z`, with milliseconds only where there are any. */
  readonly time: (at: Instant) => void;
  /** A number, 0 or more, as JavaScript writes it. */
  readonly amount: (value: number) => void;
  /** Whether a lot is full. */
  readonly isFull: () => boolean;
  /** What was written since it was taken last. Good until more is written. */
  readonly take: () => Uint8Array;
}

const LOT_BYTES = 1024 * 1024;
const DAY_MS = hours(24);
/** The year 10,000, which is written otherwise. */
const LAST_MS = 253_402_300_800_000;
const [ZERO, DASH, COLON, POINT, LETTER_T, LETTER_Z] = [48, 45, 58, 46, 84, 90];
/** A price of EC2 has no more decimals. */
const MILLION = 1_000_000;

export function newByteLines(): ByteLines {
  let lot = new Uint8Array(LOT_BYTES * 2);
  const encoder = new TextEncoder();
  const date = new Uint8Array(11);
  const digits = new Uint8Array(20);
  let [filled, day] = [0, Number.NaN];

  function room(bytes: number): void {
    if (filled + bytes <= lot.length) return;
    const wider = new Uint8Array(Math.max(lot.length * 2, filled + bytes));
    wider.set(lot);
    lot = wider;
  }
  function text(piece: string): void {
    room(piece.length);
    for (let index = 0; index < piece.length; index += 1) {
      const code = piece.charCodeAt(index);
      if (code > 127) {
        put(encoder.encode(piece));
        return;
      }
      lot[filled + index] = code;
    }
    filled += piece.length;
  }
  function put(piece: Uint8Array): void {
    room(piece.length);
    for (let index = 0; index < piece.length; index += 1) lot[filled + index] = piece[index]!;
    filled += piece.length;
  }
  /** @param value a whole number below 100 */
  function two(value: number): void {
    const tens = (value / 10) | 0;
    lot[filled] = ZERO + tens;
    lot[filled + 1] = ZERO + value - 10 * tens;
    filled += 2;
  }
  function byte(value: number): void {
    lot[filled] = value;
    filled += 1;
  }
  function whole(value: number): void {
    if (value < 10) {
      byte(ZERO + value);
      return;
    }
    let left = value;
    let length = 0;
    do {
      digits[length] = ZERO + (left % 10);
      left = Math.floor(left / 10);
      length += 1;
    } while (left > 0);
    while (length > 0) byte(digits[--length]!);
  }
  /** A whole number of millionths, below one. */
  function fraction(millionths: number): void {
    let left = millionths | 0;
    byte(POINT);
    for (let worth = MILLION / 10; left > 0; worth = (worth / 10) | 0) {
      const digit = (left / worth) | 0;
      byte(ZERO + digit);
      left -= digit * worth;
    }
  }

  return {
    text,
    bytes: put,
    time: (at) => {
      if (!(at >= 0 && at < LAST_MS && Number.isInteger(at))) {
        text(isoOf(at).replace('.000Z', 'Z'));
        return;
      }
      room(32);
      const of = Math.floor(at / DAY_MS);
      if (of !== day) {
        day = of;
        const shown = new Date(of * DAY_MS);
        const year = shown.getUTCFullYear();
        date.set(
          [Math.floor(year / 100), year % 100].flatMap((part) => [ZERO + Math.floor(part / 10), ZERO + (part % 10)]),
        );
        const [month, ofMonth] = [shown.getUTCMonth() + 1, shown.getUTCDate()];
        date.set([DASH, ZERO + Math.floor(month / 10), ZERO + (month % 10)], 4);
        date.set([DASH, ZERO + Math.floor(ofMonth / 10), ZERO + (ofMonth % 10), LETTER_T], 7);
      }
      put(date);
      // Of one day: small whole numbers.
      const ms = (at - of * DAY_MS) | 0;
      const second = (ms / 1_000) | 0;
      const minute = (second / 60) | 0;
      const hour = (minute / 60) | 0;
      two(hour);
      byte(COLON);
      two(minute - 60 * hour);
      byte(COLON);
      two(second - 60 * minute);
      const rest = ms - 1_000 * second;
      if (rest > 0) {
        byte(POINT);
        byte(ZERO + ((rest / 100) | 0));
        two(rest % 100);
      }
      byte(LETTER_Z);
    },
    amount: (value) => {
      room(32);
      const millionths = Math.round(value * MILLION);
      // Fifteen digits say exactly one number; what has more is left to JavaScript.
      if (!(millionths >= 0 && millionths < 1e15 && millionths / MILLION === value)) {
        text(String(value));
        return;
      }
      const dollars = Math.floor(millionths / MILLION);
      whole(dollars);
      const rest = millionths - dollars * MILLION;
      if (rest > 0) fraction(rest);
    },
    isFull: () => filled >= LOT_BYTES,
    take: () => {
      const taken = lot.subarray(0, filled);
      filled = 0;
      return taken;
    },
  };
}
