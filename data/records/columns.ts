import { nearest } from '../../src/config/suggest.ts';

/** In which column each field of a table stands; absent where the table has no such column. */
export type Columns<Field extends string> = Readonly<Partial<Record<Field, number>>>;

/** The names under which recordings know a field; the first one is ours. */
export type ColumnNames<Field extends string> = Readonly<Record<Field, readonly string[]>>;

/** Finds fields by the names in the header, never by position; case, blanks, hyphens and underscores do not matter. */
export function columnsIn<Field extends string>(header: readonly string[], names: ColumnNames<Field>): Columns<Field> {
  const plainHeader = header.map(plain);
  const columns: Partial<Record<Field, number>> = {};
  // Known: the keys of the record are its fields.
  for (const field of Object.keys(names) as Field[]) {
    const column = names[field].map((name) => plainHeader.indexOf(plain(name))).find((index) => index >= 0);
    if (column !== undefined) columns[field] = column;
  }
  return columns;
}

/** The message for columns that are not there, with those that are, and a likely slip of the pen. */
export function missingColumns(missing: readonly string[], header: readonly string[]): string {
  const slips = missing.flatMap((name) => {
    const slip = nearest(name, header);
    return slip === undefined ? [] : [`is "${slip}" meant to be ${name}?`];
  });
  const cells = header.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const found = cells.length === 0 ? 'no names' : cells.slice(0, MOST_SHOWN).join(', ');
  const columns = missing.length === 1 ? 'a column' : 'columns';
  return `expected ${columns} ${missing.join(', ')}; found ${found}${slips.map((slip) => ` (${slip})`).join('')}`;
}

const MOST_SHOWN = 20;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_\s]/g, '');
