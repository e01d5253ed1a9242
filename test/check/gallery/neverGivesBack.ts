import { z } from 'zod';
import { definePolicy, neededBlocks } from '../../../src/policy/index.ts';

/** Wants what jobs need, and waits for ever before it gives a block back. */
export default definePolicy({
  slot: 'scaling',
  name: 'neverGivesBack',
  about: 'Wants what jobs need, and waits for ever before it gives a block back.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({
      blocks: Math.min(question.allowance.blocks, neededBlocks(question)),
      giveBackIdleAfterMs: Number.POSITIVE_INFINITY,
    }),
  }),
});
