import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Leaves the offers in the order in which they happen to come. */
export default definePolicy({
  slot: 'purchase',
  name: 'takesOffersAsTheyCome',
  about: 'Leaves the offers in the order in which they happen to come.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers) {
      return [...offers];
    },
  }),
});
