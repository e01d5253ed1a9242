import { z } from 'zod';
import { definePolicy, hours, minutes } from '../../../src/policy/index.ts';

/** Renews by the wall clock, so all blocks of a pool go at the same moment, every hour. */
export default definePolicy({
  slot: 'renewal',
  name: 'relievesAllAtOnce',
  about: 'Renews by the wall clock, so all blocks of a pool go at the same moment, every hour.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      const hourAt = Math.ceil((lease.startsAt + minutes(1)) / hours(1)) * hours(1);
      const relieveAt = Math.min(hourAt, endBy);
      return { relieveAt, drainAt: Math.min(relieveAt + minutes(1), endBy), endBy };
    },
  }),
});
