import type { Effect } from '../domain/effects.ts';
import type { Instant } from '../domain/time.ts';
import { type Blocks, noBlocksYet } from '../pool/blocks/blocks.ts';
import { noMemory, type PoolMemory } from '../pool/memory.ts';
import type { Pool } from '../pool/pool.ts';

/** All that the keeper knows: its pools, what each has learned, and the blocks that live. Never changed in place. */
export interface Keeper {
  readonly pools: readonly Pool[];
  readonly memories: ReadonlyMap<string, PoolMemory>;
  /** By id. One that has just gone stays for the turn in which it went. */
  readonly blocks: Blocks;
}

/** What one turn came to. */
export interface Step<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
  /** The next instant at which anything is due, after the fact that was taken in; NEVER if nothing is. */
  readonly wakeAt: Instant;
  /** The blocks that are others than before, or were born: who watches turns need look at no more. Left out where that is not known. */
  readonly touched?: readonly string[];
}

/** A keeper that knows nothing yet but its pools; the world's first inventory tells it the rest. */
export const newKeeper = (pools: readonly Pool[]): Keeper => ({
  pools,
  memories: new Map(pools.map(({ spec }) => [spec.name, noMemory])),
  blocks: noBlocksYet,
});
