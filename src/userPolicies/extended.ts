import type { Catalogue, PolicyDefinition } from '../policy/definePolicy.ts';

/** The catalogue with more policies, by name, each in its own slot. A name of the catalogue stays what it was. */
export function extended(catalogue: Catalogue, definitions: ReadonlyMap<string, PolicyDefinition>): Catalogue {
  const added = (slot: keyof Catalogue) =>
    Object.fromEntries([...definitions].filter(([, definition]) => definition.slot === slot));
  const slots = {
    operatingHours: { ...added('operatingHours'), ...catalogue.operatingHours },
    scaling: { ...added('scaling'), ...catalogue.scaling },
    renewal: { ...added('renewal'), ...catalogue.renewal },
    purchase: { ...added('purchase'), ...catalogue.purchase },
  } satisfies Record<keyof Catalogue, unknown>;
  // Known: each definition is put under the slot that it names.
  return slots as Catalogue;
}
