import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Has its comparison the wrong way round. */
export default definePolicy({
  slot: 'purchase',
  name: 'buysTheDearest',
  about: 'Has its comparison the wrong way round.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers) {
      return offers.toSorted((a, b) => b.usdPerHour - a.usdPerHour || (a.zone < b.zone ? -1 : 1));
    },
  }),
});
