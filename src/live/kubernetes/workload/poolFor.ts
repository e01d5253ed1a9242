import { fits, type PoolShape } from './fits.ts';
import type { PodNeeds } from './podNeeds.ts';

/** A pool and the kinds of nodes that it has; undefined while they are not known. */
export interface PoolNodes {
  readonly pool: string;
  readonly shapes: readonly PoolShape[] | undefined;
}

/**
 * The pool that counts a pod, of those whose nodes it fits: the one that it names (in `spot-keeper.io/pool` of its node
 * selector or node affinity, required or preferred), else the first. Undefined if it fits none. `pools` are in the order
 * of the pools file.
 */
export function poolFor(pools: readonly PoolNodes[]): (needs: PodNeeds | undefined) => string | undefined {
  const found = new Map<PodNeeds, string | undefined>();
  return (needs) => {
    if (needs === undefined) return undefined;
    // Pods that need the same share their needs, so this is worked out for a few of thousands.
    if (!found.has(needs)) {
      const fitting = pools
        .filter(({ pool, shapes }) => shapes?.some((shape) => fits(needs, pool, shape)) === true)
        .map(({ pool }) => pool);
      found.set(needs, fitting.find((pool) => needs.pools.includes(pool)) ?? fitting[0]);
    }
    return found.get(needs);
  };
}
