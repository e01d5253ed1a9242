import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Puts the best offer first and leaves it in its place as well. */
export default definePolicy({
  slot: 'purchase',
  name: 'repeatsTheBest',
  about: 'Puts the best offer first and leaves it in its place as well.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers) {
      const ranked = offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : 1));
      return ranked.slice(0, 1).concat(ranked);
    },
  }),
});
