import { type Columns, columnsIn } from '../columns.ts';
import { isRegion, isZone } from '../zones.ts';
import type { PriceField } from './fields.ts';

/** Reads a field that a table tells in two columns: a day and its clock, a region and the letter of a zone. */
export interface Parts {
  /** The whole value of a field. @param cell the value in a column, by its number */
  valueOf(field: PriceField, cell: (column: number) => unknown): unknown;
  /** Whether the zone of a row is put together, so that its own column does not name it. */
  isJoined(cell: (column: number) => unknown): boolean;
}

const NAMES = { region: ['region', 'region_code', 'aws_region', 'region_name'], date: ['date', 'day'] } as const;

/** @param names the header, or the keys of a row */
export function partsIn(names: readonly string[], columns: Columns<PriceField>): Parts {
  const { region, date } = columnsIn(names, NAMES);
  const { zone, at } = columns;
  const hasRegion = region !== undefined && region !== zone;
  const hasDate = date !== undefined && date !== at;
  const regionIn = (cell: (column: number) => unknown): string | undefined => {
    const [found, own] = [hasRegion ? cell(region) : undefined, cell(zone ?? -1)];
    if (typeof found !== 'string' || !isRegion(found.trim())) return undefined;
    const text = typeof own === 'string' || typeof own === 'number' ? String(own).trim() : '';
    return text === '' || isZone(text) || isRegion(text) ? undefined : found.trim();
  };
  return {
    valueOf: (field, cell) => {
      const value = cell(columns[field] ?? -1);
      if (field === 'zone' && hasRegion) {
        const found = regionIn(cell);
        // A number says no zone; with a blank between it is refused as it stands.
        if (found !== undefined)
          return /^[a-z]$/.test(String(value).trim()) ? found + String(value).trim() : `${found} ${String(value)}`;
      }
      if (field === 'at' && hasDate && typeof value === 'string' && /^\s*\d{1,2}:\d\d/.test(value))
        return `${String(cell(date)).trim()} ${value.trim()}`;
      return value;
    },
    isJoined: (cell) => regionIn(cell) !== undefined,
  };
}
