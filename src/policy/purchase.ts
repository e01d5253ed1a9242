import type { Instant } from '../domain/time.ts';
import type { Offer } from '../domain/words.ts';
import type { MarketSeen } from './observed.ts';
import type { Demand } from './operatingHours.ts';

/** What a block is bought for. */
export interface Need {
  readonly now: Instant;
  readonly demand: Demand;
  /** What is wanted once `demand` no longer holds; the same as `demand` where it always holds. */
  readonly next: Demand;
  /** The slot to be filled. */
  readonly slot: number;
  /** The id that the block will have: no two are ever the same. */
  readonly blockId: string;
  /** Where the pool's living blocks are, one entry a block, this turn's purchases included. */
  readonly zones: readonly string[];
  /** What this pool has met so far, by market (`marketOf(offer)`); a market that it never tried is absent. */
  readonly markets: Readonly<Record<string, MarketSeen>>;
}

/**
 * Says what to buy, best first; an empty answer means: buy nothing now.
 *
 * Laws: the answer is a subset of `offers` without repeats, and does not depend on their order; `offers` is not
 * changed; the same question gets the same answer.
 */
export interface PurchasePolicy {
  rank(offers: readonly Offer[], need: Need): readonly Offer[];
}
