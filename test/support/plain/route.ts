import { type Block, type BlockEvent, nextOf } from '../../../src/block/block.ts';
import type { Fact, Sighting } from '../../../src/domain/facts.ts';

/** Which blocks a fact reaches, and as what. Time reaches only the blocks whose deadline it is. */
export function route(
  fact: Fact,
  blocks: ReadonlyMap<string, Block>,
): Iterable<readonly [id: string, event: BlockEvent]> {
  // What exists is told by sightings; what is missing is told by `instance.gone`.
  if (fact.type === 'clock.reached') return overdue(fact, blocks);
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

function* overdue(
  fact: Extract<Fact, { readonly type: 'clock.reached' }>,
  blocks: ReadonlyMap<string, Block>,
): Iterable<readonly [id: string, event: BlockEvent]> {
  for (const [id, { context }] of blocks) if (nextOf(context) <= fact.at) yield [id, fact];
}
