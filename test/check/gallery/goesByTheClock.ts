import { z } from 'zod';
import { definePolicy, neededBlocks } from '../../../src/policy/index.ts';

/** Wants a block more in every other minute of the machine's clock. */
export default definePolicy({
  slot: 'scaling',
  name: 'goesByTheClock',
  about: "Wants a block more in every other minute of the machine's clock.",
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({
      blocks: Math.min(question.allowance.blocks, neededBlocks(question) + (new Date().getUTCMinutes() % 2)),
    }),
  }),
});
