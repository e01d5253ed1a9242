import { z } from 'zod';
import { choiceOf, definePolicy, length } from '../../src/policy/index.ts';
import { earlier } from './fromTheEnd.ts';

/**
 * Another policy's times, moved earlier by a share of the spread that differs from slot to slot: for pools whose blocks are
 * born together, at the opening of a window, and would otherwise all be renewed in the same minutes, lease after lease.
 *
 * The shares of slots 0, 1, 2, 3, 4 … are 0, 1/2, 1/4, 3/4, 1/8 …, so that any number of slots is spread evenly.
 */
export const staggered = definePolicy({
  slot: 'renewal',
  name: 'staggered',
  about: 'Spreads the renewals of another policy over time, slot by slot.',
  options: z.strictObject({
    inner: choiceOf('renewal').describe('The policy whose times are spread').default({ policy: 'surge' }),
    spread: length().prefault('20m').describe('Over how long the renewals of blocks born together are spread'),
  }),
  create({ inner, spread }, shelf) {
    const policy = shelf.policy('renewal', inner);
    return {
      timesFor(question) {
        return earlier(policy.timesFor(question), question.lease, Math.floor(spread * shareOf(question.slot)));
      },
    };
  },
});

/** The digits of the slot in base two, mirrored at the point: each next one falls into the widest gap that is left. */
function shareOf(slot: number): number {
  let share = 0;
  for (let [rest, digit] = [slot, 1 / 2]; rest > 0; rest = Math.floor(rest / 2), digit /= 2)
    share += (rest % 2) * digit;
  return share;
}
