import type { BlockView } from '../block/block.ts';
import { leaseEnd } from '../domain/leaseEnd.ts';
import { earliest, type Instant, NEVER } from '../domain/time.ts';
import type { PoolSpec } from './pool.ts';

/**
 * How many blocks may be opened, and when it may be more because a lease ends.
 *
 * A block that drains past the end of its lease is no overlap of predecessor and successor any more: it stays for a long
 * job, and counts against the pool's hard cap alone. Else a few long jobs would keep every successor away.
 */
export function roomFor(
  { surge, maxBlocks }: PoolSpec,
  wanted: number,
  living: number,
  /** Of those that live, the ones that drain, or are told to. */
  leaving: readonly BlockView[],
  now: Instant,
): { readonly blocks: number; readonly moreAt: Instant } {
  let overlapping = living;
  let moreAt = NEVER;
  for (const { lease } of leaving) {
    const overAt = lease === null ? NEVER : leaseEnd(lease);
    if (overAt <= now) overlapping -= 1;
    else moreAt = earliest(moreAt, overAt);
  }
  return { blocks: Math.min(wanted + surge - overlapping, maxBlocks - living), moreAt };
}
