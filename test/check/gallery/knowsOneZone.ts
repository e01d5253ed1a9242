import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Buys in its favourite zone, and nowhere else when that has nothing. */
export default definePolicy({
  slot: 'purchase',
  name: 'knowsOneZone',
  about: 'Buys in its favourite zone, and nowhere else when that has nothing.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers) {
      return offers.filter(({ zone }) => zone === 'us-east-1a');
    },
  }),
});
