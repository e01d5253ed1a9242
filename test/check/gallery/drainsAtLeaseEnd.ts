import { z } from 'zod';
import { definePolicy, minutes } from '../../../src/policy/index.ts';

/** New jobs are let onto a block until its lease ends. */
export default definePolicy({
  slot: 'renewal',
  name: 'drainsAtLeaseEnd',
  about: 'New jobs are let onto a block until its lease ends.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      return { relieveAt: endBy - minutes(10), drainAt: endBy, endBy };
    },
  }),
});
