/** A value that the query protocol can carry. */
export type Leaf = string | number | boolean;

/** What AWS calls a parameter or a member of an answer: a leaf, a list, or named parts. Undefined is left out. */
export type Field = Leaf | undefined | readonly Field[] | Fields;

/** Named parts, by AWS's own names: requests, templates and answers are kept in the words they came in. */
export interface Fields {
  readonly [name: string]: Field;
}

/** The named parts at a path; none if there is nothing there. */
export function partsOf(fields: Fields, ...path: readonly string[]): Fields {
  const found = fieldAt(fields, path);
  return isFields(found) ? found : {};
}

/** The text at a path; undefined if there is none, or none but blank: the protocol cannot tell an empty text from none. */
export function textOf(fields: Fields, ...path: readonly string[]): string | undefined {
  const found = fieldAt(fields, path);
  return found === undefined || found === '' || typeof found === 'object' ? undefined : String(found);
}

/** The list at a path; none is an empty list. */
export function listOf(fields: Fields, ...path: readonly string[]): readonly Field[] {
  const found = fieldAt(fields, path);
  return isList(found) ? found : [];
}

/** The texts of a list. */
export const textsOf = (fields: Fields, ...path: readonly string[]): readonly string[] =>
  listOf(fields, ...path).flatMap((one) => (one === undefined || typeof one === 'object' ? [] : [String(one)]));

/** The members of a list that have parts. */
export const membersOf = (fields: Fields, ...path: readonly string[]): readonly Fields[] =>
  listOf(fields, ...path).filter(isFields);

/** The number at a path; undefined if there is none, NaN if it is none. */
export function numberOf(fields: Fields, ...path: readonly string[]): number | undefined {
  const text = textOf(fields, ...path);
  return text === undefined ? undefined : Number(text);
}

/** Whether the flag at a path is set. */
export const flagOf = (fields: Fields, ...path: readonly string[]): boolean => textOf(fields, ...path) === 'true';

/** All parts but those of some names. */
export const without = (fields: Fields, ...names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** The same text for the same parts, whatever their order. */
export function canonical(field: Field): string {
  if (isList(field)) return `[${field.map(canonical).join(',')}]`;
  if (!isFields(field)) return JSON.stringify(field === undefined ? null : String(field));
  const parts = Object.entries(field).filter(([, value]) => value !== undefined);
  parts.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join(',')}}`;
}

export const isFields = (field: Field): field is Fields => typeof field === 'object' && !Array.isArray(field);

export const isList = (field: Field): field is readonly Field[] => Array.isArray(field);

function fieldAt(fields: Fields, path: readonly string[]): Field {
  let at: Field = fields;
  for (const name of path) {
    if (!isFields(at)) return undefined;
    at = Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}
