import { z } from 'zod';
import { definePolicy, leaseEnd } from '../../src/policy/index.ts';

/**
 * A block serves until its lease ends, and whatever runs then is cut short: for jobs that are cheap to repeat, and as the
 * worst case to compare with.
 */
export const letExpire = definePolicy({
  slot: 'renewal',
  name: 'letExpire',
  about: 'Lets a block serve to the end of its lease; jobs that still run are cut short.',
  // By design: what runs at the end of a lease is cut short and paid for again, and its place is empty until the next block
  // has booted.
  waives: [
    'jobs',
    'cover',
    'cost',
    { promise: 'ends', because: 'what runs at the end of a lease is cut short: its jobs are cheap to repeat' },
  ],
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      const endBy = leaseEnd(lease);
      return { relieveAt: endBy, drainAt: endBy, endBy };
    },
  }),
});
