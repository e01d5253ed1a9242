import type { BlockView } from '../../../src/block/block.ts';
import { leaseEnd } from '../../../src/domain/leaseEnd.ts';
import { earliest, type Instant, NEVER } from '../../../src/domain/time.ts';
import type { PoolSpec } from '../../../src/pool/pool.ts';

/**
 * How many blocks may be opened, and when it may be more because a lease ends.
 *
 * A block that drains past the end of its lease is no overlap of predecessor and successor any more: it stays for a long
 * job, and counts against the pool's hard cap alone. Else a few long jobs would keep every successor away.
 */
export function roomFor(
  { surge, maxBlocks }: PoolSpec,
  wanted: number,
  living: readonly BlockView[],
  retiring: ReadonlySet<BlockView>,
  now: Instant,
): { readonly blocks: number; readonly moreAt: Instant } {
  let overlapping = 0;
  let moreAt = NEVER;
  for (const block of living) {
    const { state, lease } = block;
    const leaves = state === 'draining' || (state === 'serving' && retiring.has(block));
    const overAt = leaves && lease !== null ? leaseEnd(lease) : NEVER;
    if (overAt <= now) continue;
    overlapping += 1;
    moreAt = earliest(moreAt, overAt);
  }
  return { blocks: Math.min(wanted + surge - overlapping, maxBlocks - living.length), moreAt };
}

/** The places in which no block lives, lowest first. */
export function freeSlots(living: readonly BlockView[], count: number): readonly number[] {
  const taken = new Set(living.map(({ slot }) => slot));
  const free: number[] = [];
  for (let slot = 0; free.length < count; slot += 1) if (!taken.has(slot)) free.push(slot);
  return free;
}
