import { BadInput } from '../../src/config/mistakes.ts';
import { after, type Instant, type Millis, seconds } from '../../src/domain/time.ts';
import type { RecordFile } from './file.ts';
import { readJson } from './json.ts';
import type { ReadingNotes } from './notes.ts';
import type { Problems } from './problems.ts';
import type { AvailabilityRow, PriceRow } from './rows.ts';
import { A_COUNT, A_PRICE, amountIn, countIn, expected } from './values.ts';

/** Availability probed at a steady pace, with nothing known of when: tick `i` holds from `i * gapMs` to the next. */
export interface Trace {
  readonly gapMs: Millis;
  /** One a tick: instances that could run; 0 is none. */
  readonly instances: readonly number[];
  /** One a tick, if the recording has prices. */
  readonly usdPerHour?: readonly number[];
}

/** Which number means that an instance can run. Recordings of one and the same data have been published both ways. */
export type Polarity = 'up' | 'down';

/** A list longer than this is no recording: six years at a tick every ten seconds. */
const MOST_TICKS = 20_000_000;

/**
 * Reads the JSON of a spot trace: `{"metadata": {"gap_seconds": 34}, "data": [1, 0, …], "prices": [0.5, …]}`.
 *
 * @throws BadInput with the mistakes in it.
 */
export async function readTrace(
  records: RecordFile,
  polarity: Polarity,
  problems: Problems,
): Promise<{ readonly trace: Trace; readonly notes: ReadingNotes }> {
  const { file } = records;
  const instances: number[] = [];
  const prices: number[] = [];
  let gapMs: Millis | undefined;
  const keys = await readJson(records, ['$.metadata', '$.data.*', '$.prices.*'], problems, ({ value, list, where }) => {
    if (list === 'data') {
      const count = countIn(value);
      if (count === undefined || typeof value !== 'number') problems.add(where(), expected(A_COUNT, value));
      else if (polarity === 'down' && count > 1)
        problems.add(
          where(),
          `${expected('0 or 1', count)}: instances that are down cannot be turned into those that are up`,
        );
      else if (instances.length < MOST_TICKS) instances.push(polarity === 'up' ? count : 1 - count);
      else if (instances.length === MOST_TICKS)
        problems.add(where(), `expected at most ${MOST_TICKS} ticks, found more`);
    } else if (list === 'prices') {
      const price = amountIn(value);
      if (price === undefined) problems.add(where(), expected(A_PRICE, value));
      else if (prices.length < MOST_TICKS) prices.push(price);
    } else {
      const gap = isObject(value) ? amountIn(value['gap_seconds']) : undefined;
      if (gap === undefined || gap < 0.001)
        problems.add(
          where('gap_seconds'),
          expected(
            'a length of a tick in seconds (gap_seconds), more than 0',
            isObject(value) ? value['gap_seconds'] : value,
          ),
        );
      else gapMs = Math.round(seconds(gap));
    }
  });
  await problems.check();
  for (const key of ['metadata', 'data'])
    if (!keys.includes(key)) problems.add({ offset: 0 }, `expected the key ${key}, found ${keys.join(', ') || 'none'}`);
  const hasPrices = keys.includes('prices');
  if (keys.includes('data') && instances.length === 0)
    problems.add(undefined, 'expected at least one tick in data, found none');
  else if (hasPrices && prices.length !== instances.length)
    problems.add(undefined, `expected one price a tick, ${instances.length} of them, found ${prices.length}`);
  await problems.check();
  if (gapMs === undefined) throw new BadInput([{ file, message: 'expected gap_seconds in metadata, found none' }]);

  const trace: Trace = { gapMs, instances, ...(hasPrices ? { usdPerHour: prices } : {}) };
  const means = polarity === 'up' ? '1 or more means up, 0 down' : '0 means up, 1 down';
  return {
    trace,
    notes: {
      ...{ file, form: 'spot trace', read: instances.length, dropped: [], clipped: [], markets: [] },
      ...{ from: 0, until: after(0, lengthOf(trace)) },
      assumptions: [means, 'without a clock: when it was recorded is unknown'],
    },
  };
}

/** How long a trace lasts. */
const lengthOf = ({ gapMs, instances }: Trace): Millis => gapMs * instances.length;

/** What a trace does not say and a person must. */
export interface TracePlace {
  readonly startsAt: Instant;
  /** `*` for any. */
  readonly instanceType: string;
  /** `*` for any. */
  readonly zone: string;
}

/**
 * A trace laid on the clock: a row for its start and for each change. Nothing is said of its end, because nothing is known of
 * what came after; the last row holds on, like that of any recording.
 */
export function availabilityRows(
  { gapMs, instances }: Trace,
  { startsAt, instanceType, zone }: TracePlace,
): readonly AvailabilityRow[] {
  return instances.flatMap((count, tick) =>
    count === instances[tick - 1] ? [] : [{ at: after(startsAt, tick * gapMs), instanceType, zone, instances: count }],
  );
}

/** The prices of a trace laid on the clock, a row for its start and for each change; none if it has no prices. */
export function priceRows(
  { gapMs, usdPerHour = [] }: Trace,
  { startsAt, instanceType, zone, product }: TracePlace & { readonly product: string },
): readonly PriceRow[] {
  return usdPerHour.flatMap((price, tick) =>
    price === usdPerHour[tick - 1]
      ? []
      : [{ at: after(startsAt, tick * gapMs), instanceType, zone, product, usdPerHour: price }],
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
