import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { placeOf } from '../../src/domain/words.ts';

/**
 * What was decided over a run, each as a block and what was done to it, sorted: what two worlds are compared by.
 *
 * Generations are counted by the tenants that a slot came to have. How often it was asked for in vain during a drought is left
 * out: each try takes a little longer in one world than in the other, and over hours that makes a few more or fewer.
 *
 * Where blocks follow jobs, a slot is free again a second sooner in one world than in the other, and with jobs that come every
 * minute that is now and then another slot: tenants are counted by pool then, in the order in which they came.
 *
 * Whether a request that is called off within seconds is granted all the same is a race that either world may win: what comes of it is
 * left out.
 */
export function decisionsIn(
  turns: readonly { readonly fact: Fact; readonly effects: readonly Effect[] }[],
  { bySlot = true }: { readonly bySlot?: boolean } = {},
): readonly string[] {
  const tenants = new Map<string, string>();
  const counts = new Map<string, number>();
  const decisions = new Set<string>();
  const calledOff = new Set<string>();
  for (const { effects } of turns)
    for (const effect of effects) if (effect.type === 'cancelRequest') calledOff.add(effect.blockId);
  for (const { fact, effects } of turns) {
    if (fact.type === 'capacity.granted' && !tenants.has(fact.blockId) && !calledOff.has(fact.blockId)) {
      const { pool = '', slot = 0 } = placeOf(fact.blockId) ?? {};
      const place = bySlot ? `${pool}-${slot}` : pool;
      const count = (counts.get(place) ?? 0) + 1;
      counts.set(place, count);
      tenants.set(fact.blockId, `${place} tenant ${count}`);
      decisions.add(`${place} tenant ${count}: launched`);
    }
    for (const effect of effects) {
      if ('blockId' in effect && calledOff.has(effect.blockId)) continue;
      if (effect.type === 'cordonNode') decisions.add(`${tenants.get(effect.blockId) ?? effect.blockId}: cordoned`);
      if (effect.type === 'terminateInstance')
        decisions.add(`${tenants.get(effect.blockId) ?? effect.blockId}: terminated`);
    }
  }
  return [...decisions].sort();
}
