import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { ScopedRefusal } from '../../src/domain/refusalScope.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { step } from '../../src/keeper/step.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { aLease } from './aBlock.ts';
import { seen } from './aNode.ts';
import { minutes, seconds } from './lengths.ts';

/** What becomes of an instance that was granted. */
export type Fate = 'joins' | 'never-joins' | 'ends-early';

export interface Marketplace {
  readonly offers: readonly Offer[];
  /** Why an offer is refused at an instant; undefined where it is granted. */
  readonly refusalOf?: (offer: Offer, at: Instant) => Pick<ScopedRefusal, 'refusal' | 'scope'> | undefined;
  readonly fateOf?: (offer: Offer, at: Instant) => Fate;
  /** Told at their instants, whatever else happens. */
  readonly facts?: readonly Fact[];
}

export interface Lived {
  /** Every request, in order of time. */
  readonly asked: readonly { readonly at: Instant; readonly blockId: string; readonly offer: Offer }[];
  readonly announced: readonly string[];
  /** When so many blocks had a node for the first time; undefined if they never did. */
  readonly servedAt: (blocks: number) => Instant | undefined;
  readonly keeper: Keeper;
}

type Untimed<F> = F extends Fact ? Omit<F, 'at'> : never;

/** A pool's life in a market place without chance: quotes take a second, answers three, boots a minute. */
export function livesIn(pool: Pool, { offers, refusalOf, fateOf, facts = [] }: Marketplace, until: Instant): Lived {
  let keeper = newKeeper([pool]);
  let wakeAt = 0;
  let at = 0;
  let due: Fact[] = [...facts];
  const asked: Lived['asked'][number][] = [];
  const announced: string[] = [];
  const served = new Map<number, Instant>();
  const say = (when: Instant, fact: Untimed<Fact>): void => {
    due.push({ ...fact, at: when });
  };
  const name = pool.spec.name;
  hear({ type: 'inventory.taken', at, sightings: [], generations: {}, complete: true });
  while (at < until) {
    due = due.toSorted((one, other) => one.at - other.at);
    const [first] = due;
    const next = first !== undefined && first.at <= wakeAt ? due.shift() : undefined;
    at = Math.max(at + 1, Math.min(next?.at ?? wakeAt, until));
    hear(next === undefined ? { type: 'clock.reached', at } : { ...next, at });
  }
  return { asked, announced, servedAt: (blocks) => served.get(blocks), keeper };

  function hear(fact: Fact): void {
    const turn = step(keeper, fact);
    keeper = turn.state;
    wakeAt = turn.wakeAt;
    for (const effect of turn.effects) perform(effect);
    let serving = 0;
    for (const { state } of keeper.blocks.values()) if (state === 'serving') serving += 1;
    if (!served.has(serving)) served.set(serving, at);
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'quoteOffers':
        say(at + seconds(1), { type: 'offers.quoted', pool: name, offers });
        return;
      case 'requestCapacity': {
        const { blockId, token, offer } = effect;
        asked.push({ at, blockId, offer });
        const refused = refusalOf?.(offer, at);
        const answerAt = at + seconds(3);
        if (refused !== undefined) {
          say(answerAt, { type: 'capacity.refused', blockId, token, offer, ...refused });
          return;
        }
        const lease = aLease({ instanceId: `i-${token}`, offer, startsAt: answerAt });
        say(answerAt, { type: 'capacity.granted', blockId, token, lease });
        const fate = fateOf?.(offer, at) ?? 'joins';
        if (fate === 'joins')
          say(answerAt + minutes(1), seen(blockId, answerAt + minutes(1), { name: `node-${blockId}` }));
        if (fate === 'ends-early')
          say(answerAt + seconds(20), { type: 'instance.gone', blockId, cause: 'interrupted' });
        return;
      }
      case 'terminateInstance':
        say(at + seconds(1), { type: 'instance.gone', blockId: effect.blockId, cause: 'terminated' });
        return;
      case 'findNode':
        say(at + seconds(1), seen(effect.blockId, at + seconds(1), null));
        return;
      // No pool of this market follows jobs.
      case 'holdJobs':
        return;
      case 'announce':
        announced.push(effect.reason);
        return;
      case 'cancelRequest':
      case 'cordonNode':
      case 'uncordonNode':
      case 'labelNode':
        return;
    }
  }
}
