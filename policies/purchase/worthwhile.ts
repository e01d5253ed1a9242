import { z } from 'zod';
import { choiceOf, definePolicy, earliest, length, rankingOf } from '../../src/policy/index.ts';

/**
 * Buys nothing that would soon be given back: within `least` of the instant at which fewer blocks are wanted, a block is only
 * bought if it will be among those. For pools whose windows end while blocks are still renewed and replaced.
 *
 * Blocks that drain are still alive and count, so that at times it waits though one more would have been kept.
 */
export const worthwhile = definePolicy({
  slot: 'purchase',
  name: 'worthwhile',
  about: 'Buys nothing shortly before fewer blocks are wanted.',
  // By design: what would not be worth its boot is left to the on-demand group.
  waives: ['cover'],
  options: z.strictObject({
    inner: choiceOf('purchase').describe('The policy that ranks what is worth buying').default({ policy: 'cheapest' }),
    least: length().prefault('60m').describe('For how long a block must be wanted to be worth buying'),
  }),
  create({ inner, least }, shelf) {
    const policy = shelf.policy('purchase', inner);
    return {
      rank(offers, need) {
        const { allowance, next, zones } = need;
        const falls = next.blocks < allowance.blocks && next.blocks <= zones.length;
        // The time is only looked at where it matters: else the answer stands until something else has changed.
        if (falls && allowance.until - need.now < least) return { ranked: [], until: allowance.until };
        const answer = policy.rank(offers, need);
        const { ranked, until } = rankingOf(answer);
        if (!falls || until === undefined) return answer;
        return { ranked, until: earliest(until, allowance.until - least + 1) };
      },
    };
  },
});
