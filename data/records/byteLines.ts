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
  function two(value: number): void {
    lot[filled] = ZERO + Math.floor(value / 10);
    lot[filled + 1] = ZERO + (value % 10);
    filled += 2;
  }
  function byte(value: number): void {
    lot[filled] = value;
    filled += 1;
  }
  function whole(value: number): void {
    let [left, length] = [value, 0];
    do {
      digits[length] = ZERO + (left % 10);
      left = Math.floor(left / 10);
      length += 1;
    } while (left > 0);
    while (length > 0) byte(digits[--length]!);
  }
  /** A whole number of millionths, below one. */
  function fraction(millionths: number): void {
    let [left, worth] = [millionths, MILLION / 10];
    byte(POINT);
    for (; left > 0; worth /= 10) {
      byte(ZERO + Math.floor(left / worth));
      left %= worth;
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
      const ms = at - of * DAY_MS;
      const second = Math.floor(ms / 1_000);
      two(Math.floor(second / 3_600));
      byte(COLON);
      two(Math.floor(second / 60) % 60);
      byte(COLON);
      two(second % 60);
      const rest = ms % 1_000;
      if (rest > 0) {
        byte(POINT);
        byte(ZERO + Math.floor(rest / 100));
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
      whole(Math.floor(millionths / MILLION));
      if (millionths % MILLION > 0) fraction(millionths % MILLION);
    },
    isFull: () => filled >= LOT_BYTES,
    take: () => {
      const taken = lot.subarray(0, filled);
      filled = 0;
      return taken;
    },
  };
}
