import { ApiError } from './apiError.ts';
import { type Fields, membersOf, textOf, textsOf } from './fields.ts';
import type { Tags } from './resources.ts';

/** The values that a filter of some name looks at; a thing that has none never matches. */
export type FilterTable<Item> = Readonly<Record<string, (item: Item) => readonly (string | undefined)[]>>;

/**
 * The things that all filters of a call let through: one of a filter's values must match one of the thing's. `*` stands for
 * any characters, `?` for one. `tag:KEY`, `tag-key` and `tag-value` work where things have tags.
 *
 * @throws ApiError `InvalidParameterValue` for a filter that the action does not have
 */
export function filtered<Item>(
  params: Fields,
  items: readonly Item[],
  table: FilterTable<Item>,
  tagsOf?: (item: Item) => Tags,
  list = 'Filter',
): readonly Item[] {
  const tests = membersOf(params, list).map((filter) => {
    const name = textOf(filter, 'Name') ?? '';
    const valuesOf = (tagsOf && tagFilter(name, tagsOf)) ?? (Object.hasOwn(table, name) ? table[name] : undefined);
    if (valuesOf === undefined) throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
    const patterns = textsOf(filter, list === 'Filter' ? 'Value' : 'Values').map(patternOf);
    return (item: Item) =>
      valuesOf(item).some((value) => value !== undefined && patterns.some((pattern) => pattern.test(value)));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

function tagFilter<Item>(
  name: string,
  tagsOf: (item: Item) => Tags,
): ((item: Item) => readonly (string | undefined)[]) | undefined {
  if (name === 'tag-key') return (item) => Object.keys(tagsOf(item));
  if (name === 'tag-value') return (item) => Object.values(tagsOf(item));
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice('tag:'.length);
  return (item) => (Object.hasOwn(tagsOf(item), key) ? [tagsOf(item)[key]] : []);
}

function patternOf(text: string): RegExp {
  const pattern = text.replace(/\\([\s\S])|[\s\S]/g, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return literal(escaped);
    return match === '*' ? '[\\s\\S]*' : match === '?' ? '[\\s\\S]' : literal(match);
  });
  return new RegExp(`^${pattern}$`);
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
