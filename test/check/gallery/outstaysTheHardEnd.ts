import { z } from 'zod';
import { definePolicy, hours, minutes } from '../../../src/policy/index.ts';

/** Promises jobs an hour after the end that AWS imposes. */
export default definePolicy({
  slot: 'renewal',
  name: 'outstaysTheHardEnd',
  about: 'Promises jobs an hour after the end that AWS imposes.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease }) {
      const { expiresAt } = lease;
      return { relieveAt: expiresAt - minutes(35), drainAt: expiresAt - minutes(30), endBy: expiresAt + hours(1) };
    },
  }),
});
