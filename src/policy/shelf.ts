import type { Catalogue, NamedPolicy, PolicySlot, PolicySlots, Shelf } from './definePolicy.ts';

/** Makes policies from a catalogue, by name; their options are checked by their own schemas. Throws where they are wrong. */
export const shelfOf = (catalogue: Catalogue): Shelf => {
  const shelf: Shelf = {
    policy: <Slot extends PolicySlot>(slot: Slot, { policy, ...options }: NamedPolicy): PolicySlots[Slot] => {
      const definition = catalogue[slot][policy];
      if (definition === undefined) throw new Error(`the catalogue has no ${slot} policy called ${policy}`);
      return definition.create(definition.options.parse(options), shelf);
    },
  };
  return shelf;
};
