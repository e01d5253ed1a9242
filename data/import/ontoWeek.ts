import type { Instant, Millis } from '../../src/domain/time.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { PriceRow } from '../records/rows.ts';
import { overlap, WEEK_MS, type Window } from './window.ts';

/** Prices for every instant of a week, and where they come from. */
export interface LaidPrices {
  /** At their recorded time, or a week off it; ascending. The first of each market stands where the week begins. */
  readonly rows: readonly PriceRow[];
  /** Whole weeks, which bring the rows onto the week. */
  readonly byMs: Millis;
  /** Whether the recording lacks a part of the week, which was filled. */
  readonly isFilled: boolean;
}

/**
 * Lays recorded prices on a week, so that a Monday stays a Monday: by as few whole weeks as give the most of it. Hours before
 * the first record and after the last are filled with the same hours of the recorded week after or before; what is not known
 * then either is the price nearest in time.
 *
 * @param week at most seven days
 * @param prices of each market ascending, at least one
 */
export function ontoWeek(prices: Iterable<PriceRow>, week: Window): LaidPrices {
  const markets = new Map<string, PriceRow[]>();
  let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of prices) {
    const key = `${marketOf(row)} ${row.product}`;
    const own = markets.get(key);
    if (own === undefined) markets.set(key, [row]);
    else own.push(row);
    [from, until] = [Math.min(from, row.at), Math.max(until, row.at)];
  }
  const byMs = weeksNear({ from, until: until + 1 }, week);
  const wanted = { from: week.from - byMs, until: week.until - byMs };
  const all = [...markets.values()];
  const isLate = all.some(([first]) => (first?.at ?? 0) > wanted.from);
  const rows = all.flatMap((own) => cut(filled(own, until), wanted)).toSorted((a, b) => a.at - b.at);
  return { rows, byMs, isFilled: isLate || until < wanted.until - HARDLY_MS };
}

/** A price that has not changed for so long is no gap. */
const HARDLY_MS = 24 * 3_600_000;

/** The whole weeks that bring most of the recording onto the week; of equals the fewest. */
function weeksNear(recorded: Window, week: Window): Millis {
  const first = Math.floor((week.from - recorded.until) / WEEK_MS);
  const last = Math.ceil((week.until - recorded.from) / WEEK_MS);
  let best = first * WEEK_MS;
  for (let weeks = first; weeks <= last; weeks += 1) {
    const byMs = weeks * WEEK_MS;
    const more = overlap(recorded, byMs, week) - overlap(recorded, best, week);
    if (more > 0 || (more === 0 && Math.abs(byMs) < Math.abs(best))) best = byMs;
  }
  return best;
}

/** The rows of one market, those of the week before and after beside them. */
function filled(rows: readonly PriceRow[], until: Instant): readonly PriceRow[] {
  const [first] = rows;
  if (first === undefined) return [];
  const moved = (byMs: Millis): readonly PriceRow[] => rows.map((row) => ({ ...row, at: row.at + byMs }));
  const before = moved(-1 * WEEK_MS).filter(({ at }) => at < first.at);
  const after = moved(WEEK_MS);
  const inForce = after.filter(({ at }) => at <= until).at(-1);
  return [
    ...before,
    ...rows,
    ...(inForce === undefined ? [] : [{ ...inForce, at: until + 1 }]),
    ...after.filter(({ at }) => at > until + 1),
  ];
}

/** The price in force where a window begins, and those that follow within it. */
function cut(rows: readonly PriceRow[], { from, until }: Window): readonly PriceRow[] {
  const start = rows.findLast(({ at }) => at <= from) ?? rows[0];
  return [
    ...(start === undefined ? [] : [{ ...start, at: from }]),
    ...rows.filter(({ at }) => at > from && at < until),
  ];
}
