import type { Instant } from '../../../src/domain/time.ts';
import type { KnownMarket } from './sheet.ts';

/**
 * Values as nearly every file writes them, read from its bytes: making text of each would take ten times as long. What is written
 * in another way is NaN here, and is then read as text, with all its ways of writing.
 */
export interface PlainValues {
  /** `2024-03-04T00:00:12Z`, `.000Z`, `+00:00`, a blank in the place of the T. */
  readonly instant: (bytes: Buffer, from: number, until: number) => Instant;
  /** Decimal digits and a point. */
  readonly price: (bytes: Buffer, from: number, until: number) => number;
}

const [ZERO, DASH, COLON, POINT, LETTER_T, LETTER_Z, BLANK, PLUS] = [48, 45, 58, 46, 84, 90, 32, 43];

/** More digits than a number holds without rounding. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, index) => 10 ** index);

export function newPlainValues(): PlainValues {
  let [dayKey, dayAt] = [-1, 0];
  return {
    instant: (b, s, e) => {
      const length = e - s;
      if (length < 20 || b[s + 4] !== DASH || b[s + 7] !== DASH || b[s + 13] !== COLON || b[s + 16] !== COLON)
        return NaN;
      if (b[s + 10] !== LETTER_T && b[s + 10] !== BLANK) return NaN;
      let zoneAt = s + 19;
      let ms = 0;
      if (b[zoneAt] === POINT) {
        for (let at = zoneAt + 1, worth = 100; ; at += 1, worth /= 10) {
          const digit = b[at]! - ZERO;
          if (!(digit >= 0 && digit <= 9)) {
            zoneAt = at;
            break;
          }
          if (worth >= 1) ms += digit * worth;
        }
        if (zoneAt === s + 20) return NaN;
      }
      if (b[zoneAt] === LETTER_Z ? zoneAt + 1 !== e : !isZeroOffset(b, zoneAt, e)) return NaN;
      const [century, year, month, day] = [two(b, s), two(b, s + 2), two(b, s + 5), two(b, s + 8)];
      const [hour, minute, second] = [two(b, s + 11), two(b, s + 14), two(b, s + 17)];
      if ((century | year | month | day | hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59)
        return NaN;
      const key = ((century * 100 + year) * 100 + month) * 100 + day;
      if (key !== dayKey) {
        // A day that no calendar has is left to the reader of text, and so is what is before 1970.
        const at = Date.UTC(century * 100 + year, month - 1, day);
        const date = new Date(at);
        if (!(at > 0) || date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return NaN;
        dayKey = key;
        dayAt = at;
      }
      return dayAt + ((hour * 60 + minute) * 60 + second) * 1_000 + ms;
    },
    price: (b, s, e) => {
      let [value, digits, decimals] = [0, 0, -1];
      for (let at = s; at < e; at += 1) {
        const digit = b[at]! - ZERO;
        if (digit >= 0 && digit <= 9) {
          value = value * 10 + digit;
          digits += 1;
          if (decimals >= 0) decimals += 1;
        } else if (b[at] === POINT && decimals < 0 && digits > 0) decimals = 0;
        else return NaN;
      }
      if (digits === 0 || digits > MOST_DIGITS) return NaN;
      return decimals > 0 ? value / POWERS[decimals]! : value;
    },
  };
}

/** Two digits as a number; -1 where there are none. */
function two(b: Buffer, at: number): number {
  const [tens, ones] = [b[at]! - ZERO, b[at + 1]! - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** `+00:00` or `+0000` and no more. */
function isZeroOffset(b: Buffer, at: number, e: number): boolean {
  if (b[at] !== PLUS || b[at + 1] !== ZERO || b[at + 2] !== ZERO) return false;
  const minutes = b[at + 3] === COLON ? at + 4 : at + 3;
  return b[minutes] === ZERO && b[minutes + 1] === ZERO && minutes + 2 === e;
}

/** Remembers markets by the bytes that name them. Three stretches of bytes: type, zone, product; a missing one is empty. */
export interface MarketBook {
  find(bytes: Buffer, places: Int32Array): KnownMarket | undefined;
  learn(bytes: Buffer, places: Int32Array, market: KnownMarket): void;
}

const SLOTS = 1 << 16;
/**
 * Bytes at the end of each name that go into the hash: of type, zone and product. Types are many and alike at their ends (`m5.2xlarge`,
 * `c5.2xlarge`), zones and products are few.
 */
const HASHED = [16, 4, 3] as const;
/** Fewer than half of the slots, so that a search is short; more markets than AWS has. */
const MOST_MARKETS = SLOTS / 2;

/** `places`: the start and end of the type, of the zone and of the product. */
export function newMarketBook(): MarketBook {
  const slots = new Int32Array(SLOTS).fill(-1);
  const known: { readonly key: Buffer; readonly market: KnownMarket }[] = [];

  function slotOf(b: Buffer, places: Int32Array): number {
    let hash = 0x811c9dc5;
    for (let part = 0; part < 3; part += 1) {
      const start = places[2 * part]!;
      const end = places[2 * part + 1]!;
      // What is equal there is compared whole.
      for (let at = Math.max(start, end - HASHED[part]!); at < end; at += 1)
        hash = Math.imul(hash ^ b[at]!, 0x01000193);
      hash = Math.imul(hash ^ (end - start), 0x01000193);
    }
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    while (slots[slot]! >= 0 && !isSame(known[slots[slot]!]!.key, b, places)) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  return {
    find: (b, places) => {
      const index = slots[slotOf(b, places)]!;
      return index < 0 ? undefined : known[index]!.market;
    },
    learn: (b, places, market) => {
      if (known.length >= MOST_MARKETS) return;
      const slot = slotOf(b, places);
      if (slots[slot]! >= 0) return;
      slots[slot] = known.length;
      const parts = [0, 2, 4].flatMap((part) => [...b.subarray(places[part], places[part + 1]), 9]);
      known.push({ key: Buffer.from(parts), market });
    },
  };
}

function isSame(key: Buffer, b: Buffer, places: Int32Array): boolean {
  let at = 0;
  for (let part = 0; part < 6; part += 2) {
    for (let from = places[part]!; from < places[part + 1]!; from += 1, at += 1) if (key[at] !== b[from]) return false;
    if (key[at] !== 9) return false;
    at += 1;
  }
  return at === key.length;
}
