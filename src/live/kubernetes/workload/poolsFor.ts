import { routingTaint } from '../routing.ts';
import { fits, type PoolShape, toleratesAll } from './fits.ts';
import type { PodNeeds } from './podNeeds.ts';

/** A pool and the kinds of nodes that it has; undefined while they are not known. */
export interface PoolNodes {
  readonly pool: string;
  readonly shapes: readonly PoolShape[] | undefined;
  /** Whether its blocks take only pods that tolerate the taint of the pool. */
  readonly isRouted?: boolean;
}

/**
 * The pools whose nodes a pod fits: first those that it names (in `spot-keeper.io/pool` of its node selector or node affinity,
 * required or preferred), then the others. `pools` are in the order of the pools file.
 */
export function poolsFor(pools: readonly PoolNodes[]): (needs: PodNeeds | undefined) => readonly string[] {
  const found = new Map<PodNeeds, readonly string[]>();
  return (needs) => {
    if (needs === undefined) return [];
    // Pods that need the same share their needs, so this is worked out for a few of thousands.
    const known = found.get(needs);
    if (known !== undefined) return known;
    const fitting = pools
      .filter(({ pool, isRouted = false }) => !isRouted || toleratesAll(needs, [routingTaint(pool)]))
      .filter(({ pool, shapes }) => shapes?.some((shape) => fits(needs, pool, shape)) === true)
      .map(({ pool }) => pool);
    const isNamed = (pool: string): boolean => needs.pools.includes(pool);
    const best = [...fitting.filter(isNamed), ...fitting.filter((pool) => !isNamed(pool))];
    found.set(needs, best);
    return best;
  };
}
