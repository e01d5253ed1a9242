import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Wants the blocks that have jobs, and none for those that wait. */
export default definePolicy({
  slot: 'scaling',
  name: 'ignoresWaitingJobs',
  about: 'Wants the blocks that have jobs, and none for those that wait.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: ({ blocks: { busy } }) => ({ blocks: busy }),
  }),
});
