import { z } from 'zod';
import { definePolicy, minutes } from '../../../src/policy/index.ts';

/** Spreads renewals by counting how often it was asked. */
let asked = 0;

export default definePolicy({
  slot: 'renewal',
  name: 'countsItsCalls',
  about: 'Spreads renewals by counting how often it was asked.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      asked += 1;
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      const drainAt = endBy - minutes(20 + (asked % 10));
      return { relieveAt: drainAt - minutes(5), drainAt, endBy };
    },
  }),
});
