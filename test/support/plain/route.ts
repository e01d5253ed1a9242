import { type Block, type BlockEvent, nextOf } from '../../../src/block/block.ts';
import type { Fact } from '../../../src/domain/facts.ts';

/** Which blocks a fact reaches, and as what. Time reaches only the blocks whose deadline it is. */
export function route(
  fact: Fact,
  blocks: ReadonlyMap<string, Block>,
): Iterable<readonly [id: string, event: BlockEvent]> {
  // What exists is told by sightings; what is missing is told by `instance.gone`.
  if (fact.type === 'clock.reached') return overdue(fact, blocks);
  return 'blockId' in fact ? [[fact.blockId, fact]] : [];
}

function* overdue(
  fact: Extract<Fact, { readonly type: 'clock.reached' }>,
  blocks: ReadonlyMap<string, Block>,
): Iterable<readonly [id: string, event: BlockEvent]> {
  for (const [id, { context }] of blocks) if (nextOf(context) <= fact.at) yield [id, fact];
}
