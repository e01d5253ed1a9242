import { z } from 'zod';
import { definePolicy, minutes, neededBlocks } from '../../../src/policy/index.ts';

/** Wants a spare block while none is idle, and none once one is. */
export default definePolicy({
  slot: 'scaling',
  name: 'flapsBetweenSpares',
  about: 'Wants a spare block while none is idle, and none once one is.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({
      blocks: Math.min(question.allowance.blocks, neededBlocks(question) + (question.blocks.idle > 0 ? 0 : 1)),
      giveBackIdleAfterMs: minutes(1),
    }),
  }),
});
