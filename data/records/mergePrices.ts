import { BadInput } from '../../src/config/mistakes.ts';
import type { RecordedRows } from './notes.ts';
import { putInTime } from './order.ts';
import type { PriceRow } from './rows.ts';
import { newZoneCheck } from './zones.ts';

/**
 * Several files of prices as one, such as those of consecutive days. Where they overlap, the later file stands.
 *
 * @returns the rows in the order of time, and how many the overlaps dropped.
 * @throws BadInput if some name zones and others give their IDs.
 */
export function mergePrices(files: readonly RecordedRows<PriceRow>[]): {
  readonly rows: readonly PriceRow[];
  readonly repeats: number;
} {
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) return { rows: only.rows, repeats: 0 };
  const zones = newZoneCheck();
  const markets = new Map<string, PriceRow[]>();
  for (const { rows, notes } of files) {
    for (const row of rows) {
      const key = `${row.instanceType}\t${row.zone}\t${row.product}`;
      const market = markets.get(key);
      if (market !== undefined) market.push(row);
      else {
        const message = zones.mistakeIn(row.zone);
        if (message !== undefined) throw new BadInput([{ file: notes.file, message }]);
        markets.set(key, [row]);
      }
    }
  }
  let repeats = 0;
  const merged: PriceRow[] = [];
  for (const market of markets.values()) {
    repeats += putInTime(market);
    for (const row of market) merged.push(row);
  }
  return { rows: merged.sort((a, b) => a.at - b.at), repeats };
}
