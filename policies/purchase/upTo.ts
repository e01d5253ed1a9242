import { z } from 'zod';
import { choiceOf, definePolicy } from '../../src/policy/index.ts';

/**
 * Another policy's choice among what costs no more than a limit: for pools whose jobs may as well run on demand once spot
 * costs as much. Give it the on-demand price, or what the team is willing to pay.
 */
export const upTo = definePolicy({
  slot: 'purchase',
  name: 'upTo',
  about: 'Buys nothing that costs more than a limit.',
  example: { usdPerHour: 0.1 },
  // By design: what costs more is left to the on-demand group.
  waives: ['cover'],
  options: z.strictObject({
    inner: choiceOf('purchase').describe('The policy that ranks what is left').default({ policy: 'cheapest' }),
    usdPerHour: z.number().positive().describe('The highest price that is paid, in USD per hour'),
  }),
  create({ inner, usdPerHour: limit }, shelf) {
    const policy = shelf.policy('purchase', inner);
    return {
      // An unknown price is not below any limit.
      rank: (offers, need) =>
        policy.rank(
          offers.filter(({ usdPerHour }) => usdPerHour <= limit),
          need,
        ),
    };
  },
});
