import type { Instant } from '../domain/time.ts';
import type { Offer, Term } from '../domain/words.ts';
import type { MarketSeen } from './observed.ts';
import type { Allowance } from './operatingHours.ts';

/** What a block is bought for. Frozen, a copy. */
export interface Need {
  readonly now: Instant;
  readonly allowance: Allowance;
  /** What is wanted once `allowance` no longer holds; the same as `allowance` where it always holds. */
  readonly next: Allowance;
  /** The slot to be filled. */
  readonly slot: number;
  /** The id that the block will have: no two are ever the same. */
  readonly blockId: string;
  /** Where the pool's living blocks are, one entry a block, this turn's purchases included. */
  readonly zones: readonly string[];
  /** The same as numbers: how many there are in each zone. A zone without any is absent. It costs nothing in a large pool. */
  readonly blocksIn: Readonly<Record<string, number>>;
  /** What the pool has in each market that the market could take back; on-demand blocks are left out, and markets without any. */
  readonly held: Readonly<Record<string, Held>>;
  /** What this pool has met so far, by market (`marketOf(offer)`); a market that it never tried is absent. */
  readonly markets: Readonly<Record<string, MarketSeen>>;
  /** What the cheapest of the pool's types costs on demand; absent where that is not known. */
  readonly onDemandUsdPerHour?: number;
  /** How the pool may buy, be there such offers now or not. */
  readonly terms: readonly Term[];
}

/** Living blocks of a pool in one market, that it could take back. */
export interface Held {
  /** Those that are asked for and this turn's purchases are counted too. */
  readonly blocks: number;
  /** When the lease of the oldest began; absent while none was granted. */
  readonly since?: Instant;
}

/** What a purchase policy is asked. */
export interface PurchaseQuestion {
  readonly offers: readonly Offer[];
  readonly need: Need;
}

/** What to buy, and how long that answer holds. Nothing, with an `until`, means: buy nothing before then. */
export interface Ranking {
  /** Best first. */
  readonly ranked: readonly Offer[];
  /**
   * The answer is the same on [now, until) for the same offers and need, but for `need.now`. Left out, it is asked for again
   * once something has changed that it read, in every turn if that was `need.now`.
   */
  readonly until?: Instant;
}

/**
 * Says what to buy, best first; an empty answer means: buy nothing now. A plain list is a ranking without `until`.
 *
 * Laws: the answer is a subset of `offers` without repeats, and does not depend on their order; the question is not
 * changed; the same question gets the same answer, on [now, until) too.
 */
export interface PurchasePolicy {
  rank(offers: readonly Offer[], need: Need): readonly Offer[] | Ranking;
}

/** An answer as a ranking: for policies that ask others. */
export const rankingOf = (answer: readonly Offer[] | Ranking): Ranking =>
  'ranked' in answer ? answer : { ranked: answer };

/** The zones of blocks, one entry a block, as numbers. */
export function countedZones(zones: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const zone of zones) counts[zone] = (counts[zone] ?? 0) + 1;
  return counts;
}
