import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Forgives every market, for all who look at them after it. */
export default definePolicy({
  slot: 'purchase',
  name: 'wipesTheMarkets',
  about: 'Forgives every market, for all who look at them after it.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers, { markets }) {
      for (const market of Object.keys(markets)) {
        try {
          Reflect.deleteProperty(markets, market);
        } catch {
          // It is none of our business who minds.
        }
      }
      return offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : 1));
    },
  }),
});
