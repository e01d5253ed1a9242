import type { BlockView } from '../block/block.ts';
import type { JobRoom } from '../domain/jobSharing.ts';
import type { Instant } from '../domain/time.ts';
import { pauseOf } from './buying.ts';
import { quantilesOf } from './durations.ts';
import { awaitedUntil } from './holds.ts';
import type { PoolMemory } from './memory.ts';
import type { Pool } from './pool.ts';
import { usableOffers } from './rests.ts';
import { ARRIVES } from './supplies.ts';

/**
 * What a pool has for jobs that wait: its blocks in service and on their way, and how many more it could buy now, by its hours,
 * `maxBlocks`, what rests after a refusal, and what its purchase policy said last. What was never asked counts as to be had.
 */
export function jobRoom({ spec }: Pool, memory: PoolMemory, blocks: readonly BlockView[], now: Instant): JobRoom {
  const living = blocks.filter(({ state }) => state !== 'gone');
  const boots = quantilesOf(memory.observations.boots);
  const takesJobs = (block: BlockView): boolean =>
    !block.leaving && (block.usable || (ARRIVES[block.state] && now < awaitedUntil(block, spec, boots)));
  const allowed = Math.min(memory.allowance?.now.blocks ?? spec.maxBlocks, spec.maxBlocks);
  return {
    blocks: living.filter(takesJobs).map(({ id }) => id),
    more: isDry(memory, spec.quoteMs, now) ? 0 : Math.max(0, allowed - living.length),
  };
}

/** Whether nothing is to be had now. */
function isDry(memory: PoolMemory, quoteMs: number, now: Instant): boolean {
  if (pauseOf(memory, now) !== undefined || now < memory.declinedUntil) return true;
  // An old quote says nothing of now: whether there is something is asked for with the next job.
  const isQuoted = now - memory.quotedAt <= quoteMs;
  return isQuoted && usableOffers(memory.cooling, memory.offers, now).length === 0;
}
