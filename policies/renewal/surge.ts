import { z } from 'zod';
import { definePolicy, length } from '../../src/policy/index.ts';
import { fromTheEnd } from './fromTheEnd.ts';

/**
 * The successor serves before the old block drains: for pools whose jobs must always find a block. It pays for both
 * during the overlap and for as long as the old one's last jobs run, and needs room in the pool's `surge`.
 */
export const surge = definePolicy({
  slot: 'renewal',
  name: 'surge',
  about: 'Buys the successor first, then drains the old block before its lease ends.',
  options: z.strictObject({
    lead: length()
      .prefault('30m')
      .describe('How long before the end of its lease a block drains: give it the length of a long job'),
    overlap: length()
      .prefault('5m')
      .describe('How long before the drain the successor is bought: give it the time that a node takes to boot'),
  }),
  create: ({ lead, overlap }) => ({ timesFor: (question) => fromTheEnd(question, lead, overlap) }),
});
