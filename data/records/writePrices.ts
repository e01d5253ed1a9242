import { hours, type Instant, isoOf } from '../../src/domain/time.ts';
import { entriesInTime, historyOf, type PriceSeries, type Prices } from './prices/history.ts';
import { csvLine, writeLines, writtenTime } from './writeCsv.ts';

/**
 * Writes spot prices as `timestamp,instance_type,zone,product,usd_per_hour` in the order of time, whole or not at all. A row that
 * repeats the price of its market is left out.
 *
 * @throws BadInput when the place cannot be written to.
 */
export function writePrices(path: string, prices: Prices): Promise<void> {
  return writeLines(path, ['timestamp', 'instance_type', 'zone', 'product', 'usd_per_hour'], changes(prices));
}

function* changes(prices: Prices): Generator<string> {
  const { series } = historyOf(prices);
  const cells = new Map(
    series.map((one): [PriceSeries, string] => [one, csvLine([one.instanceType, one.zone, one.product])]),
  );
  const timeOf = newTimes();
  for (const { one, index } of entriesInTime(series)) {
    const [price, before] = [one.usdPerHour[index], one.usdPerHour[index - 1]];
    if (index > 0 && price === before) continue;
    yield `${timeOf(one.at[index] ?? 0)},${cells.get(one) ?? ''},${price ?? 0}`;
  }
}

const DAY_MS = hours(24);

/** Writes times; a day is written once for all of its rows, since they come by the million. */
function newTimes(): (at: Instant) => string {
  let [day, date] = [Number.NaN, ''];
  const two = Array.from({ length: 60 }, (_, index) => String(index).padStart(2, '0'));
  return (at) => {
    if (at < 0 || at % 1_000 !== 0) return writtenTime(isoOf(at));
    const of = Math.floor(at / DAY_MS);
    if (of !== day) {
      day = of;
      date = isoOf(of * DAY_MS).slice(0, 11);
    }
    const second = (at - of * DAY_MS) / 1_000;
    return `${date}${two[Math.floor(second / 3_600)] ?? ''}:${two[Math.floor(second / 60) % 60] ?? ''}:${two[second % 60] ?? ''}Z`;
  };
}
