import { z } from 'zod';
import { POLICY_SLOTS, type PolicySlot } from '../policy/definePolicy.ts';
import type { Path } from './source.ts';

/**
 * A place in a policy's options that says more than its value: another policy, a file whose text the policy gets, or a number of
 * blocks that the pool must have room for.
 */
export type OptionPlace =
  | { readonly path: Path; readonly holds: 'policy'; readonly slot: PolicySlot }
  | { readonly path: Path; readonly holds: 'textFile' }
  | { readonly path: Path; readonly holds: 'blocks' };

/** A schema that stands for one elsewhere: it knows the places by asking, and holds none itself. */
export type PlacesByAsking = (options: unknown) => readonly OptionPlace[];

/** The places of `choiceOf` and `textFile` in options as they were written; a part that was left out has none. */
export function placesIn(schema: z.ZodType, written: unknown): readonly OptionPlace[] {
  const found = new Map<string, OptionPlace>();
  walk(schema, written, []);
  return [...found.values()];

  function walk(part: z.core.$ZodType, value: unknown, path: Path): void {
    if (value === undefined || path.length > MOST_LEVELS) return;
    const meta = part instanceof z.ZodType ? (part.meta() ?? {}) : {};
    const slot = POLICY_SLOTS.find((one) => one === meta['policyFor']);
    const asking = meta['placesByAsking'];
    if (slot !== undefined) add({ path, holds: 'policy', slot });
    else if (meta['embedsFile'] === true) add({ path, holds: 'textFile' });
    else if (meta['withinMaxBlocks'] === true) add({ path, holds: 'blocks' });
    // Known: only `src/userPolicies` puts this key into a schema's meta, and with a function of this type.
    else if (typeof asking === 'function') for (const place of (asking as PlacesByAsking)(value)) add(place);
    else for (const [inner, entry, step] of partsOf(part, value)) walk(inner, entry, [...path, ...step]);
  }

  function add(place: OptionPlace): void {
    found.set(`${place.holds} ${JSON.stringify(place.path)}`, place);
  }
}

/** A recursive schema over data that were built by code could go on for ever. */
const MOST_LEVELS = 32;

type Part = readonly [schema: z.core.$ZodType, value: unknown, step: Path];

/** The schemas that a schema is made of, each with the value that it is for. */
function* partsOf(schema: z.core.$ZodType, value: unknown): Iterable<Part> {
  if (schema instanceof z.ZodObject) {
    for (const [key, entry] of entriesOf(value))
      if (Object.hasOwn(schema.shape, key)) yield [schema.def.shape[key], entry, [key]];
  } else if (schema instanceof z.ZodRecord) {
    for (const [key, entry] of entriesOf(value)) yield [schema.def.valueType, entry, [key]];
  } else if (schema instanceof z.ZodArray) {
    if (Array.isArray(value)) for (const [index, entry] of value.entries()) yield [schema.def.element, entry, [index]];
  } else if (schema instanceof z.ZodTuple) {
    for (const [index, item] of schema.def.items.entries())
      if (Array.isArray(value)) yield [item, value[index], [index]];
  } else if (schema instanceof z.ZodUnion) {
    for (const option of schema.def.options) yield [option, value, []];
  } else if (schema instanceof z.ZodIntersection) {
    for (const side of [schema.def.left, schema.def.right]) yield [side, value, []];
  } else if (schema instanceof z.ZodPipe) yield [schema.def.in, value, []];
  else if (schema instanceof z.ZodLazy) yield [schema.def.getter(), value, []];
  else if (isWrapper(schema)) yield [schema.def.innerType, value, []];
}

const isWrapper = (schema: z.core.$ZodType) =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodPrefault ||
  schema instanceof z.ZodNonOptional ||
  schema instanceof z.ZodReadonly ||
  schema instanceof z.ZodCatch;

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
