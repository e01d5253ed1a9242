import { Temporal } from 'temporal-polyfill';
import type { Instant, Millis } from '../../../src/policy/index.ts';
import { DAY_MS, type Day, dateOf } from './days.ts';

/** Turns a day and a time since its midnight, by the wall clock of a zone, into an instant. */
export type WallClock = (day: Day, sinceMidnightMs: Millis) => Instant;

/** Offsets are looked at once in so many days: two changes of a clock are further apart. */
const STRIDE = 8;

/** Strides that are remembered: sixty years. */
const MOST_STRIDES = 3_000;

/**
 * The wall clock of a zone, by the database of zones. A time that a change of the clock skips is read by the clock before
 * the change, and one that it repeats is the first of the two, as RFC 5545 has it.
 *
 * Most days are far from any change, and need one look at their offset for all events of a file.
 */
export function wallClock(zone: string): WallClock {
  /** The offset that holds around a stride; NaN where it changes. */
  const offsets = new Map<number, number>();
  const offsetAt = (day: Day): Millis =>
    Temporal.Instant.fromEpochMilliseconds(day * DAY_MS).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
  const offsetIn = (stride: number): number => {
    const known = offsets.get(stride);
    if (known !== undefined) return known;
    if (offsets.size >= MOST_STRIDES) offsets.clear();
    const [first = Number.NaN, ...others] = [0, 1, 2].map((more) => offsetAt((stride + more) * STRIDE));
    const offset = others.every((other) => other === first) ? first : Number.NaN;
    offsets.set(stride, offset);
    return offset;
  };
  return (day, sinceMidnightMs) => {
    // Offsets are less than a day: the instant lies within a day of the same time in UTC.
    const offset = offsetIn(Math.floor((day - 1) / STRIDE));
    if (!Number.isNaN(offset)) return day * DAY_MS + sinceMidnightMs - offset;
    const { year, month, day: ofMonth } = dateOf(day);
    return new Temporal.PlainDate(year, month, ofMonth)
      .toPlainDateTime()
      .add({ milliseconds: sinceMidnightMs })
      .toZonedDateTime(zone).epochMilliseconds;
  };
}

/** The wall clocks of a file: one for each zone that it names. */
export function wallClocks(): (zone: string) => WallClock {
  const clocks = new Map<string, WallClock>();
  return (zone) => {
    const clock = clocks.get(zone) ?? wallClock(zone);
    clocks.set(zone, clock);
    return clock;
  };
}
