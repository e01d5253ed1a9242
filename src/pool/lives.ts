import { type Block, type BlockEvent, lengthsOf } from '../block/block.ts';
import type { Millis } from '../domain/time.ts';
import { withDuration } from './durations.ts';
import { afterJoined, afterStillborn } from './joins.ts';
import type { PoolMemory } from './memory.ts';
import type { PoolSpec } from './pool.ts';
import { afterServed, afterShortLived } from './rests.ts';

/**
 * What a block's step in its life teaches its pool: how long jobs last and nodes take to join, whether instances join at all,
 * and whether a market's live to serve.
 */
export function learnLife(before: PoolMemory, spec: PoolSpec, was: Block, is: Block, event: BlockEvent): PoolMemory {
  const memory = event.type === 'node.seen' ? withJobs(before, lengthsOf(was, event)) : before;
  const { lease, ending } = is.context;
  if (lease === null || (was.state !== 'requesting' && was.state !== 'joining')) return memory;
  if (is.state === 'serving' || (is.state === 'draining' && is.context.ready)) {
    const joins = afterJoined(memory.joins, lease.startsAt);
    const cooling = afterServed(memory.cooling, lease.offer);
    const boots = was.state === 'joining' ? withDuration(memory.boots, event.at - lease.startsAt) : memory.boots;
    return joins === memory.joins && cooling === memory.cooling && boots === memory.boots
      ? memory
      : { ...memory, joins, cooling, boots };
  }
  // The first ending stands, and is counted once.
  if (ending === null || was.context.ending !== null) return memory;
  switch (ending) {
    case 'stillborn':
      return { ...memory, joins: afterStillborn(memory.joins, lease.startsAt, event.at) };
    case 'interrupted':
    case 'lost':
      return { ...memory, cooling: afterShortLived(memory.cooling, lease.offer, event.at, spec.coolingMs) };
    case 'retired':
    case 'expired':
    case 'refused':
      return memory;
  }
}

const withJobs = (memory: PoolMemory, lengthsMs: readonly Millis[]): PoolMemory =>
  lengthsMs.length === 0 ? memory : { ...memory, durations: lengthsMs.reduce(withDuration, memory.durations) };
