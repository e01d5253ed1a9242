import type { Block } from '../block/block.ts';
import type { Instant } from '../domain/time.ts';
import { afterJoined, afterStillborn } from './joins.ts';
import type { PoolMemory } from './memory.ts';
import type { PoolSpec } from './pool.ts';
import { afterServed, afterShortLived } from './rests.ts';

/** What a block's step in its life teaches its pool: whether instances join, and whether a market's live to serve. */
export function learnLife(memory: PoolMemory, spec: PoolSpec, was: Block, is: Block, at: Instant): PoolMemory {
  const { lease, ending } = is.context;
  if (lease === null || (was.state !== 'requesting' && was.state !== 'joining')) return memory;
  if (is.state === 'serving' || is.state === 'draining') {
    const joins = afterJoined(memory.joins, lease.startsAt);
    const rests = afterServed(memory.cooling, lease.offer);
    return joins === memory.joins && rests === memory.cooling ? memory : { ...memory, joins, cooling: rests };
  }
  // The first ending stands, and is counted once.
  if (ending === null || was.context.ending !== null) return memory;
  switch (ending) {
    case 'stillborn':
      return { ...memory, joins: afterStillborn(memory.joins, lease.startsAt, at) };
    case 'interrupted':
    case 'lost':
      return { ...memory, cooling: afterShortLived(memory.cooling, lease.offer, at, spec.coolingMs) };
    case 'retired':
    case 'expired':
    case 'refused':
      return memory;
  }
}
