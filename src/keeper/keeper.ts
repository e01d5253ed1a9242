import type { Block } from '../block/block.ts';
import type { Effect } from '../domain/effects.ts';
import type { Instant } from '../domain/time.ts';
import { noMemory, type PoolMemory } from '../pool/memory.ts';
import type { Pool } from '../pool/pool.ts';

/** All that the keeper knows: its pools, what each has learned, and the blocks that live. Never changed in place. */
export interface Keeper {
  readonly pools: readonly Pool[];
  readonly memories: ReadonlyMap<string, PoolMemory>;
  /** By id. One that has just gone stays for the turn in which it went. */
  readonly blocks: ReadonlyMap<string, Block>;
}

/** What one turn came to. */
export interface Step<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
  /** The next instant at which anything is due, after the fact that was taken in; NEVER if nothing is. */
  readonly wakeAt: Instant;
}

/** A keeper that knows nothing yet but its pools; the world's first inventory tells it the rest. */
export const newKeeper = (pools: readonly Pool[]): Keeper => ({
  pools,
  memories: new Map(pools.map(({ spec }) => [spec.name, noMemory])),
  blocks: new Map(),
});
