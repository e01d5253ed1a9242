import { z } from 'zod';
import { definePolicy, type Offer } from '../../../src/policy/index.ts';

/** Sorts the list that it was given. */
export default definePolicy({
  slot: 'purchase',
  name: 'sortsInPlace',
  about: 'Sorts the list that it was given.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers) {
      // A policy in JavaScript would not even need to say that it takes the list for its own.
      return (offers as Offer[]).sort((a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : 1));
    },
  }),
});
