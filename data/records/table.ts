import { type ColumnNames, type Columns, columnsIn, missingColumns } from './columns.ts';
import { readDelimited } from './delimited.ts';
import type { RecordFile } from './file.ts';
import type { Problems, Where } from './problems.ts';

/** One line under a header. */
export interface TableRow<Field extends string> {
  /** The text of a field, blanks around it cut off; empty where the table has no such column. */
  readonly textOf: (field: Field) => string;
  readonly where: (field: Field) => Where;
}

/** What a table must have: one of the lists of fields, whole. */
export interface TableForm<Field extends string> {
  readonly names: ColumnNames<Field>;
  /** The lists to choose from, the likeliest first. */
  readonly needed: readonly (readonly Field[])[];
  /** What such a table holds: `CI jobs`. */
  readonly noun: string;
}

/** Reads a table by its header, column order free. What is missing in the header ends it before the first row. */
export async function readTable<Field extends string>(
  records: RecordFile,
  delimiter: string,
  { names, needed, noun }: TableForm<Field>,
  problems: Problems,
  onRow: (row: TableRow<Field>, columns: Columns<Field>) => void,
): Promise<void> {
  let columns: Columns<Field> | undefined;
  let [width, isUsable] = [0, true];
  await readDelimited(records, delimiter, problems, (cells, line) => {
    if (columns === undefined) {
      const found = columnsIn(cells, names);
      [columns, width] = [found, cells.length];
      const missing = needed.map((fields) => fields.filter((field) => found[field] === undefined));
      isUsable = missing.some((fields) => fields.length === 0);
      if (isUsable) return;
      // The list of which most is there is the one that was meant.
      const [least = []] = missing.toSorted((a, b) => a.length - b.length);
      const nameOf = (field: Field): string => names[field][0] ?? field;
      const others =
        needed.length === 1
          ? ''
          : `; a table of ${noun} has ${needed.map((fields) => fields.map(nameOf).join(' and ')).join(', or ')}`;
      problems.add({ line, column: 1 }, `${missingColumns(least.map(nameOf), cells)}${others}`);
      return;
    }
    if (!isUsable) return;
    const known = columns;
    if (cells.length !== width)
      problems.add({ line }, `expected ${width} cells as in the first line, found ${cells.length}`);
    else
      onRow(
        {
          textOf: (field) => {
            const column: number | undefined = known[field];
            return column === undefined ? '' : (cells[column] ?? '').trim();
          },
          where: (field) => ({ line, cell: known[field] ?? 0, delimiter }),
        },
        known,
      );
  });
}
