import { z } from 'zod';
import { choiceOf, definePolicy, length } from '../../src/policy/index.ts';
import { earlier } from './fromTheEnd.ts';

/**
 * Drains a block in a quiet moment: within the band before another policy's drain it is drained as soon as it is idle, and a
 * busy one at that policy's time. For jobs that are long against the lead, of which fewer are then cut short.
 *
 * Relief comes when the band begins, whatever runs: were it to wait for an idle moment too, a job that came after would take
 * it back, and the successor on its way would be given up. The pool's `surge` bounds how many are bought ahead.
 */
export const idleFirst = definePolicy({
  slot: 'renewal',
  name: 'idleFirst',
  about: 'Drains a block as soon as it is idle near its end; a busy one when another policy says.',
  // By design: an idle moment is taken whether or not the successor, which a drought may keep away, is there yet.
  waives: ['cover'],
  options: z.strictObject({
    inner: choiceOf('renewal').describe('The policy that says when at the latest').default({ policy: 'surge' }),
    band: length().prefault('30m').describe('How long before that an idle moment is taken'),
  }),
  create({ inner, band }, shelf) {
    const policy = shelf.policy('renewal', inner);
    return {
      timesFor(question) {
        const last = policy.timesFor(question);
        const { allowance, next, lease, jobs } = question;
        // Where fewer are wanted by then, the pool gives idle blocks back itself: a successor now would be for nothing.
        if (next.blocks < allowance.blocks && allowance.until <= last.relieveAt) return last;
        const first = earlier(last, lease, band);
        if (jobs.running === 0) return first;
        return { ...last, relieveAt: first.relieveAt };
      },
    };
  },
});
