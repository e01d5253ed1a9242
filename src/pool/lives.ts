import { type Block, type BlockEvent, jobNewsOf } from '../block/block.ts';
import type { FactOf } from '../domain/facts.ts';
import type { Instant } from '../domain/time.ts';
import { afterJoined, afterStillborn } from './joins.ts';
import { type PoolMemory, withObservations } from './memory.ts';
import { withBoot, withJobNews } from './observations.ts';
import type { PoolSpec } from './pool.ts';
import { afterServed, afterShortLived } from './rests.ts';
import { withOver } from './spending.ts';

/**
 * What a block's step in its life teaches its pool: how long jobs last and nodes take to join, whether instances join at all,
 * and whether a market's live to serve.
 */
export function learnLife(before: PoolMemory, spec: PoolSpec, was: Block, is: Block, event: BlockEvent): PoolMemory {
  const memory = afterPaid(event.type === 'node.seen' ? withJobs(before, was, event) : before, was, is, event.at);
  const { lease, ending } = is.context;
  if (lease === null || (was.state !== 'requesting' && was.state !== 'joining')) return memory;
  if (is.state === 'serving' || (is.state === 'draining' && is.context.ready)) {
    const joins = afterJoined(memory.joins, lease.startsAt);
    const cooling = afterServed(memory.cooling, lease.offer);
    const observations =
      was.state === 'joining' && event.at - lease.startsAt <= is.context.timeouts.joinMs
        ? withBoot(memory.observations, event.at - lease.startsAt, event.at)
        : memory.observations;
    return { ...memory, joins, cooling, observations };
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

/** What a lease has cost is counted once, when its instance has gone. */
function afterPaid(memory: PoolMemory, was: Block, is: Block, at: Instant): PoolMemory {
  const { lease } = is.context;
  if (is.state !== 'gone' || was.state === 'gone' || lease === null) return memory;
  const { observations } = memory;
  return { ...memory, observations: { ...observations, paid: withOver(observations.paid, lease, at) } };
}

function withJobs(memory: PoolMemory, was: Block, seen: FactOf<'node.seen'>): PoolMemory {
  const { started, lengthsMs } = jobNewsOf(was, seen);
  if (started === 0 && lengthsMs.length === 0) return memory;
  return withObservations(memory, withJobNews(memory.observations, started, lengthsMs, seen.at));
}
