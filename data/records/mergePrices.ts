import { BadInput } from '../../src/config/mistakes.ts';
import type { ReadingNotes } from './notes.ts';
import { inTime } from './prices/columns.ts';
import { historyOf, keyOf, PriceHistory, type PriceSeries, type Prices } from './prices/history.ts';
import { newZoneCheck } from './zones.ts';

/**
 * Several files of prices as one, such as those of consecutive days. Where they overlap, the later file stands.
 *
 * @returns the prices, and how many the overlaps dropped.
 * @throws BadInput if some name zones and others give their IDs.
 */
export function mergePrices(files: readonly { readonly rows: Prices; readonly notes: Pick<ReadingNotes, 'file'> }[]): {
  readonly rows: PriceHistory;
  readonly repeats: number;
} {
  const zones = newZoneCheck();
  const markets = new Map<string, PriceSeries[]>();
  for (const { rows, notes } of files)
    for (const one of historyOf(rows).series) {
      const own = markets.get(keyOf(one));
      if (own !== undefined) {
        own.push(one);
        continue;
      }
      // A whole region was let pass where its file was read.
      const message = files.length === 1 ? undefined : zones.mistakeIn(one.zone);
      if (message !== undefined) throw new BadInput([{ file: notes.file, message }]);
      markets.set(keyOf(one), [one]);
    }
  let repeats = 0;
  const series = [...markets.values()].map((parts): PriceSeries => {
    const [first] = parts;
    if (first === undefined || parts.length === 1) return first!;
    const rows = parts.reduce((sum, { at }) => sum + at.length, 0);
    const [at, usdPerHour] = [new Float64Array(rows), new Float64Array(rows)];
    let filled = 0;
    for (const part of parts) {
      at.set(part.at, filled);
      usdPerHour.set(part.usdPerHour, filled);
      filled += part.at.length;
    }
    const joined = inTime({ at, usdPerHour });
    repeats += rows - joined.at.length;
    return { ...first, ...joined };
  });
  return { rows: new PriceHistory(series), repeats };
}
