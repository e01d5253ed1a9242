import { newByteLines } from './byteLines.ts';
import { entriesInTime, historyOf, type Prices } from './prices/history.ts';
import { csvLine, writeLots } from './writeCsv.ts';

/**
 * Writes spot prices as `timestamp,instance_type,zone,product,usd_per_hour` in the order of time, whole or not at all. A row that
 * repeats the price of its market is left out.
 *
 * @throws BadInput when the place cannot be written to.
 */
export function writePrices(path: string, prices: Prices): Promise<void> {
  return writeLots(path, changes(prices));
}

const LINE_END = Uint8Array.of(10);

function* changes(prices: Prices): Generator<Uint8Array> {
  const { series } = historyOf(prices);
  const names = series.map((one) => Buffer.from(`,${csvLine([one.instanceType, one.zone, one.product])},`));
  const lines = newByteLines();
  lines.text('timestamp,instance_type,zone,product,usd_per_hour\n');
  for (const { one, market, index } of entriesInTime(series)) {
    const price = one.usdPerHour[index]!;
    if (index > 0 && price === one.usdPerHour[index - 1]) continue;
    lines.time(one.at[index]!);
    lines.bytes(names[market]!);
    lines.amount(price);
    lines.bytes(LINE_END);
    if (lines.isFull()) yield lines.take();
  }
  yield lines.take();
}
