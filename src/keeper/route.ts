import type { BlockEvent } from '../block/block.ts';
import type { Fact, Sighting } from '../domain/facts.ts';
import type { Blocks } from '../pool/blocks/blocks.ts';

/** Which blocks a fact reaches, and as what. Time reaches only the blocks whose deadline it is. */
export function route(fact: Fact, blocks: Blocks): Iterable<readonly [id: string, event: BlockEvent]> {
  // What exists is told by sightings; what is missing is told by `instance.gone`.
  if (fact.type === 'clock.reached') return blocks.dueAt(fact.at).map((id) => [id, fact]);
  return 'blockId' in fact ? [[fact.blockId, fact]] : [];
}

/** The instances that a fact shows to exist. */
export function sightingsIn(fact: Fact): readonly Sighting[] {
  switch (fact.type) {
    case 'inventory.taken':
      return fact.sightings;
    case 'capacity.granted': {
      const attempt = Number(fact.token.slice(fact.blockId.length + 1));
      return [{ blockId: fact.blockId, attempt, lease: fact.lease }];
    }
    default:
      return [];
  }
}
