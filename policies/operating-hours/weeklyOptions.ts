import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { FROM_TIME, fromMistake, orderMistake, TO_TIME, toMistake } from './calendar/clockTime.ts';
import { WEEKDAYS } from './calendar/weekdays.ts';
import { blocks, lead, zone } from './options.ts';

/** What has the shape of a window or an exception, before it is known whether its fields hold what they should. */
type Edges = { readonly from?: unknown; readonly to?: unknown };
type Written = Edges & { readonly date?: unknown; readonly closed?: unknown; readonly blocks?: unknown };

/** Lets a check of several fields also run where one of them is wrong by itself, so that all mistakes are told at once. */
const inAnyCase: z.core.$ZodSuperRefineParams = { when: ({ value }) => typeof value === 'object' && value !== null };

const from = z
  .string({ error: ({ input }) => fromMistake(input) })
  .regex(FROM_TIME, { error: ({ input }) => fromMistake(input) })
  .describe('When the window opens, by the wall clock: "08:00"');

const to = z
  .string({ error: ({ input }) => toMistake(input) })
  .regex(TO_TIME, { error: ({ input }) => toMistake(input) })
  .describe('When the window closes, by the wall clock: "18:00", "24:00", or "06:00+1" for a time on the next day');

const window = z
  .strictObject({
    days: z
      .string()
      .regex(WEEKDAYS, { error: 'expected days such as "mon-fri", "mon,wed", "fri-mon" or "daily"' })
      .describe('The days of the week on which the window opens: "mon-fri", "mon,wed", "fri-mon" or "daily"'),
    from,
    to,
    blocks: blocks(),
  })
  .superRefine(edgesInOrder, inAnyCase);

const exception = z
  .strictObject({
    date: z
      .string()
      .refine(isDates, { error: ({ input }) => datesMistake(input) })
      .describe('A date, or a first and a last one: "2026-12-25" or "2026-12-24..2027-01-01"'),
    closed: z.literal(true).optional().describe('No window opens on these dates'),
    from: from.optional(),
    to: to.optional(),
    blocks: blocks().optional(),
  })
  .superRefine(edgesInOrder, inAnyCase)
  .superRefine(closedOrOpen, inAnyCase);

/** Options of the policy `weekly`, as they are written in `pools.yaml`; `lead` becomes milliseconds. */
export const weeklyOptions = z.strictObject({
  zone: zone('the windows open and close'),
  windows: z
    .array(window)
    .min(1)
    .describe('When blocks are wanted, and how many; where windows overlap the highest count holds'),
  exceptions: z
    .array(exception)
    .superRefine(noContradiction, inAnyCase)
    .default([])
    .describe('Dates with hours of their own; they replace the windows that open on them'),
  lead: lead(),
});

export type WeeklyOptions = z.output<typeof weeklyOptions>;

interface Dates {
  readonly first: Temporal.PlainDate;
  readonly last: Temporal.PlainDate;
}

/** The first and last date of a text such as `2026-12-25` or `2026-12-24..2027-01-01`. Throws a RangeError for others. */
export function datesOf(text: string): Dates {
  const [first = '', last = first] = text.split('..');
  return { first: Temporal.PlainDate.from(first), last: Temporal.PlainDate.from(last) };
}

/** Longer departures are no exceptions, and a slip in the year is more likely. */
const MOST_DAYS = 366;

function isDates(text: string): boolean {
  return datesMistake(text) === undefined;
}

function datesMistake(text: unknown): string | undefined {
  const expected = `expected a date such as "2026-12-25" or dates such as "2026-12-24..2027-01-01", found ${JSON.stringify(text)}`;
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d(?:\.\.\d{4}-\d\d-\d\d)?$/.test(text)) return expected;
  try {
    const { first, last } = datesOf(text);
    const days = first.until(last).days;
    if (days < 0) return `${expected}: the last date is before the first`;
    if (days >= MOST_DAYS)
      return `${expected}: more than ${MOST_DAYS} days are no exception; change the windows instead`;
    return undefined;
  } catch {
    return `${expected}: there is no such date`;
  }
}

type Context = Pick<z.core.$RefinementCtx, 'addIssue'>;

function edgesInOrder({ from, to }: Edges, context: Context): void {
  // What is no time of day has been said of the edge itself.
  if (typeof from !== 'string' || typeof to !== 'string' || !FROM_TIME.test(from) || !TO_TIME.test(to)) return;
  const message = orderMistake(from, to);
  if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['to'] });
}

function closedOrOpen({ closed, from, to, blocks }: Written, context: Context): void {
  const has = (...fields: readonly unknown[]) => fields.some((field) => field !== undefined);
  const mistake = (message: string) => {
    context.addIssue({ code: 'custom', message });
  };
  if (has(closed) && has(from, to, blocks)) mistake('expected either "closed" or "blocks", found both');
  if (!has(closed) && !has(blocks)) mistake('expected "closed: true" or the number of "blocks", found neither');
  if (has(from) !== has(to)) mistake('expected "from" and "to", or neither for the whole date, found only one of them');
}

/** Several exceptions for one date add up, as windows do; but a date that is both closed and open is a contradiction. */
function noContradiction(exceptions: readonly Written[], context: Context): void {
  const dated = exceptions.map(({ date, closed }) =>
    typeof date === 'string' && isDates(date) ? { date, open: closed === undefined, ...datesOf(date) } : undefined,
  );
  for (const [index, one] of dated.entries()) {
    if (one === undefined) continue;
    const other = dated.slice(0, index).find((before) => before?.open === !one.open && overlap(before, one));
    if (other === undefined) continue;
    const [closed, open] = one.open ? [other, one] : [one, other];
    const message = `expected each date to be closed or open, found ${closed.date} closed and ${open.date} open: split the dates`;
    context.addIssue({ code: 'custom', message, path: [index, 'date'] });
  }
}

const overlap = (a: Dates, b: Dates): boolean =>
  Temporal.PlainDate.compare(a.first, b.last) <= 0 && Temporal.PlainDate.compare(b.first, a.last) <= 0;
