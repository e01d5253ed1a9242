import type { Instant } from '../../../src/domain/time.ts';
import { ascendingOrder } from '../ordered.ts';
import { PriceHistory, type PriceSeries } from './history.ts';

/** Takes prices by the million, in the order of the file, and puts them in the order of time, market by market. */
export interface PriceColumns {
  /** The number of a market, the same for the same names. */
  market(instanceType: string, zone: string, product: string): number;
  add(at: Instant, market: number, usdPerHour: number): void;
  /** What was added, and how many of it a later row of the same market and instant replaced. Adds no more afterwards. */
  close(): { readonly history: PriceHistory; readonly replaced: number };
}

/** Rows in one lot: new lots are made as they are needed, so that nothing is copied and no room is kept for what never comes. */
const LOT = 1 << 16;

interface Lot {
  readonly at: Float64Array;
  readonly usdPerHour: Float64Array;
  readonly market: Uint32Array;
}

export function newPriceColumns(): PriceColumns {
  const numbers = new Map<string, number>();
  const markets: { readonly instanceType: string; readonly zone: string; readonly product: string; rows: number }[] =
    [];
  let lots: Lot[] = [];
  let [lot, filled]: [Lot | undefined, number] = [undefined, LOT];
  return {
    market: (instanceType, zone, product) => {
      const key = `${instanceType}\t${zone}\t${product}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, markets.length);
      return markets.push({ instanceType, zone, product, rows: 0 }) - 1;
    },
    add: (at, market, usdPerHour) => {
      if (lot === undefined || filled === LOT) {
        lot = { at: new Float64Array(LOT), usdPerHour: new Float64Array(LOT), market: new Uint32Array(LOT) };
        lots.push(lot);
        filled = 0;
      }
      lot.at[filled] = at;
      lot.usdPerHour[filled] = usdPerHour;
      lot.market[filled] = market;
      filled += 1;
      markets[market]!.rows += 1;
    },
    close: () => {
      const columns = markets.map(({ rows }) => ({ at: new Float64Array(rows), usdPerHour: new Float64Array(rows) }));
      const next = new Uint32Array(markets.length);
      const last = lots.at(-1);
      for (const one of lots) {
        const rows = one === last ? filled : LOT;
        for (let row = 0; row < rows; row += 1) {
          const market = one.market[row]!;
          const place = next[market]!;
          columns[market]!.at[place] = one.at[row]!;
          columns[market]!.usdPerHour[place] = one.usdPerHour[row]!;
          next[market] = place + 1;
        }
      }
      lots = [];
      let replaced = 0;
      const series = markets.map(({ instanceType, zone, product, rows }, market): PriceSeries => {
        const sorted = inTime(columns[market]!);
        replaced += rows - sorted.at.length;
        return { instanceType, zone, product, ...sorted };
      });
      return { history: new PriceHistory(series.filter(({ at }) => at.length > 0)), replaced };
    },
  };
}

type Columns = Pick<PriceSeries, 'at' | 'usdPerHour'>;

/** In the order of time; of several rows of one instant the last in the file stands: it is what held afterwards. */
export function inTime(columns: Columns): Columns {
  const { at, usdPerHour } = columns;
  let [isAscending, isDescending, isRepeated] = [true, true, false];
  for (let row = 1; row < at.length && (isAscending || isDescending); row += 1) {
    if (at[row]! < at[row - 1]!) isAscending = false;
    else if (at[row]! > at[row - 1]!) isDescending = false;
    else isRepeated = true;
  }
  if (isAscending) return isRepeated ? lastOfEach(columns) : columns;
  if (isDescending && !isRepeated) return { at: at.reverse(), usdPerHour: usdPerHour.reverse() };
  const order = ascendingOrder(at) ?? [];
  const sorted = { at: new Float64Array(at.length), usdPerHour: new Float64Array(at.length) };
  for (let row = 0; row < order.length; row += 1) {
    sorted.at[row] = at[order[row]!]!;
    sorted.usdPerHour[row] = usdPerHour[order[row]!]!;
  }
  return lastOfEach(sorted);
}

/** Of rows in the order of time the last of each instant; the columns are written over. */
function lastOfEach({ at, usdPerHour }: Columns): Columns {
  let kept = 0;
  for (let row = 0; row < at.length; row += 1) {
    if (kept > 0 && at[kept - 1] === at[row]) kept -= 1;
    at[kept] = at[row]!;
    usdPerHour[kept] = usdPerHour[row]!;
    kept += 1;
  }
  return { at: at.subarray(0, kept), usdPerHour: usdPerHour.subarray(0, kept) };
}
