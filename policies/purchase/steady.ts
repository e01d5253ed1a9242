import { z } from 'zod';
import {
  definePolicy,
  type Instant,
  length,
  marketOf,
  NEVER,
  type Offer,
  unseenMarket,
} from '../../src/policy/index.ts';
import { byPrice, compare, priceOf, sortedOnce } from './byPrice.ts';

const penalty = () => z.number().min(0).max(100);

/**
 * The lowest price, where a market that refused or interrupted lately counts as dearer: for the term `spot`, with several
 * types or zones at like prices, of which some are scarce. A penalty fades evenly until it is forgotten.
 */
export const steady = definePolicy({
  slot: 'purchase',
  name: 'steady',
  about: 'Buys at the lowest price, and avoids markets that refused or interrupted lately.',
  options: z.strictObject({
    refusalPenalty: penalty()
      .default(0.2)
      .describe('By what share of its price a market is dearer right after it refused; 0.2 is 20 %'),
    interruptionPenalty: penalty()
      .default(0.5)
      .describe('By what share of its price a market is dearer right after it interrupted a block; 0.5 is 50 %'),
    memory: length()
      .refine((memoryMs) => memoryMs > 0, { error: 'expected a length above 0s' })
      .prefault('6h')
      .describe('After how long a refusal or an interruption is forgotten'),
  }),
  create: ({ refusalPenalty, interruptionPenalty, memory }) => ({
    rank(offers, need) {
      const { markets } = need;
      let [dated, fading] = [false, false];
      /** 1 when it has just happened, 0 once it is forgotten or if it never happened. */
      const freshness = (at: Instant | undefined): number => {
        if (at === undefined) return 0;
        const share = Math.min(1, Math.max(0, 1 - (need.now - at) / memory));
        dated = true;
        fading ||= share > 0;
        return share;
      };
      const scoreOf = (offer: Offer): number => {
        const { lastRefusedAt, lastInterruptedAt } = markets[marketOf(offer)] ?? unseenMarket;
        return (
          priceOf(offer) *
          (1 + refusalPenalty * freshness(lastRefusedAt)) *
          (1 + interruptionPenalty * freshness(lastInterruptedAt))
        );
      };
      const scores = new Map(offers.map((offer) => [offer, scoreOf(offer)]));
      const score = (offer: Offer): number => scores.get(offer) ?? Number.POSITIVE_INFINITY;
      const ranked = sortedOnce(offers, (a, b) => compare(score(a), score(b)) || byPrice(a, b));
      // What is forgotten stays forgotten; while a penalty fades, any moment may be the one at which two markets change places.
      return dated && !fading ? { ranked, until: NEVER } : ranked;
    },
  }),
});
