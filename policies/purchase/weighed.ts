import { z } from 'zod';
import { definePolicy, hours, length, type Offer } from '../../src/policy/index.ts';
import { byPrice, compare, priceOf, sortedOnce } from './byPrice.ts';
import { strikesIn } from './strikes.ts';

const HOUR_MS = hours(1);

/**
 * The lowest sum of the price and what interruptions are expected to cost, and nothing where that is too near the on-demand price: for
 * pools that buy in several markets, of which some are scarce at times.
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
  // By design: a dearer market that keeps its blocks comes before a cheap one, and what costs too much is left to the group.
  waives: ['cost', 'cover'],
  options: z.strictObject({
    usdPerKill: z.number().min(0).max(1_000).default(2).describe('What a build that is cut off costs people, in USD'),
    upTo: z
      .number()
      .min(0)
      .max(10)
      .default(0.9)
      .describe('Nothing is bought on spot whose price is above this share of the on-demand price'),
    probe: length()
      .prefault('0s')
      .describe('For how long a first block must be kept before a market that nobody watches gets others'),
  }),
  create: ({ usdPerKill, upTo, probe }) => ({
    rank(offers, need) {
      const strikes = strikesIn(need);
      const most = (need.onDemandUsdPerHour ?? Number.POSITIVE_INFINITY) * upTo;
      if (strikes === undefined)
        return sortedOnce(
          offers.filter((offer) => isWorth(offer, most)),
          byPrice,
        );
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
        offers.filter((offer) => isWorth(offer, most)),
        (a, b) => compare(at(a).waits, at(b).waits) || compare(at(a).score, at(b).score) || byPrice(a, b),
      );
    },
  }),
});

/**
 * What costs too much beside an on-demand node is left to the group. Blocks that follow jobs are paid for while they boot and while they
 * wait for the next job: where jobs are short and come on a clock that is half as much again. An on-demand lease is worth its price
 * to those who ask for that term, and so is what nobody can compare.
 */
const isWorth = (offer: Offer, most: number): boolean => offer.term === 'on-demand' || !(priceOf(offer) > most);
