import type { Instant } from '../domain/time.ts';
import type { Offer } from '../domain/words.ts';
import type { Demand } from './operatingHours.ts';

/** What a block is bought for. */
export interface Need {
  readonly now: Instant;
  readonly demand: Demand;
  /** The slot to be filled. */
  readonly slot: number;
  /** Where the pool's living blocks are, one entry a block, this turn's purchases included. */
  readonly zones: readonly string[];
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
