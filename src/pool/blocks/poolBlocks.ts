import type { Instant } from '../../domain/time.ts';
import type { PoolMemory } from '../memory.ts';
import type { Branch } from './branch.ts';

/** The blocks of one pool. */
export interface PoolBlocks {
  readonly pool: string;
  readonly root: Branch;
  /** How often a block has begun or ceased to count for what is wanted, or did so in another way. */
  readonly moves: number;
  /** Until when nothing is to be done, if nothing but jobs changes; null where something is. */
  readonly calm: Calm | null;
}

/**
 * A pool that has all that it wants, and knows until when that holds: jobs begin and end on its blocks, and nothing is to be ordered,
 * asked or told. Most turns of a pool are such.
 */
export interface Calm {
  readonly from: Instant;
  readonly wakeAt: Instant;
  readonly moves: number;
  /** What it knew, and the sums of its blocks that it went by. */
  readonly memory: PoolMemory;
  readonly root: Branch;
}
