import type { Instant } from '../domain/time.ts';
import { type Offer, type Term, termsOf } from '../domain/words.ts';
import type { MarketSeen } from '../policy/observed.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import type { Held, Need } from '../policy/purchase.ts';
import { type Branch, livingIn } from './blocks/branch.ts';
import { type Places, placesIn, withBought } from './blocks/places.ts';
import type { PoolMemory } from './memory.ts';
import type { PoolMoment } from './renewalQuestion.ts';

/** The block that is to be bought, beside those that live and those that were bought in this turn. */
export interface Missing {
  readonly root: Branch;
  readonly slot: number;
  readonly blockId: string;
  readonly bought: readonly Offer[];
}

/** What a purchase policy is asked for. */
export const needOf = (moment: PoolMoment, memory: PoolMemory, missing: Missing): Need =>
  // Known: what is undefined of it is taken for absent.
  new PoolNeed(moment, memory, missing) as unknown as Need;

/** Where all blocks are is reckoned for a policy that looks at it: most go by the prices alone. */
class PoolNeed implements Omit<Need, 'onDemandUsdPerHour'> {
  readonly now: Instant;
  readonly allowance: Allowance;
  readonly next: Allowance;
  readonly slot: number;
  readonly blockId: string;
  readonly markets: Readonly<Record<string, MarketSeen>>;
  readonly onDemandUsdPerHour: number | undefined;
  readonly terms: readonly Term[];
  readonly #root: Branch;
  readonly #bought: readonly Offer[];
  #zones: readonly string[] | undefined;
  #places: Places | undefined;

  constructor(
    { now, spec, allowance, next, markets }: PoolMoment,
    { onDemandUsdPerHour }: PoolMemory,
    { root, slot, blockId, bought }: Missing,
  ) {
    this.now = now;
    this.allowance = allowance;
    this.next = next;
    this.slot = slot;
    this.blockId = blockId;
    this.markets = markets;
    this.onDemandUsdPerHour = onDemandUsdPerHour ?? undefined;
    this.terms = termsOf(spec.term);
    this.#root = root;
    this.#bought = bought;
  }

  get zones(): readonly string[] {
    this.#zones ??= [...livingIn(this.#root), ...this.#bought].map(({ zone }) => zone);
    return this.#zones;
  }

  get blocksIn(): Readonly<Record<string, number>> {
    return this.#placesNow().blocksIn;
  }

  get held(): Readonly<Record<string, Held>> {
    return this.#placesNow().held;
  }

  #placesNow(): Places {
    this.#places ??= withBought(placesIn(this.#root), this.#bought);
    return this.#places;
  }
}
