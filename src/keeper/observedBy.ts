import type { Instant } from '../domain/time.ts';
import { type KeptObservations, keptOf } from '../pool/keptObservations.ts';
import type { Observations } from '../pool/observations.ts';
import { countedUpTo } from '../pool/spending.ts';
import type { Keeper } from './keeper.ts';

/**
 * What a keeper's pools have seen, by pool, in the form that the next life is told it in. Undefined before its first complete
 * inventory, which tells it what earlier lives have seen: to write down less than is written already would be to forget.
 *
 * @param at when it is written: what blocks that live have cost by then is counted too, as they may go while no keeper is there.
 *   Left out, they are reckoned from their leases by the next life.
 */
export function observedBy(
  { pools, memories, blocks }: Keeper,
  at?: Instant,
): Readonly<Record<string, KeptObservations>> | undefined {
  const kept: Record<string, KeptObservations> = {};
  for (const { spec } of pools) {
    const memory = memories.get(spec.name);
    if (memory?.inventoried !== true) return undefined;
    const { observations } = memory;
    kept[spec.name] = keptOf(at === undefined ? observations : counted(spec.name, observations, at));
  }
  return kept;

  function counted(pool: string, seen: Observations, now: Instant): Observations {
    const leases = [...blocks.values()]
      .filter(({ state, context }) => context.pool === pool && state !== 'gone')
      .flatMap(({ context: { lease } }) => (lease === null ? [] : [lease]));
    return { ...seen, paid: countedUpTo(seen.paid, leases, now) };
  }
}
