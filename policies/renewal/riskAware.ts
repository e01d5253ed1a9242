import { z } from 'zod';
import { after, choiceOf, definePolicy, earliest, latest, length, minutes } from '../../src/policy/index.ts';

/**
 * Renews a block of plain spot when AWS reports an elevated risk of interruption, before the notice of two minutes comes;
 * otherwise, and for other terms, another policy decides. For jobs that are long against those two minutes.
 *
 * AWS gives the signal freely, and a pool that follows each one buys without end. So two things hold it back:
 *
 * - The first `settle` of a lease counts as served: a signal in that time is heeded when it is over.
 * - A market is believed until its record speaks against it: once so many instances were granted there that `leastRate` of
 *   them would have been a further interruption than the pool met, the signal is ignored until there is one.
 */
export const riskAware = definePolicy({
  slot: 'renewal',
  name: 'riskAware',
  about: 'Renews a spot block early when AWS reports a risk and the record of its market bears that out.',
  options: z.strictObject({
    inner: choiceOf('renewal').describe('The policy that decides where there is no risk').default({ policy: 'surge' }),
    overlap: length().prefault('5m').describe('How long after its relief a block at risk drains'),
    settle: length()
      .refine((settle) => settle >= minutes(1), { error: 'expected a length of at least 1m' })
      .prefault('30m')
      .describe('How long after its start a lease is not renewed for a risk'),
    leastRate: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe(
        'The share of interruptions among the grants of a market below which its signals are ignored; 0 heeds all',
      ),
  }),
  create({ inner, overlap, settle, leastRate }, shelf) {
    const policy = shelf.policy('renewal', inner);
    return {
      timesFor(question) {
        const usual = policy.timesFor(question);
        const { lease, atRiskAt, market } = question;
        const isBelieved = market.interruptions + 1 > leastRate * market.grants;
        if (atRiskAt === undefined || lease.offer.term !== 'spot' || !isBelieved) return usual;
        const relieveAt = latest(atRiskAt, after(lease.startsAt, settle));
        if (relieveAt >= usual.relieveAt) return usual;
        return { ...usual, relieveAt, drainAt: earliest(after(relieveAt, overlap), usual.drainAt) };
      },
    };
  },
});
