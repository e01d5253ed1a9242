import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Takes jobs for blocks, however many jobs fit on one. */
export default definePolicy({
  slot: 'scaling',
  name: 'wantsBlocksForJobs',
  about: 'Takes jobs for blocks, however many jobs fit on one.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({
      blocks: Math.min(question.allowance.blocks, question.jobs.running + question.jobs.waiting),
    }),
  }),
});
