import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Buys nothing while as many blocks live as are wanted, though some of them are draining. */
export default definePolicy({
  slot: 'purchase',
  name: 'countsDrainingAsSupply',
  about: 'Buys nothing while as many blocks live as are wanted, though some of them are draining.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers, { zones, allowance: demand }) {
      if (zones.length >= demand.blocks) return [];
      return offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : 1));
    },
  }),
});
