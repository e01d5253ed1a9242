import type { Instant } from '../domain/time.ts';
import type { Catalogue, NamedPolicy, PolicySlot, PolicySlots, Shelf, Waiver } from './definePolicy.ts';

/** Makes policies from a catalogue, by name; their options are checked by their own schemas. Throws where they are wrong. */
export const shelfOf = (catalogue: Catalogue): Shelf => ({
  policy: (slot, choice) => madeOf(catalogue, slot, choice).policy,
});

/** A policy that was made, and what neither it nor any of its parts promises. */
export interface Made<Slot extends PolicySlot> {
  readonly policy: PolicySlots[Slot];
  readonly waives: readonly Waiver[];
}

/** As the shelf makes it. What is waived is known only then: parts are chosen in options, and by the policy's own code. */
export function madeOf<Slot extends PolicySlot>(
  catalogue: Catalogue,
  slot: Slot,
  { policy: name, ...options }: NamedPolicy,
): Made<Slot> {
  const definition = catalogue[slot][name];
  if (definition === undefined) throw new Error(`the catalogue has no ${slot} policy called ${name}`);
  const waives = [...(definition.waives ?? [])];
  const shelf: Shelf = {
    policy: (partSlot, choice) => {
      const part = madeOf(catalogue, partSlot, choice);
      waives.push(...part.waives);
      return part.policy;
    },
    waive: (waivers) => {
      waives.push(...waivers);
    },
  };
  const policy = underBothNames(slot, definition.create(definition.options.parse(options), shelf));
  return { policy, waives };
}

/**
 * `allowedAt` was called `demandAt` once. Policies that people wrote then go on working: those that have only the one, and those
 * that ask a part of theirs by it.
 */
function underBothNames<Policy>(slot: PolicySlot, policy: Policy): Policy {
  // What people wrote may be anything.
  if (slot !== 'operatingHours' || typeof policy !== 'object' || policy === null) return policy;
  const hours = policy as { readonly allowedAt?: unknown; readonly demandAt?: unknown };
  const ask = typeof hours.allowedAt === 'function' ? hours.allowedAt : hours.demandAt;
  if (typeof ask !== 'function') return policy;
  const allowedAt = (now: Instant): unknown => ask.call(policy, now);
  return { ...policy, allowedAt, demandAt: allowedAt };
}
