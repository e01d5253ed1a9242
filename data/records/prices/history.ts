import type { Instant, Millis } from '../../../src/domain/time.ts';
import type { PriceRow } from '../rows.ts';

/** The prices of one market, in columns: `usdPerHour[i]` holds from `at[i]` to `at[i + 1]`. */
export interface PriceSeries {
  readonly instanceType: string;
  readonly zone: string;
  /** EC2's product description, such as `Linux/UNIX`. */
  readonly product: string;
  /** Ascending, each instant once. */
  readonly at: Float64Array;
  readonly usdPerHour: Float64Array;
}

/** Prices of any number of markets, as rows in the order of time. A list of rows is one; a `PriceHistory` takes a tenth of its memory. */
export interface Prices extends Iterable<PriceRow> {
  readonly length: number;
}

/** Prices in columns. Rows are made as they are asked for, in the order of time; at one instant in the order of the markets. */
export class PriceHistory implements Prices {
  readonly series: readonly PriceSeries[];
  readonly length: number;

  constructor(series: readonly PriceSeries[]) {
    this.series = series;
    this.length = series.reduce((sum, { at }) => sum + at.length, 0);
  }

  *[Symbol.iterator](): Generator<PriceRow> {
    for (const { one, index } of entriesInTime(this.series)) {
      const { instanceType, zone, product, at, usdPerHour } = one;
      yield { at: at[index] ?? 0, instanceType, zone, product, usdPerHour: usdPerHour[index] ?? 0 };
    }
  }

  map<Made>(make: (row: PriceRow) => Made): readonly Made[] {
    return Array.from(this, make);
  }

  /** Only these markets. */
  of(isWanted: (market: PriceSeries) => boolean): PriceHistory {
    return new PriceHistory(this.series.filter(isWanted));
  }

  /** Everything moved in time. */
  moved(byMs: Millis): PriceHistory {
    if (byMs === 0) return this;
    return new PriceHistory(this.series.map((one) => ({ ...one, at: one.at.map((at) => at + byMs) })));
  }

  /** The first and the last instant; undefined without a price. */
  span(): { readonly from: Instant; readonly until: Instant } | undefined {
    if (this.length === 0) return undefined;
    let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { at } of this.series) {
      from = Math.min(from, at[0] ?? from);
      until = Math.max(until, at.at(-1) ?? until);
    }
    return { from, until };
  }
}

/** The same prices in columns. Rows of a market may come in any order; of two at one instant the later in the list stands. */
export function historyOf(prices: Prices): PriceHistory {
  if (prices instanceof PriceHistory) return prices;
  // A history that came from another thread has its columns and has lost its methods.
  if ('series' in prices) return new PriceHistory((prices as PriceHistory).series);
  const markets = new Map<string, PriceRow[]>();
  for (const row of prices) {
    const key = keyOf(row);
    const own = markets.get(key);
    if (own === undefined) markets.set(key, [row]);
    else own.push(row);
  }
  return new PriceHistory(
    [...markets.values()].map((rows) => {
      const last = new Map(rows.map((row) => [row.at, row]));
      const sorted = [...last.values()].sort((a, b) => a.at - b.at);
      const [first] = rows;
      return {
        ...{ instanceType: first?.instanceType ?? '', zone: first?.zone ?? '', product: first?.product ?? '' },
        at: Float64Array.from(sorted, ({ at }) => at),
        usdPerHour: Float64Array.from(sorted, ({ usdPerHour }) => usdPerHour),
      };
    }),
  );
}

/** What tells one market from another. */
export const keyOf = ({ instanceType, zone, product }: Omit<PriceSeries, 'at' | 'usdPerHour'>): string =>
  `${instanceType}\t${zone}\t${product}`;

/** The entry in hand; good until the next is asked for. */
interface Entry {
  one: PriceSeries;
  /** The place of `one` among the series. */
  market: number;
  index: number;
}

/** Every entry of every market, in the order of time: a heap of the next instant of each, since markets are few and rows are many. */
export function* entriesInTime(series: readonly PriceSeries[]): Generator<Readonly<Entry>> {
  const next = new Uint32Array(series.length);
  /** Of each market; infinite once it has no more. */
  const nextAt = Float64Array.from(series, ({ at }) => at[0] ?? Number.POSITIVE_INFINITY);
  const heap = Int32Array.from(series.keys());
  const sink = (from: number): void => {
    let place = from;
    const market = heap[place]!;
    const at = nextAt[market]!;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      let [other, otherAt] = [heap[child]!, nextAt[heap[child]!]!];
      const right = heap[child + 1];
      if (right !== undefined && (nextAt[right]! < otherAt || (nextAt[right] === otherAt && right < other))) {
        child += 1;
        other = right;
        otherAt = nextAt[right]!;
      }
      if (otherAt > at || (otherAt === at && other > market)) break;
      heap[place] = other;
      place = child;
    }
    heap[place] = market;
  };
  for (let place = (heap.length >> 1) - 1; place >= 0; place -= 1) sink(place);
  const entry: Partial<Entry> = {};
  for (let market = heap[0]; market !== undefined && nextAt[market] !== Number.POSITIVE_INFINITY; market = heap[0]) {
    const [one, index] = [series[market]!, next[market]!];
    entry.one = one;
    entry.market = market;
    entry.index = index;
    // Known: all were set just above.
    yield entry as Entry;
    next[market] = index + 1;
    nextAt[market] = one.at[index + 1] ?? Number.POSITIVE_INFINITY;
    sink(0);
  }
}
