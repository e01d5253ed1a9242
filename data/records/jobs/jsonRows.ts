import type { Finds } from './found.ts';
import { type Field, type Places, placesAmong } from './names.ts';
import { isWeak, type RowForm, rowForm } from './rowForm.ts';
import { type Obj, within } from './seen.ts';

/** Paths by field, as a person gives them with `--columns`. */
export type Wanted = Parameters<typeof placesAmong>[1] & object;

/** Objects whose keys are known names of columns: rows of a table that was written as JSON. */
export interface JsonRows {
  readonly isRow: (record: Obj) => boolean;
  readonly take: (record: Obj) => void;
  /** Takes a row that leaves out the keys for which it has no value, where rows before it had them. @returns false: it is no row. */
  readonly takePart: (record: Obj) => boolean;
}

interface Known {
  readonly places: Places;
  readonly form: RowForm | undefined;
  readonly keys: readonly string[];
}

/** Which times a row may leave out, and still be one of its kind. */
const TIMES: readonly Field[] = ['queued', 'started', 'finished', 'duration'];

export function newJsonRows(finds: Finds): JsonRows {
  const forms = new Map<string, Known>();
  /** Times that rows of this file had. */
  const had = new Set<Field>();
  let [lastKeys, last]: [string, Known | undefined] = ['', undefined];

  function knownOf(record: Obj): Known {
    const keys = Object.keys(record);
    const signature = keys.join('\n');
    if (last !== undefined && signature === lastKeys) return last;
    let known = forms.get(signature);
    if (known === undefined) {
      const places = placesAmong(keys);
      known = { places, form: isWeak(places) ? undefined : rowForm(places), keys };
      if (forms.size < 1_000) forms.set(signature, known);
    }
    [lastKeys, last] = [signature, known];
    return known;
  }

  function read(record: Obj, form: RowForm, keys: readonly string[]): void {
    for (const assumption of form.assumptions) finds.assumed(assumption);
    finds.job(
      record,
      form.read((column) => record[keys[column] ?? '']),
    );
  }

  return {
    isRow: (record) => knownOf(record).form !== undefined,
    take: (record) => {
      const { form, places, keys } = knownOf(record);
      for (const field of TIMES) if (places[field] !== undefined) had.add(field);
      if (form !== undefined) read(record, form, keys);
    },
    takePart: (record) => {
      const { places, keys } = knownOf(record);
      if (TIMES.every((field) => places[field] === undefined)) return false;
      const left = TIMES.filter((field) => had.has(field) && places[field] === undefined);
      const form = rowForm({
        ...Object.fromEntries(left.map((field) => [field, { column: -1, name: field, isUtc: false }])),
        ...places,
      });
      if (form === undefined) return false;
      read(record, form, keys);
      return true;
    },
  };
}

/** Objects in which at least one of the paths leads somewhere; fields without a path are found by their names. */
export function namedRows(finds: Finds, wanted: Wanted): (record: Obj) => boolean {
  const fields = Object.entries(wanted).map(([field, path]) => ({ field, path, steps: path.split('.') }));
  const valueAt = (record: Obj, steps: readonly string[], path: string): unknown =>
    path in record ? record[path] : within(record, ...steps);
  return (record) => {
    const given = fields.map(({ steps, path }) => valueAt(record, steps, path));
    if (given.every((cell) => cell === undefined)) return false;
    // A key of which a part was given is spoken for.
    const names = fields.map(({ steps, path }) => (path in record ? path : (steps[0] ?? '')));
    const keys = Object.keys(record).filter((key) => !names.includes(key));
    const cells = [...given, ...keys.map((key) => record[key])];
    const others = Object.entries(placesAmong(keys)).map(([field, place]) => [
      field,
      { ...place, column: place.column + given.length },
    ]);
    const own = fields.map(({ field, path }, column) => {
      const { isUtc = false, unitMs } = Object.values(placesAmong([path]))[0] ?? {};
      return [field, { column, name: names[column] ?? '', isUtc, ...(unitMs === undefined ? {} : { unitMs }) }];
    });
    // Known: each has a column, a name and whether it is in UTC.
    const form = rowForm(Object.fromEntries([...others, ...own]) as Places);
    if (form === undefined) return false;
    for (const assumption of form.assumptions) finds.assumed(assumption);
    finds.job(
      record,
      form.read((column) => cells[column]),
    );
    return true;
  };
}
