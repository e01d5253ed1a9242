import { missingColumns } from '../columns.ts';
import { readDelimited } from '../delimited.ts';
import type { RecordFile } from '../file.ts';
import type { Problems } from '../problems.ts';
import type { JsonForm } from './fromJson.ts';
import type { Wanted } from './jsonRows.ts';
import type { Judge } from './judge.ts';
import { type Field, NAMES, NEEDED, type Places, placesAmong } from './names.ts';
import { type RowForm, rowForm } from './rowForm.ts';

/** Reads the jobs of a table with a header, column order free. What is missing in the header ends it before the first row. */
export async function fromTable(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
  judge: Judge,
  wanted: Wanted = {},
): Promise<JsonForm> {
  let form = undefined as RowForm | undefined;
  let [width, isOver] = [0, false];
  let columns = new Map<string, number>();
  let cells: readonly string[] = [];
  let line = 0;
  const where = (key?: string) => ({ line, cell: columns.get(key ?? '') ?? 0, delimiter });
  const row = (): { readonly line: number } => ({ line });
  await readDelimited(records, delimiter, problems, (found, at) => {
    if (isOver) return;
    [cells, line] = [found, at];
    if (form === undefined) {
      // What spreadsheets put before the header, to say how the cells are separated.
      if (at === 1 && /^"?sep=/i.test(found[0] ?? '')) return;
      if (delimiter === '|' && isRule(found)) return;
      const places = placesAmong(found, wanted);
      if (found[0]?.startsWith('#') === true && rowForm(places) === undefined) return;
      form = checked(found, at, places, wanted, problems);
      isOver = form === undefined;
      width = found.length;
      columns = new Map(Object.values(places).map(({ name, column }) => [name, column]));
      return;
    }
    if (delimiter === '|' && isRule(found)) return;
    if (found.length !== width)
      problems.add({ line }, `expected ${width} cells as in the first line, found ${found.length}`);
    else judge.take(form.read(cellOf), (key) => (key === undefined ? row() : where(key)));
  });
  return { name: form?.name ?? '', assumptions: form?.assumptions ?? [] };

  function cellOf(column: number): string {
    return cells[column] ?? '';
  }
}

/** The line under a header, and the count under a table, as database clients draw them. */
const isRule = (cells: readonly string[]): boolean =>
  cells.every((cell) => /^[\s:+-]*$/.test(cell)) ||
  (cells.length === 1 && /^\(\d+ rows?\)$/.test(cells[0]?.trim() ?? ''));

/** How the rows are read, or what is wrong with the header. */
function checked(
  header: readonly string[],
  line: number,
  places: Places,
  wanted: Wanted,
  problems: Problems,
): RowForm | undefined {
  const strangers = Object.entries(wanted).filter(([field]) => !(field in places));
  for (const [field, name] of strangers)
    problems.add({ line, column: 1 }, `${missingColumns([name], header)}; --columns says that it holds ${field}`);
  if (strangers.length > 0) return undefined;
  const form = rowForm(places);
  if (form !== undefined) return form;
  const missing = NEEDED.map((fields) => fields.filter((field) => places[field] === undefined));
  // The list of which most is there is the one that was meant.
  const [least = []] = missing.toSorted((a, b) => a.length - b.length);
  const names = least.map((field) => (field === 'buildCreated' ? 'build_created_utc' : (NAMES[field][0] ?? field)));
  const lists = NEEDED.map((fields) => fields.map(nameOf).join(' and ')).join(', or ');
  const hint = least.length === 0 ? '' : `; or name yours: --columns ${least.map((field) => `${field}=…`).join(',')}`;
  problems.add({ line, column: 1 }, `${missingColumns(names, header)}; a table of CI jobs has ${lists}${hint}`);
  return undefined;
}

const nameOf = (field: Field): string => NAMES[field][0] ?? field;
