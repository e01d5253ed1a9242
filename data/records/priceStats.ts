import { BadInput } from '../../src/config/mistakes.ts';
import { hours, type Instant, isoOf } from '../../src/domain/time.ts';
import { historyOf, keyOf, type PriceSeries, type Prices } from './prices/history.ts';

/** What one market's price was like over a window. Money in USD. */
export interface PriceStats {
  readonly instanceType: string;
  readonly zone: string;
  readonly product: string;
  /** Rows in the window, and the one before it that gives the price at its start. */
  readonly points: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly hours: number;
  /** One instance for the whole window, billed by the second. */
  readonly usdTotal: number;
  /** The same, each started hour billed at the price in force when it began. */
  readonly usdTotalHourStart: number;
  /** Least and greatest price in force; null for a window without length, as is the mean. */
  readonly min: number | null;
  readonly max: number | null;
  /** Weighted by time. */
  readonly mean: number | null;
  /** Times at which the price went from at most on-demand to above it. */
  readonly upcrossings?: number;
  readonly hoursAtOrBelowOnDemand?: number;
  /** 1 - usdTotal / on-demand; negative where spot cost more, null for a window without length. */
  readonly saving?: number | null;
}

export interface PriceWindow {
  /** Absent: the market's own first row. */
  readonly from?: Instant | undefined;
  /** End-exclusive. Absent: the last row of all markets. */
  readonly until?: Instant | undefined;
  /** On-demand price, for what is compared with it. */
  readonly usdOnDemand?: number | undefined;
}

/**
 * Statistics of each market, by type, zone and product. A price holds from its row to the market's next one, the last one to
 * the end of the window.
 *
 * @param file what to name in mistakes.
 * @throws BadInput for a market whose price at the start of the window is unknown, and for a window that ends before it starts.
 */
export function priceStats(prices: Prices, window: PriceWindow, file: string): readonly PriceStats[] {
  const history = historyOf(prices);
  const { series } = history;
  const until = window.until ?? history.span()?.until ?? 0;
  const mistakes = series.flatMap(({ instanceType, zone, product, at: [first = 0] }) => {
    const from = window.from ?? first;
    const name = `${instanceType}/${zone} ${product}`;
    if (first > from)
      return [
        `expected a price of ${name} at or before ${isoOf(from)}, found the first at ${isoOf(first)}: start later, or leave --from out`,
      ];
    if (until < from || (window.until === from && window.from === from))
      return [`expected the window of ${name} to end after ${isoOf(from)}, where it starts; found ${isoOf(until)}`];
    return [];
  });
  if (mistakes.length > 0) throw new BadInput(mistakes.map((message) => ({ file, message })));
  return series
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((market) => statsOf(market, window.from ?? market.at[0] ?? 0, until, window.usdOnDemand));
}

function statsOf(
  { instanceType, zone, product, at: instants, usdPerHour: prices }: PriceSeries,
  from: Instant,
  until: Instant,
  usdOnDemand: number | undefined,
): PriceStats {
  const lead = instants.findLastIndex((at) => at <= from);
  let points = 0;
  let [usdTotal, usdTotalHourStart, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [upcrossings, msAtOrBelow, nextHour] = [0, 0, from];
  for (let index = lead; index < instants.length; index += 1) {
    const [at, usdPerHour] = [instants[index]!, prices[index]!];
    if (at >= until && at > from) break;
    points += 1;
    const end = Math.min(instants[index + 1] ?? until, until);
    const lengthMs = end - Math.max(at, from);
    usdTotal += (usdPerHour * lengthMs) / hours(1);
    for (; nextHour < end; nextHour += hours(1)) usdTotalHourStart += usdPerHour;
    [min, max] = [Math.min(min, usdPerHour), Math.max(max, usdPerHour)];
    if (usdOnDemand === undefined) continue;
    if (usdPerHour <= usdOnDemand) msAtOrBelow += lengthMs;
    else if (index > lead && prices[index - 1]! <= usdOnDemand) upcrossings += 1;
  }
  const length = (until - from) / hours(1);
  const isTime = length > 0;
  return {
    ...{ instanceType, zone, product, points, from, until, hours: length, usdTotal, usdTotalHourStart },
    ...(isTime ? { min, max, mean: usdTotal / length } : { min: null, max: null, mean: null }),
    ...(usdOnDemand === undefined
      ? {}
      : {
          upcrossings,
          hoursAtOrBelowOnDemand: msAtOrBelow / hours(1),
          saving: isTime ? 1 - usdTotal / (usdOnDemand * length) : null,
        }),
  };
}
