import { z } from 'zod';
import {
  definePolicy,
  hours,
  keptFor,
  length,
  type Millis,
  marketOf,
  minutes,
  type Need,
  type Offer,
  unseenMarket,
} from '../../src/policy/index.ts';
import { byPrice, compare, priceOf, sortedOnce } from './byPrice.ts';

const HOUR_MS = hours(1);

/**
 * The lowest sum of the price and what interruptions are expected to cost, and nothing where that is too near the on-demand price: for
 * pools that buy in several markets, of which some are scarce at times.
 *
 * What tells most of a market is for how long it has kept blocks that it could have taken; time in which it had none tells nothing. Up to
 * the first interruption all are trusted. From then on a market that has kept blocks for `a` hours is expected to interrupt them
 * `1 / (a + b)` times an hour. `b` is for how long it kept blocks before it last interrupted them; of one that never did, what the
 * pool's markets kept theirs for each interruption. Each costs `usdPerKill`, for a block has a job more often than not.
 *
 * With `lease.term: [spot, on-demand]` the pool buys on demand while that is cheaper by this reckoning, and one block on spot, to find
 * out whether the market keeps it. It also does while spot is too dear that has been worth its price: blocks on demand are given back
 * sooner than nodes of the group. Where spot was never worth it, or is refused before any interruption, jobs are left to the group.
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
    probeAfter: length()
      .prefault('2h')
      .describe(
        'How long after an interruption a market that is not worth its risk gets one block all the same, on trial',
      ),
  }),
  create: ({ usdPerKill, upTo, probeAfter }) => ({
    rank(offers, need) {
      const most = (need.onDemandUsdPerHour ?? Number.POSITIVE_INFINITY) * upTo;
      const trust = trustIn(need);
      const isWorth = (offer: Offer): boolean => !(priceOf(offer) > most);
      const isDear =
        offers.some(({ term }) => term === 'spot') && !offers.some((one) => one.term === 'spot' && isWorth(one));
      const isShelter = !need.terms.includes('spot') || trust !== undefined || (isDear && hasKept(need));
      const worth = offers.filter((offer) => (offer.term === 'on-demand' ? isShelter : isWorth(offer)));
      if (trust === undefined) return sortedOnce(worth, byPrice);
      const scores = new Map(
        worth.map((offer) => [offer, priceOf(offer) + (usdPerKill * HOUR_MS) / trust.keptMs(offer)]),
      );
      const scoreOf = (offer: Offer): number => scores.get(offer) ?? Number.POSITIVE_INFINITY;
      const sure = Math.min(...worth.filter(({ term }) => term === 'on-demand').map(scoreOf));
      const isProbe = (offer: Offer): boolean => {
        if (offer.term === 'on-demand' || sure === Number.POSITIVE_INFINITY) return false;
        if (scoreOf(offer) < sure || priceOf(offer) >= sure || trust.isHeld(offer)) return false;
        return trust.sinceMs(offer) >= probeAfter;
      };
      const probes = new Set(worth.filter(isProbe));
      return sortedOnce(
        worth,
        (a, b) =>
          compare(Number(!probes.has(a)), Number(!probes.has(b))) || compare(scoreOf(a), scoreOf(b)) || byPrice(a, b),
      );
    },
  }),
});

/** Whether spot was worth its price before: then it may be again. */
const hasKept = ({ markets }: Need): boolean =>
  Object.values(markets).some(({ keptMs, keptSince }) => keptMs !== undefined || keptSince !== undefined);

/** What a market that took a block back at once has kept it for: no market is worse than one interruption in so long. */
const LEAST_KEPT_MS = minutes(1);

/** How far markets are trusted, once one of them has interrupted a block. */
interface Trust {
  /** For how long it is expected to keep blocks: what it has kept them for by now, and what it usually does. */
  keptMs(offer: Offer): Millis;
  /** How long ago it last interrupted a block. */
  sinceMs(offer: Offer): Millis;
  isHeld(offer: Offer): boolean;
}

/** Undefined where no market ever interrupted a block: then the time is not looked at, and an answer stands. */
function trustIn(need: Need): Trust | undefined {
  const { markets } = need;
  const met = Object.values(markets);
  const interrupted = met.filter(({ lastInterruptedAt }) => lastInterruptedAt !== undefined).length;
  if (interrupted === 0) return undefined;
  const { now } = need;
  const keptMs = met.reduce((sum, one) => sum + (one.keptBeforeMs ?? 0) + keptFor(one, now), 0);
  const usualMs = keptMs / interrupted;
  return {
    keptMs: (offer) => {
      if (offer.term !== 'spot') return Number.POSITIVE_INFINITY;
      const seen = markets[marketOf(offer)] ?? unseenMarket;
      const beforeMs = seen.lastInterruptedAt === undefined ? usualMs : Math.min(usualMs, seen.keptBeforeMs ?? 0);
      return keptFor(seen, now) + Math.max(LEAST_KEPT_MS, beforeMs);
    },
    sinceMs: (offer) => now - (markets[marketOf(offer)]?.lastInterruptedAt ?? Number.NEGATIVE_INFINITY),
    isHeld: (offer) => (need.held[marketOf(offer)]?.blocks ?? 0) > 0,
  };
}
