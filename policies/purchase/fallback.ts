import { z } from 'zod';
import { choiceOf, definePolicy, earliest, rankingOf } from '../../src/policy/index.ts';
import { byPrice } from './byPrice.ts';

/**
 * What one policy ranks, and after it what another ranks of the rest: for a first choice that is narrow, such as one zone or
 * a low price, where having a block matters more than having that one. Where the first buys nothing, the second decides.
 */
export const fallback = definePolicy({
  slot: 'purchase',
  name: 'fallback',
  about: 'Buys what a first policy ranks, then what a second one ranks of the rest.',
  example: { first: { policy: 'ordered', zones: ['us-east-1b'], others: 'never' } },
  // By design: the first choice comes before the price, and before what is easier to have.
  waives: ['cover', 'cost'],
  options: z.strictObject({
    first: choiceOf('purchase').describe('The policy that is preferred'),
    then: choiceOf('purchase').describe('The policy for what the first leaves out').default({ policy: 'cheapest' }),
  }),
  create({ first, then: second }, shelf) {
    const [preferred, other] = [shelf.policy('purchase', first), shelf.policy('purchase', second)];
    return {
      rank(offers, need) {
        const [best, rest] = [rankingOf(preferred.rank(offers, need)), rankingOf(other.rank(offers, need))];
        // Compared by what they are: an offer that was quoted twice is still one.
        const others = rest.ranked.filter((offer) => best.ranked.every((one) => byPrice(one, offer) !== 0));
        const ranked = [...best.ranked, ...others];
        // A part that says no instant may go by the time all the same.
        if (best.until === undefined || rest.until === undefined) return ranked;
        return { ranked, until: earliest(best.until, rest.until) };
      },
    };
  },
});
