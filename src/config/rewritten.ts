import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Path } from './source.ts';

/** A value that is to stand in a document: on one line, as `flow` writes it. */
export interface Rewriting {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * The text of a YAML document with other values in it; whatever is not changed stays as it was written, comments and blanks too. A key
 * that is not there is put after its neighbours.
 *
 * @param flow a value as YAML on one line
 */
export const rewritten = (text: string, rewritings: readonly Rewriting[], flow: (value: unknown) => string): string =>
  rewritings.reduce((now, rewriting) => withValue(now, rewriting, flow), text);

function withValue(text: string, { path, value }: Rewriting, flow: (value: unknown) => string): string {
  const { contents } = parseDocument(text);
  let here: Node | null = contents;
  for (const [index, step] of path.entries()) {
    if (isSeq(here)) {
      // Known: a list of a document holds nodes.
      here = here.items[Number(step)] as Node | null;
      continue;
    }
    if (!isMap(here)) break;
    const pair = pairAt(here, step);
    if (pair === undefined) return withKey(text, here, step, nested(path.slice(index + 1), value), flow);
    if (index === path.length - 1 || !(isMap(pair.value) || isSeq(pair.value))) {
      const rest = nested(path.slice(index + 1), value);
      return withPair(text, pair, rest, flow);
    }
    here = pair.value;
  }
  return text;
}

const pairAt = (map: YAMLMap, step: string | number): Pair | undefined =>
  map.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));

/** A value at a path of mappings. */
const nested = (path: Path, value: unknown): unknown =>
  path.toReversed().reduce((inner, step) => ({ [step]: inner }), value);

function withPair(text: string, { key, value: old }: Pair, value: unknown, flow: (value: unknown) => string): string {
  // Known: both were parsed from the text.
  const [, keyEnd] = (key as Node).range ?? [0, 0];
  const colon = text.indexOf(':', keyEnd) + 1;
  const [start, end] = (old as Node | null)?.range ?? [colon, colon];
  const isBelow = start > colon && text.slice(colon, start).includes('\n');
  const replaced = text.slice(isBelow ? colon : start, end);
  // A value of several lines ends with the last of them.
  const tail = replaced.slice(replaced.trimEnd().length);
  const from = isBelow || start === colon ? `${text.slice(0, colon)} ` : text.slice(0, start);
  return `${from}${flow(value)}${tail.includes('\n') ? tail : ''}${text.slice(end)}`;
}

function withKey(
  text: string,
  map: YAMLMap,
  key: string | number,
  value: unknown,
  flow: (value: unknown) => string,
): string {
  const entry = `${key}: ${flow(value)}`;
  const [first] = map.items;
  const [start, end] = map.range ?? [0, text.length];
  if (map.flow === true || first === undefined) {
    const close = text.lastIndexOf('}', end);
    const inner = text.slice(start + 1, close).trimEnd();
    return `${text.slice(0, start + 1)}${inner}${first === undefined ? ' ' : ', '}${entry} ${text.slice(close)}`;
  }
  // Known: a mapping in a block has its keys where its first one stands.
  const at = (first.key as Node).range?.[0] ?? 0;
  const indent = at - (text.lastIndexOf('\n', at - 1) + 1);
  const last = map.items.at(-1);
  const lastEnd = (last?.value as Node | null)?.range?.[1] ?? end;
  const lineEnd = text.indexOf('\n', Math.max(0, lastEnd - 1));
  const place = lineEnd < 0 ? text.length : lineEnd + 1;
  const before = lineEnd < 0 ? `${text}\n` : text.slice(0, place);
  return `${before}${' '.repeat(indent)}${entry}\n${text.slice(place)}`;
}
