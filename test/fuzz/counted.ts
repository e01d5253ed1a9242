import { BadInput } from '../../src/config/mistakes.ts';
import { COUNTED, type CountedShape, type Tally, upTo } from './countedShapes.ts';
import { type Chance, chanceOf, mutated } from './mutate.ts';

/** An input whose rows are to be accounted for. */
export interface CountedInput {
  readonly shape: CountedShape;
  readonly text: string;
  /** How many rows are in it, where the change left that alone; undefined: any number. */
  readonly rows: number | undefined;
}

/** The input of a seed with a number: the shapes take turns. */
export function countedInput(seed: number, index: number, shapes: readonly CountedShape[] = COUNTED): CountedInput {
  const shape = shapes[index % shapes.length];
  if (shape === undefined) throw new RangeError('no shape to try');
  const chance = chanceOf(Math.imul(seed, 0x9e3779b1) ^ index);
  const rows = 1 + upTo(12, chance);
  const text = shape.write(rows, chance);
  if (chance() < 0.4) return { shape, text: mutated(text, chance), rows: undefined };
  let changed = text;
  for (let changes = 1 + upTo(3, chance); changes > 0; changes -= 1) changed = withOtherValue(changed, chance);
  return { shape, text: changed, rows };
}

/** What is wrong with how a reader accounts for the rows of an input; undefined if nothing is, or if it tells mistakes. */
export async function lossIn({ shape, text, rows }: CountedInput): Promise<string | undefined> {
  let tally: Tally;
  try {
    tally = await shape.read(text);
  } catch (error) {
    if (error instanceof BadInput && error.mistakes.length > 0) return undefined;
    return error instanceof Error ? (error.stack ?? error.message) : `threw ${typeof error}`;
  }
  const { read, used, setAside } = tally;
  if (used + setAside !== read) return `read ${read} rows, used ${used} and set aside ${setAside}`;
  const least = rows ?? linesIn(text, shape);
  return least !== undefined && read < least ? `read ${read} rows of ${least}` : undefined;
}

/** Rows of a plain table: a line each under the header. Undefined where lines do not tell. */
function linesIn(text: string, { name }: CountedShape): number | undefined {
  if (!/\.csv$|a table/.test(name) || /["\0]/.test(text)) return undefined;
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const rows = lines.filter((line) => line.replace('\uFEFF', '') !== '' && !/^\uFEFF?sep=/i.test(line));
  return rows.length - 1;
}

/** What a cell or a value may hold in place of what it should; none of it ends a cell, a line or a text. */
const STRANGE = [
  ...['', '0', '-1', 'NaN', 'null', 'None', '-', 'x', '1e308', '999999999999999999999', '0001-01-01T00:00:00Z'],
  ...[
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-02-30T00:00:00Z',
    '2026-02-02T08:00:00',
    '2026-02-01T00:00:00Z',
  ],
  ...['skipped', 'cancelled', 'running', 'success', 'toString', '__proto__', 'us-east-1', 'use1-az4', '🚀', 'Infinity'],
];
const STRANGE_JSON: readonly unknown[] = [
  ...STRANGE,
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    1_772_000_000,
    1_772_000_000_000,
    [],
    {},
    [null],
    { a: 1 },
    { toString: 1 },
    { valueOf: {}, toString: null },
  ],
];

const pick = <Value>(values: readonly Value[], chance: Chance): Value | undefined =>
  values[upTo(values.length, chance)];

/** The same text with one value changed and all rows still there. */
function withOtherValue(text: string, chance: Chance): string {
  if (/^\s*[[{]/.test(text)) return otherInJson(text, chance) ?? text;
  const lines = text.split('\n');
  const mark = ['\t', ';', '|', ','].find(
    (one) => (lines[0] ?? '').includes(one) && !(lines[0] ?? '').startsWith('sep'),
  );
  if (mark === undefined || text.startsWith('-') || text.includes('"')) return text;
  const at = 1 + upTo(lines.length - 1, chance);
  const cells = (lines[at] ?? '').split(mark);
  if (cells.length < 2 || cells.join(mark) === lines[0]) return text;
  const [cell, end] = [upTo(cells.length, chance), cells.at(-1)?.endsWith('\r') === true ? '\r' : ''];
  cells[cell] = pick(STRANGE, chance) ?? '';
  if (cell === cells.length - 1) cells[cell] += end;
  lines[at] = cells.join(mark);
  return lines.join('\n');
}

/** One document, or documents a line each. Undefined for any other way of stringing them together. */
function otherInJson(text: string, chance: Chance): string | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const whole = jsonIn(text);
  if (whole !== undefined) return JSON.stringify(changed(whole, chance));
  const documents = lines.map(jsonIn);
  if (documents.includes(undefined)) return undefined;
  const at = upTo(documents.length, chance);
  return documents.map((one, index) => `${JSON.stringify(index === at ? changed(one, chance) : one)}\n`).join('');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Leaf = readonly [holder: Record<string, unknown>, key: string];

/** Keys that say what their object is, or how many there are: without them a row is none. */
const NAMES_THE_KIND =
  /^(?:kind|apiVersion|__name__|metric|resultType|object_kind|_class|type|__typename|action|build_name)$/;

function changed(document: unknown, chance: Chance): unknown {
  const leaves: Leaf[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    // Known: an object, or a list, whose keys are its places.
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      const inner = holder[key];
      if (typeof inner === 'object' && inner !== null) visit(inner, depth + 1);
      else if (!NAMES_THE_KIND.test(key) && !Array.isArray(value)) leaves.push([holder, key]);
    }
  };
  visit(document, 0);
  const leaf = pick(leaves, chance);
  if (leaf !== undefined) leaf[0][leaf[1]] = pick(STRANGE_JSON, chance);
  return document;
}
