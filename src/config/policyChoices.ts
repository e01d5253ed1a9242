import { z } from 'zod';
import {
  type Catalogue,
  POLICY_SLOTS,
  type PolicyDefinition,
  type PolicySlot,
  type Shelf,
} from '../policy/definePolicy.ts';
import { shelfOf } from '../policy/shelf.ts';
import { type Finding, findingsOf, oneOf, valueAt, wording } from './explain.ts';
import { BadInput } from './mistakes.ts';
import type { Path } from './source.ts';

/** Which policy fills a slot that a pool leaves out; none for operating hours, which nobody can guess. */
export const DEFAULT_POLICIES: Readonly<Partial<Record<PolicySlot, string>>> = {
  renewal: 'surge',
  purchase: 'cheapest',
};

/** A definition of whatever slot; what it creates is used only where the slot is known. */
type AnyDefinition = Pick<PolicyDefinition, 'name' | 'about' | 'options'> & {
  create(options: unknown, shelf: Shelf): unknown;
};

/** The policies of a slot, by name. */
export const policiesFor = (catalogue: Catalogue, slot: PolicySlot): Readonly<Record<string, AnyDefinition>> =>
  catalogue[slot];

/**
 * What is wrong with the policies of pools: unknown names, options that the policy's own schema refuses, and what `create`
 * throws. `where` says where a pool keeps the choice for a slot: its name and its options.
 */
export function policyFindings(
  value: unknown,
  catalogue: Catalogue,
  where: (pool: Path, slot: PolicySlot) => { readonly name: Path; readonly options: Path },
): readonly Finding[] {
  const pools = valueAt(value, ['pools']);
  if (!Array.isArray(pools)) return [];
  return pools.flatMap((_, index) =>
    POLICY_SLOTS.flatMap((slot) => choiceFindings(value, catalogue, slot, where(['pools', index], slot))),
  );
}

function choiceFindings(
  value: unknown,
  catalogue: Catalogue,
  slot: PolicySlot,
  place: { readonly name: Path; readonly options: Path },
): readonly Finding[] {
  const written = valueAt(value, place.options);
  const name = valueAt(value, place.name) ?? (written === undefined ? DEFAULT_POLICIES[slot] : undefined);
  if (typeof name !== 'string') return []; // the document's schema says what is wrong with it
  const known = policiesFor(catalogue, slot);
  const definition = Object.hasOwn(known, name) ? known[name] : undefined;
  if (definition === undefined) return [{ path: place.name, message: oneOf(Object.keys(known), name) }];

  const parsed = strict(definition.options).safeParse(optionsIn(written), wording);
  if (!parsed.success) return findingsOf(parsed.error.issues, place.options);
  try {
    definition.create(parsed.data, shelfOf(catalogue));
    return [];
  } catch (error) {
    // A policy may be user code: whatever it throws concerns what the user wrote here.
    if (error instanceof BadInput) return error.mistakes.map(({ message }) => ({ path: place.options, message }));
    return [
      {
        path: place.options,
        message: `the policy ${name} says: ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
}

/** The options of a choice as it is written in `pools.yaml`, where they stand beside the policy's name. */
export function optionsIn(written: unknown): Readonly<Record<string, unknown>> {
  if (typeof written !== 'object' || written === null) return {};
  return Object.fromEntries(Object.entries(written).filter(([key]) => key !== 'policy'));
}

/** Unknown options are mistakes even where the policy's author forgot to say so. */
export const strict = (options: z.ZodType): z.ZodType => (options instanceof z.ZodObject ? options.strict() : options);
