import { z } from 'zod';
import { definePolicy, neededBlocks } from '../../../src/policy/index.ts';

/** Wants none in place of those that drain, once as many live as are allowed. */
export default definePolicy({
  slot: 'scaling',
  name: 'deadlocksAtTheCap',
  about: 'Wants none in place of those that drain, once as many live as are allowed.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow(question) {
      const { arriving, busy, idle, draining } = question.blocks;
      const living = arriving + busy + idle + draining;
      const isFull = living >= question.allowance.blocks;
      const needed = isFull ? busy : neededBlocks(question);
      return { blocks: Math.min(question.allowance.blocks, needed) };
    },
  }),
});
