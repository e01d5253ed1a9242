import type { Temporal } from 'temporal-polyfill';
import {
  type Allowance,
  hours,
  type Instant,
  type Millis,
  NEVER,
  type OperatingHoursPolicy,
} from '../../../src/policy/index.ts';
import { dateAt, reachedAt } from './zone.ts';

/** A stretch in which blocks are wanted; minutes are by the wall clock, from the midnight that begins the date. */
export interface Stretch {
  readonly fromMinutes: number;
  /** At most two days: more than 1440 is on the next date. */
  readonly toMinutes: number;
  readonly blocks: number;
}

export interface Calendar {
  readonly zone: string;
  /** How long before its opening edge a stretch begins, in elapsed time; at most a day. */
  readonly leadMs: Millis;
  /** The stretches that open on a date. Repeats every week, but for the dates in `exceptional`. */
  stretchesOn(date: Temporal.PlainDate): readonly Stretch[];
  /** The dates on which the week may be departed from, in order, and each at most a year long. */
  readonly exceptional: readonly { readonly first: Temporal.PlainDate; readonly last: Temporal.PlainDate }[];
}

/** A part of the timetable: what holds from `from[i]` to `from[i + 1]`, or to the end of the page, is `blocks[i]`. */
interface Page {
  readonly from: Float64Array;
  readonly blocks: readonly number[];
}

const DAY_MS = hours(24);
const PAGE_MS = 7 * DAY_MS;

/** A week that brings no change in this time brings none: every weekday, month and change of the clock was seen. */
const LOOK_AHEAD_PAGES = 58;

/**
 * Answers from a table of instants, so that no calendar is consulted twice for the same week: pages are written when first
 * asked for, and remembered. Where stretches overlap the highest count holds, whatever dates they belong to.
 *
 * Throws a RangeError for an instant that is on no calendar.
 */
export function timetable(calendar: Calendar): OperatingHoursPolicy {
  const pages = new Map<number, Page>();
  let last: { readonly from: Instant; readonly allowance: Allowance } | undefined;

  const pageOf = (number: number): Page => {
    let page = pages.get(number);
    if (page === undefined) {
      page = pageFrom(calendar, number * PAGE_MS, (number + 1) * PAGE_MS);
      pages.set(number, page);
    }
    return page;
  };

  /** The first instant in the pages from `first` to `final` at which something other than `blocks` is wanted. */
  const changeIn = (first: number, final: number, blocks: number): Instant | undefined => {
    for (let number = first; number <= final; number += 1) {
      const page = pageOf(number);
      const index = page.blocks.findIndex((other) => other !== blocks);
      if (index >= 0) return page.from[index];
    }
    return undefined;
  };

  const changeAfter = (number: number, blocks: number): Instant => {
    const horizon = number + LOOK_AHEAD_PAGES;
    const soon = changeIn(number + 1, horizon, blocks);
    if (soon !== undefined) return soon;
    for (const { first, last: final } of calendar.exceptional) {
      // Two days before hold any zone's offset and a lead; a month after, a week in which nothing is out of the ordinary.
      const from = Math.max(horizon + 1, pageNumberOf(utcMidnightOf(first) - 2 * DAY_MS));
      const change = changeIn(from, pageNumberOf(utcMidnightOf(final) + 31 * DAY_MS), blocks);
      if (change !== undefined) return change;
    }
    return NEVER;
  };

  return {
    allowedAt(now) {
      // Most questions fall into the stretch of the question before: two comparisons answer them.
      if (last !== undefined && now >= last.from && now < last.allowance.until) return last.allowance;
      const number = pageNumberOf(now);
      const page = pageOf(number);
      const index = lastAtOrBefore(page.from, now);
      const blocks = page.blocks[index] ?? 0;
      last = {
        from: page.from[index] ?? now,
        allowance: Object.freeze({ blocks, until: page.from[index + 1] ?? changeAfter(number, blocks) }),
      };
      return last.allowance;
    },
  };
}

const pageNumberOf = (at: Instant): number => Math.floor(at / PAGE_MS);

const utcMidnightOf = (date: Temporal.PlainDate): Instant => reachedAt('UTC', date, 0);

function pageFrom(calendar: Calendar, from: Instant, end: Instant): Page {
  const spans = spansBetween(calendar, from, end);
  const edges = [...new Set([from, ...spans.flatMap((span) => [span.from, span.until])])]
    .filter((at) => at >= from && at < end)
    .toSorted((a, b) => a - b);
  const starts: Instant[] = [];
  const blocks: number[] = [];
  for (const edge of edges) {
    let most = 0;
    for (const span of spans) if (span.from <= edge && edge < span.until && span.blocks > most) most = span.blocks;
    // An edge that changes nothing is none: `until` is the next change.
    if (blocks.at(-1) === most) continue;
    starts.push(edge);
    blocks.push(most);
  }
  return { from: Float64Array.from(starts), blocks };
}

function spansBetween(calendar: Calendar, from: Instant, end: Instant) {
  const { zone, leadMs } = calendar;
  const spans: { readonly from: Instant; readonly until: Instant; readonly blocks: number }[] = [];
  // A stretch may begin two dates before it ends, and its lead up to a day before its date.
  const final = dateAt(zone, end).add({ days: 2 });
  let date = dateAt(zone, from).subtract({ days: 2 });
  while (date.until(final).sign >= 0) {
    for (const { fromMinutes, toMinutes, blocks } of calendar.stretchesOn(date)) {
      const opensAt = reachedAt(zone, date, fromMinutes);
      const closesAt = reachedAt(zone, date, toMinutes);
      // A stretch that lies within a skipped hour does not take place, and neither does its lead.
      if (opensAt < closesAt) spans.push({ from: opensAt - leadMs, until: closesAt, blocks });
    }
    date = date.add({ days: 1 });
  }
  return spans;
}

function lastAtOrBefore(sorted: Float64Array, at: Instant): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? NEVER) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
