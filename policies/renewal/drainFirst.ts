import { z } from 'zod';
import { definePolicy, length } from '../../src/policy/index.ts';
import { fromTheEnd } from './fromTheEnd.ts';

/**
 * The successor is asked for when the old block starts to drain: for pools that must not pay for an overlap, and can wait
 * for a node to boot, or let the on-demand group take the jobs of these minutes.
 */
export const drainFirst = definePolicy({
  slot: 'renewal',
  name: 'drainFirst',
  about: 'Drains a block before its lease ends, and buys the successor at the same moment.',
  // By design: between the drain and the ready successor a block is missing.
  waives: ['cover'],
  options: z.strictObject({
    lead: length()
      .prefault('30m')
      .describe('How long before the end of its lease a block drains: give it the length of a long job'),
  }),
  create: ({ lead }) => ({ timesFor: (question) => fromTheEnd(question, lead, 0) }),
});
