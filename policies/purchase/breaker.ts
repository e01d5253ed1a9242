import { z } from 'zod';
import { choiceOf, definePolicy, length, rankingOf } from '../../src/policy/index.ts';
import { byPrice } from './byPrice.ts';
import { strikesIn, TRIAL_MS } from './strikes.ts';

/**
 * What another policy ranks, but nothing on spot in a market that has just interrupted a block: with `lease.term: [spot,
 * on-demand]` such a pool buys elsewhere, or on demand, for a while. After that the market gets one block, and others once that
 * has been kept: an interruption meanwhile opens the breaker again.
 */
export const breaker = definePolicy({
  slot: 'purchase',
  name: 'breaker',
  about: 'Buys as another policy does, and leaves a market alone for a while once it interrupted a block.',
  // By design: a dearer market that keeps its blocks comes before a cheap one that does not.
  waives: ['cost'],
  options: z.strictObject({
    inner: choiceOf('purchase').describe('The policy that ranks').default({ policy: 'cheapest' }),
    for: length().prefault('30m').describe('For how long nothing is bought where a block was interrupted'),
    probe: length()
      .prefault('15m')
      .describe('For how long the first block after that must be kept before others follow'),
  }),
  create({ inner, for: pause, probe }, shelf) {
    const policy = shelf.policy('purchase', inner);
    return {
      rank(offers, need) {
        const strikes = strikesIn(need);
        if (strikes === undefined) return policy.rank(offers, need);
        const open = offers.filter((offer) => {
          const sinceMs = strikes.sinceMs(offer);
          if (sinceMs === undefined || sinceMs >= TRIAL_MS) return false;
          return sinceMs < pause || (strikes.isHeld(offer) && strikes.isProbing(offer, probe));
        });
        const { ranked } = rankingOf(policy.rank(offers, need));
        const isOpen = (offer: (typeof offers)[number]): boolean => open.some((one) => byPrice(one, offer) === 0);
        // At the end and not left out: a pool that has nothing else buys it.
        return [...ranked.filter((offer) => !isOpen(offer)), ...ranked.filter(isOpen)];
      },
    };
  },
});
