import { z } from 'zod';
import { inOrder, type Mistake } from './mistakes.ts';
import type { Path, Source } from './source.ts';
import { suggestion } from './suggest.ts';

/** Something wrong with a document's content, before its place, and what was found there, are looked up. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** `key` where the key itself is what is wrong. */
  readonly part?: 'key' | 'value';
  /** Where it is wrong, if that is another file which the document names, such as a policy. */
  readonly elsewhere?: Elsewhere;
}

/** A place in another file than the document. */
export interface Elsewhere {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What to hand to `safeParse`, so that its issues can be turned into findings. */
export const wording = { error: (issue: z.core.$ZodRawIssue): string | undefined => messageOf(issue) };

/** One finding for each thing that is wrong; `base` is where the value that was parsed stands in its document. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], base: Path = []): readonly Finding[] {
  return issues.flatMap((issue): readonly Finding[] => {
    if (isBeyondIntegers(issue) && issues.some((other) => other !== issue && samePath(issue, other))) return [];
    const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
    if (issue.code === 'unrecognized_keys') {
      const messages = issue.message.split('\n');
      return issue.keys.map((key, index) => ({
        path: [...path, key],
        message: messages[index] ?? `unknown key ${JSON.stringify(key)}`,
        part: 'key',
      }));
    }
    if (issue.code === 'invalid_key') {
      const expected = issue.issues[0]?.message ?? 'expected another key';
      return [{ path, message: withFound(expected, path.at(-1)), part: 'key' }];
    }
    // A schema that asks another one, elsewhere, passes on which part was meant.
    if (issue.code === 'custom' && issue.params?.['part'] === 'key')
      return [{ path, message: issue.message, part: 'key' }];
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const branch = likelyBranch(issue.errors);
      if (branch !== undefined) return findingsOf(branch, path);
      if (issue.message === ANOTHER_VALUE) return [{ path, message: anyOf(issue.errors) }];
    }
    return [{ path, message: issue.message }];
  });
}

/** A whole number so large that it is not exact; where its option has a limit of its own, that one is worth saying. */
const isBeyondIntegers = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'too_big'
    ? issue.maximum === Number.MAX_SAFE_INTEGER
    : issue.code === 'too_small' && issue.minimum === Number.MIN_SAFE_INTEGER;

const samePath = (a: z.core.$ZodIssue, b: z.core.$ZodIssue): boolean =>
  a.path.length === b.path.length && a.path.every((step, index) => step === b.path[index]);

/** The findings as mistakes with line and column, in the order of the document, each said once. */
export function mistakesOf(findings: readonly Finding[], source: Source): readonly Mistake[] {
  const mistakes = findings.map(({ path, message, part, elsewhere }): Mistake => {
    if (elsewhere !== undefined) return { ...elsewhere, message };
    const place = source.placeOf(path, part);
    return {
      file: source.file,
      ...place,
      path: pathText(path),
      message: withFound(message, valueAt(source.value, path)),
    };
  });
  const once = [...new Map(mistakes.map((one) => [`${one.file}\n${one.path ?? ''}\n${one.message}`, one])).values()];
  const isHere = ({ file }: Mistake): boolean => file === source.file;
  return [...inOrder(once.filter(isHere)), ...once.filter((mistake) => !isHere(mistake))];
}

/** `pools[0].lease.duration`. */
const pathText = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');

/** What was found, short enough for one line. */
function foundText(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  const text = typeof value === 'number' ? numberText(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** As YAML writes it; JSON has no word for what is no finite number. */
const numberText = (value: number): string => {
  if (Number.isNaN(value)) return '.nan';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '.inf' : '-.inf';
};

export function valueAt(value: unknown, path: Path): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    // Checked one line above: it is an object that owns this key.
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

const withFound = (message: string, found: unknown): string =>
  message.startsWith('expected ') && !/\bfound\b/.test(message) ? `${message}, found ${foundText(found)}` : message;

/** Of the branches of a union the one that was meant: its own type fits, so its issues lie deeper. */
function likelyBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const fitting = branches.filter((issues) =>
    issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  );
  const lieDeeper = (issues: readonly z.core.$ZodIssue[]): boolean => issues.every(({ path }) => path.length > 0);
  return fitting.toSorted((a, b) => Number(lieDeeper(b)) - Number(lieDeeper(a)) || a.length - b.length)[0];
}

/** What each branch of a union expected: `expected a whole number or a mapping such as { service: … }`. */
function anyOf(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const nouns = branches.flatMap(([first]) => /^expected (.*?)(?:, found .*)?$/.exec(first?.message ?? '')?.[1] ?? []);
  return nouns.length === 0 ? ANOTHER_VALUE : `expected ${[...new Set(nouns)].join(' or ')}`;
}

const ANOTHER_VALUE = 'expected another value';

/** The words for one issue; undefined leaves it to the schema's own. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${describedAs(issue.inst) ?? mappingOf(issue.inst) ?? TYPES[typeName(issue)] ?? issue.expected}`;
    case 'unrecognized_keys': {
      const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
      return issue.keys.map((key) => unknownKey(key, known)).join('\n');
    }
    case 'invalid_value':
      return oneOf(issue.values, issue.input);
    case 'invalid_union':
      return Array.isArray(issue['options']) && typeof issue['discriminator'] === 'string'
        ? oneOf(issue['options'], valueAt(issue.input, [issue['discriminator']]))
        : describedAs(issue.inst) === undefined
          ? ANOTHER_VALUE
          : `expected ${describedAs(issue.inst)}`;
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_format':
      return `expected text like ${issue.pattern ?? issue.format}`;
    case 'not_multiple_of':
      return `expected a multiple of ${String(issue.divisor)}`;
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return undefined;
  }
}

/** The message for a key that is not among the known ones. */
const unknownKey = (key: string, known: readonly string[]): string => {
  const near = suggestion(key, known);
  const others = near === '' && known.length > 0 ? `; known are ${known.join(', ')}` : '';
  return `unknown key ${JSON.stringify(key)}${near}${others}`;
};

/** The message for a value that is not among the known ones. */
export function oneOf(known: readonly unknown[], found: unknown): string {
  const names = known.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const expected = names.length === 1 ? (names[0] ?? '') : `one of ${names.join(', ')}`;
  return `expected ${expected}, found ${foundText(found)}${typeof found === 'string' ? suggestion(found, names) : ''}`;
}

function bound(origin: string, side: string, limit: number | bigint): string {
  if (origin === 'array' || origin === 'set') return `expected ${side} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return `expected ${side} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `expected a number of ${side} ${limit}`;
}

/** A mapping of few fields as one would write it: `a mapping such as { policy: … }`. */
function mappingOf(inst: unknown): string | undefined {
  if (!(inst instanceof z.ZodObject)) return undefined;
  // Known: the fields of a zod object are zod types.
  const shape = inst.shape as Readonly<Record<string, z.ZodType>>;
  const keys = Object.entries(shape).filter(([, field]) => !field.safeParse(undefined).success);
  if (keys.length === 0 || keys.length > MOST_FIELDS_SHOWN) return undefined;
  return `a mapping such as { ${keys.map(([key]) => `${key}: …`).join(', ')} }`;
}

const MOST_FIELDS_SHOWN = 3;

/** zod says `number` of a missing whole number; its schema knows better. */
const typeName = ({ inst, expected }: { readonly inst?: unknown; readonly expected: string }): string =>
  inst instanceof z.ZodNumberFormat ? 'int' : expected;

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

/** `a length of time such as 90s` for a schema described by a noun phrase; other descriptions explain, and name no type. */
function describedAs(inst: unknown): string | undefined {
  if (!(inst instanceof z.ZodType)) return undefined;
  const { description } = inst;
  return description !== undefined && /^An? /.test(description)
    ? description.charAt(0).toLowerCase() + description.slice(1)
    : undefined;
}
