import type { Instant } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';

/** How many blocks a pool wants. */
export interface Wanted {
  /** `maxBlocks` applied; as the jobs asked in the last turn, where the pool follows them. */
  readonly blocks: number;
  /** What the hours allow, `maxBlocks` applied; the same as `blocks` where the pool does not look at its jobs. */
  readonly allowed: number;
  /** Until when the hours allow so many. */
  readonly until: Instant;
}

/** What a pool wants at an instant, as far as its operating hours have said; undefined where they have not. */
export function wantedOf({ pools, memories }: Keeper, name: string, now: Instant): Wanted | undefined {
  const pool = pools.find((one) => one.spec.name === name);
  const memory = memories.get(name);
  if (pool === undefined || memory?.allowance == null) return undefined;
  const { allowance } = memory;
  const { blocks, until } = now < allowance.now.until ? allowance.now : allowance.next;
  // The second answer is over too: the hours have to be asked anew, which is for the next turn to do.
  if (now >= until) return undefined;
  const allowed = Math.min(blocks, pool.spec.maxBlocks);
  const follows = pool.policies.scaling.ignoresJobs !== true;
  return { blocks: follows ? Math.min(memory.wanted, allowed) : allowed, allowed, until };
}
