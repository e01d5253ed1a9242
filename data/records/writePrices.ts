import { isoOf } from '../../src/domain/time.ts';
import type { PriceRow } from './rows.ts';
import { writeCsv, writtenTime } from './writeCsv.ts';

/**
 * Writes spot prices as `timestamp,instance_type,zone,product,usd_per_hour`, whole or not at all. A row that repeats the price
 * of its market is left out.
 *
 * @param rows in the order of time.
 * @throws BadInput when the place cannot be written to.
 */
export function writePrices(path: string, rows: readonly PriceRow[]): Promise<void> {
  return writeCsv(path, ['timestamp', 'instance_type', 'zone', 'product', 'usd_per_hour'], changes(rows));
}

function* changes(rows: readonly PriceRow[]): Generator<readonly string[]> {
  const last = new Map<string, number>();
  for (const { at, instanceType, zone, product, usdPerHour } of rows) {
    const market = `${instanceType}\t${zone}\t${product}`;
    if (last.get(market) === usdPerHour) continue;
    last.set(market, usdPerHour);
    yield [writtenTime(isoOf(at)), instanceType, zone, product, String(usdPerHour)];
  }
}
