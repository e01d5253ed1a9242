import { z } from 'zod';
import { definePolicy, neededBlocks } from '../../../src/policy/index.ts';

/** Counts a block whose job has finished as one that is needed. */
export default definePolicy({
  slot: 'scaling',
  name: 'keepsOneForEachFinishedJob',
  about: 'Counts a block whose job has finished as one that is needed.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({
      blocks: Math.min(question.allowance.blocks, neededBlocks(question) + question.blocks.idle),
    }),
  }),
});
