import { z } from 'zod';
import { type Catalogue, type PolicyDefinition, type PolicySlot, type Shelf } from '../policy/definePolicy.ts';
import { saidBy } from '../policy/saidBy.ts';
import { shelfOf } from '../policy/shelf.ts';
import { type Beside, isPolicyPath } from './beside.ts';
import { type Finding, findingsOf, oneOf, valueAt, wording } from './explain.ts';
import { BadInput } from './mistakes.ts';
import { placesIn } from './optionPlaces.ts';
import type { Path } from './source.ts';

/** Which policy fills a slot that a pool leaves out; none for operating hours, which nobody can guess. */
export const DEFAULT_POLICIES: Readonly<Partial<Record<PolicySlot, string>>> = {
  scaling: 'scheduled',
  renewal: 'surge',
  purchase: 'cheapest',
};

/** Policies may hold policies; deeper than this nobody understands what decides. */
const MOST_WITHIN = 8;

/** A definition of whatever slot; what it creates is used only where the slot is known. */
type AnyDefinition = Pick<PolicyDefinition, 'name' | 'about' | 'options' | 'example'> & {
  create(options: unknown, shelf: Shelf): unknown;
};

/** The policies of a slot, by name. */
export const policiesFor = (catalogue: Catalogue, slot: PolicySlot): Readonly<Record<string, AnyDefinition>> =>
  catalogue[slot];

/** Where policies and texts are looked up. */
export interface Known {
  readonly catalogue: Catalogue;
  readonly beside: Beside;
  /** Whether texts are still to be read from their files; in a recording they are in the options already. */
  readonly embeds: boolean;
}

/** A choice as it was written, and the place of its name and its options in the document. */
export interface WrittenChoice {
  readonly slot: PolicySlot;
  readonly name: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  readonly namePath: Path;
  readonly path: Path;
}

/** What a choice came to: all that is wrong with it, and its options with the texts that they name. */
export interface ReadChoice {
  readonly findings: readonly Finding[];
  readonly options: Readonly<Record<string, unknown>>;
  /** The numbers of blocks in it and in the policies that it names, which the pool must have room for. */
  readonly counts: readonly BlockCount[];
}

/** A number of blocks that a policy is to hold or to spare, and its place in the document. */
interface BlockCount {
  readonly path: Path;
  readonly blocks: number;
}

/** What is wrong with counts of blocks in a pool that may have no more than so many. */
export const beyondMaxBlocks = (counts: readonly BlockCount[], maxBlocks: number): readonly Finding[] =>
  counts
    .filter(({ blocks }) => blocks > maxBlocks)
    .map(({ path }) => ({
      path,
      message: `expected at most ${maxBlocks}, the pool's maxBlocks: lower this or raise that`,
    }));

/**
 * Reads a choice: its name, its options by the policy's own schema, the policies and files that these options name, however
 * deep, and what `create` throws.
 */
export function readChoice(written: WrittenChoice, known: Known, depth = 1): ReadChoice {
  const { slot, name, options, namePath, path } = written;
  if (typeof name !== 'string') return { findings: [], options, counts: [] }; // the document's schema says what is wrong with it
  if (depth > MOST_WITHIN)
    return {
      ...{ options, counts: [] },
      findings: [{ path, message: `expected at most ${MOST_WITHIN} policies within one another` }],
    };
  const found = definitionOf(slot, name, namePath, known);
  if ('findings' in found) return { findings: found.findings, options, counts: [] };
  const { definition } = found;

  let complete = options;
  const within: Finding[] = [];
  const counts: BlockCount[] = [];
  for (const place of placesIn(definition.options, options)) {
    const at = [...path, ...place.path];
    const value = valueAt(complete, place.path);
    if (place.holds === 'blocks') {
      if (typeof value === 'number') counts.push({ path: at, blocks: value });
    } else if (place.holds === 'textFile') {
      const read = known.embeds ? textAt(value, at, known.beside) : { findings: [], value };
      within.push(...read.findings);
      complete = withValue(complete, place.path, read.value);
    } else {
      const nested = { slot: place.slot, name: valueAt(value, ['policy']), options: optionsIn(value) };
      const read = readChoice({ ...nested, namePath: [...at, 'policy'], path: at }, known, depth + 1);
      within.push(...read.findings);
      counts.push(...read.counts);
      if (typeof nested.name === 'string')
        complete = withValue(complete, place.path, { ...read.options, policy: nested.name });
    }
  }
  if (within.length > 0) {
    // What the schema says of a place that is wrong already, or of what lies in it, would be said twice.
    const parsed = strict(definition.options).safeParse(complete, wording);
    const own = parsed.success ? [] : findingsOf(parsed.error.issues, path);
    return {
      findings: [...within, ...own.filter((one) => !within.some((other) => liesIn(one, other)))],
      options,
      counts,
    };
  }
  return { findings: madeFindings(definition, complete, name, path, known), options: complete, counts };
}

