import { z } from 'zod';
import { definePolicy, minutes } from '../../../src/policy/index.ts';

/** Waits for better prices until the window is about to close. */
export default definePolicy({
  slot: 'purchase',
  name: 'buysInTheLastMinute',
  about: 'Waits for better prices until the window is about to close.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers, { now, allowance: demand }) {
      if (demand.until - now > minutes(1)) return [];
      return offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : 1));
    },
  }),
});
