import { z } from 'zod';
import { definePolicy, minutes } from '../../../src/policy/index.ts';

/** Mixed up two leads: the drain comes before the relief. */
export default definePolicy({
  slot: 'renewal',
  name: 'drainsBeforeRelieving',
  about: 'Mixed up two leads: the drain comes before the relief.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      return { relieveAt: endBy - minutes(5), drainAt: endBy - minutes(30), endBy };
    },
  }),
});
