import { z } from 'zod';
import { definePolicy, hours, length, type Offer } from '../../src/policy/index.ts';
import { byPrice, compare, priceOf, sortedOnce } from './byPrice.ts';
import { strikesIn } from './strikes.ts';

const HOUR_MS = hours(1);

/**
 * The lowest sum of the price and what interruptions are expected to cost: for pools that may buy on spot and on demand
 * (`lease.term: [spot, on-demand]`), or in several markets of which some are scarce.
 *
 * A market that interrupted a block `a` hours ago is expected to do so again `1 / a` times an hour. That is the mean of the rate after
 * so long without, where nothing is known of the scale on which a market changes (a prior of 1/rate), so there is nothing to tune.
 * Each costs `usdPerKill`, as a block has a job more often than not. What a market did says little once nobody watches it: with
 * `probe` a first block there is bought alone, and others once it has been kept for so long. That halves the kills again, and a
 * pool that follows its jobs pays for most of a day on demand after each interruption, so it has to be asked for.
 */
export const weighed = definePolicy({
  slot: 'purchase',
  name: 'weighed',
  about: 'Buys where the price and the expected cost of interruptions are lowest together.',
  // By design: a dearer market that keeps its blocks comes before a cheap one that does not.
  waives: ['cost'],
  options: z.strictObject({
    usdPerKill: z.number().min(0).max(1_000).default(2).describe('What a build that is cut off costs people, in USD'),
    probe: length()
      .prefault('0s')
      .describe('For how long a first block must be kept before a market that nobody watches gets others'),
  }),
  create: ({ usdPerKill, probe }) => ({
    rank(offers, need) {
      const strikes = strikesIn(need);
      if (strikes === undefined) return sortedOnce(offers, byPrice);
      const scoreOf = (offer: Offer): number => {
        const sinceMs = strikes.sinceMs(offer);
        return priceOf(offer) + (sinceMs === undefined ? 0 : (usdPerKill * HOUR_MS) / sinceMs);
      };
      const scores = new Map(
        offers.map((offer) => [
          offer,
          { score: scoreOf(offer), waits: Number(strikes.isHeld(offer) && strikes.isProbing(offer, probe)) },
        ]),
      );
      const at = (offer: Offer) => scores.get(offer) ?? { score: Number.POSITIVE_INFINITY, waits: 1 };
      // What waits for its probe comes last and is not left out: a pool that has nothing else buys it.
      return sortedOnce(
        offers,
        (a, b) => compare(at(a).waits, at(b).waits) || compare(at(a).score, at(b).score) || byPrice(a, b),
      );
    },
  }),
});
