import { z } from 'zod';
import { definePolicy } from '../../src/policy/index.ts';
import { byPrice, sortedOnce } from './byPrice.ts';

/** The lowest price first: for terms that EC2 does not interrupt, or where an interruption costs little. */
export const cheapest = definePolicy({
  slot: 'purchase',
  name: 'cheapest',
  about: 'Buys at the lowest price per hour.',
  options: z.strictObject({}),
  create: () => ({ rank: (offers) => sortedOnce(offers, byPrice) }),
});
