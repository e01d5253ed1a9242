import type { Instant } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';

/** How many blocks a pool wants. */
export interface Wanted {
  /** `maxBlocks` applied. */
  readonly blocks: number;
  /** Until when it stays so. */
  readonly until: Instant;
}

/** What a pool wants at an instant, as far as its operating hours have said; undefined where they have not. */
export function wantedOf({ pools, memories }: Keeper, pool: string, now: Instant): Wanted | undefined {
  const spec = pools.find((one) => one.spec.name === pool)?.spec;
  const allowance = memories.get(pool)?.allowance;
  if (spec === undefined || allowance == null) return undefined;
  const { blocks, until } = now < allowance.now.until ? allowance.now : allowance.next;
  // The second answer is over too: the hours have to be asked anew, which is for the next turn to do.
  return now < until ? { blocks: Math.min(blocks, spec.maxBlocks), until } : undefined;
}
