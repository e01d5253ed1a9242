import { z } from 'zod';
import { definePolicy, minutes, seconds } from '../../../src/policy/index.ts';

/** The successor is asked for ten seconds before the drain: no node boots in that. */
export default definePolicy({
  slot: 'renewal',
  name: 'leadShorterThanBoot',
  about: 'The successor is asked for ten seconds before the drain: no node boots in that.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      const drainAt = endBy - minutes(15);
      return { relieveAt: drainAt - seconds(10), drainAt, endBy };
    },
  }),
});
