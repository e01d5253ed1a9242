import { type KeptObservations, keptOf } from '../pool/keptObservations.ts';
import type { Keeper } from './keeper.ts';

/**
 * What a keeper's pools have seen, by pool, in the form that the next life is told it in. Undefined before its first complete
 * inventory, which tells it what earlier lives have seen: to write down less than is written already would be to forget.
 */
export function observedBy({ pools, memories }: Keeper): Readonly<Record<string, KeptObservations>> | undefined {
  const kept: Record<string, KeptObservations> = {};
  for (const { spec } of pools) {
    const memory = memories.get(spec.name);
    if (memory?.inventoried !== true) return undefined;
    kept[spec.name] = keptOf(memory.observations);
  }
  return kept;
}
