import type { BlockView } from '../block/block.ts';
import { earliest, NEVER } from '../domain/time.ts';
import { marketOf, type Offer } from '../domain/words.ts';
import type { Held } from '../policy/purchase.ts';
import type { PoolMemory } from './memory.ts';

/** What a pool has in each market that AWS could take back: what a purchase policy may be shown of its blocks. */
export function heldIn(living: readonly BlockView[]): Record<string, Held> {
  const held: Record<string, Held> = {};
  for (const { state, offer, lease } of living)
    if (lease !== null) addHeld(held, lease.offer, lease.startsAt);
    else if (state === 'requesting') addHeld(held, offer);
  return held;
}

/** One more; AWS takes no on-demand instance back. */
export function addHeld(held: Record<string, Held>, offer: Offer, startsAt = NEVER): void {
  if (offer.term !== 'on-demand') addHeldIn(held, marketOf(offer), { blocks: 1, since: startsAt });
}

/** So many more in a market. */
export function addHeldIn(held: Record<string, Held>, market: string, more: Held): void {
  const { blocks = 0, since = NEVER } = held[market] ?? {};
  const oldest = earliest(since, more.since ?? NEVER);
  const all = blocks + more.blocks;
  held[market] = oldest === NEVER ? { blocks: all } : { blocks: all, since: oldest };
}

/** The price of on-demand, as far as it is known. */
export const onDemandIn = ({ onDemandUsdPerHour: usd }: PoolMemory): { readonly onDemandUsdPerHour?: number } =>
  usd === null ? {} : { onDemandUsdPerHour: usd };
