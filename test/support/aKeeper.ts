import type { Effect } from '../../src/domain/effects.ts';
import type { Fact, Sighting } from '../../src/domain/facts.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { step } from '../../src/keeper/step.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { aLease, anOffer } from './aBlock.ts';
import { seen } from './aNode.ts';

type Asked<Type extends Effect['type']> = Extract<Effect, { readonly type: Type }>;

/** A keeper driven by hand, fact by fact. */
export function aKeeper(...pools: Pool[]) {
  let keeper = newKeeper(pools);
  let effects: readonly Effect[] = [];
  let wakeAt: Instant = 0;
  const driven = {
    hears(...facts: Fact[]) {
      for (const fact of facts) {
        const turn = step(keeper, fact);
        ({ effects, wakeAt } = turn);
        keeper = turn.state;
      }
      return driven;
    },
    /** From an empty account with fresh quotes: what the pool buys first. */
    begins(at: Instant, offers: readonly Offer[] = [anOffer()]) {
      return driven.hears(
        { type: 'inventory.taken', at, sightings: [], generations: {}, complete: true },
        { type: 'offers.quoted', at: at + 1, pool: 'ci', offers },
      );
    },
    finds(at: Instant, sightings: readonly Sighting[], generations: Readonly<Record<string, number>> = {}) {
      return driven.hears({ type: 'inventory.taken', at, sightings, generations, complete: true });
    },
    /** Grants a request and lets its node become ready. */
    serves(blockId: string, at: Instant, more: { readonly offer?: Offer; readonly attempt?: number } = {}) {
      const { offer = anOffer(), attempt = 1 } = more;
      const lease = aLease({ instanceId: `i-${blockId}`, offer, startsAt: at });
      return driven.hears(
        { type: 'capacity.granted', at, blockId, token: `${blockId}.${attempt}`, lease },
        seen(blockId, at + 1, { name: `node-${blockId}` }),
      );
    },
    /** What the last fact made it ask for. */
    asked<Type extends Effect['type']>(type: Type): readonly Asked<Type>[] {
      return effects.filter((effect): effect is Asked<Type> => effect.type === type);
    },
    get effects() {
      return effects;
    },
    get wakeAt() {
      return wakeAt;
    },
    get states(): Readonly<Record<string, string>> {
      return Object.fromEntries([...keeper.blocks].map(([id, { state }]) => [id, state]));
    },
    get keeper() {
      return keeper;
    },
  };
  return driven;
}
