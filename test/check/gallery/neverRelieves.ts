import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** A block is supply until its last moment, so no successor is ever asked for in time. */
export default definePolicy({
  slot: 'renewal',
  name: 'neverRelieves',
  about: 'A block is supply until its last moment, so no successor is ever asked for in time.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      return { relieveAt: endBy, drainAt: endBy, endBy };
    },
  }),
});
