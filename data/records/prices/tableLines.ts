import type { Columns } from '../columns.ts';
import type { Where } from '../problems.ts';
import type { PriceField } from './fields.ts';

/** Takes the lines of a table, one after the other, whatever separates their cells. */
export interface TableLines {
  take(cells: readonly string[], where: (cell?: number) => Where): void;
  /** There are no more. */
  end(): void;
  /** What the table turned out to be; for people. */
  readonly form: string;
  /** The columns, and how many cells a line has; undefined before the first line that tells. */
  readonly layout: { readonly columns: Columns<PriceField>; readonly width: number } | undefined;
}