function definitionOf(
  slot: PolicySlot,
  name: string,
  path: Path,
  { catalogue, beside }: Known,
): { readonly definition: AnyDefinition } | { readonly findings: readonly Finding[] } {
  if (isPolicyPath(name)) {
    const found = beside.policy(name);
    if ('mistakes' in found) return { findings: found.mistakes.map((mistake) => ({ path, ...mistake })) };
    if (found.slot === slot) return found;
    const message = `expected a policy for ${slot}, found one for ${found.slot} in ${name}`;
    return { findings: [{ path, message }] };
  }
  const policies = policiesFor(catalogue, slot);
  const definition = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (definition !== undefined) return { definition };
  const hint = /[./\\]/.test(name) ? '; a path begins with ./, ../ or /' : '';
  return { findings: [{ path, message: `${oneOf(Object.keys(policies), name)}${hint}` }] };
}

/** A file's name as the option's value: the name and the text. */
function textAt(
  value: unknown,
  path: Path,
  beside: Beside,
): { readonly findings: readonly Finding[]; readonly value: unknown } {
  const finding = (message: string) => ({ findings: [{ path, message }], value });
  if (typeof value !== 'string') return finding('expected the path of a text file beside the pools file');
  const read = beside.text(value);
  return 'obstacle' in read ? finding(read.obstacle) : { findings: [], value: { file: value, text: read.text } };
}

function madeFindings(
  definition: AnyDefinition,
  options: unknown,
  name: string,
  path: Path,
  { catalogue, beside }: Known,
): readonly Finding[] {
  const parsed = strict(definition.options).safeParse(options, wording);
  if (!parsed.success) return findingsOf(parsed.error.issues, path);
  try {
    definition.create(parsed.data, shelfOf(beside.extend(catalogue)));
    return [];
  } catch (error) {
    // A policy may be user code: whatever it throws concerns what the user wrote here.
    if (error instanceof BadInput) return error.mistakes.map(({ message }) => ({ path, message }));
    return [{ path, message: `the policy ${name} says: ${saidBy(error)}` }];
  }
}

/** The options of a choice as it is written in `pools.yaml`, where they stand beside the policy's name. */
export function optionsIn(written: unknown): Readonly<Record<string, unknown>> {
  if (typeof written !== 'object' || written === null) return {};
  return Object.fromEntries(Object.entries(written).filter(([key]) => key !== 'policy'));
}

/** Unknown options are mistakes even where the policy's author forgot to say so. */
export const strict = (options: z.ZodType): z.ZodType => (options instanceof z.ZodObject ? options.strict() : options);

const liesIn = ({ path }: Finding, other: Finding): boolean => other.path.every((step, index) => path[index] === step);

/** The record with another value at a path that is there. */
function withValue(record: Readonly<Record<string, unknown>>, path: Path, value: unknown): Record<string, unknown> {
  // Known: a path of at least one step into a record leads to a record again.
  return replaced(record, path, value) as Record<string, unknown>;
}

function replaced(here: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(here))
    return here.map((entry: unknown, index) => (index === step ? replaced(entry, rest, value) : entry));
  return typeof here === 'object' && here !== null
    ? { ...here, [step]: replaced(valueAt(here, [step]), rest, value) }
    : here;
}
