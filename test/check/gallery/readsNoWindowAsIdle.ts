import { z } from 'zod';
import { definePolicy, neededBlocks } from '../../../src/policy/index.ts';

/** Reads hours after which none are allowed as a pool that has nothing to do. */
export default definePolicy({
  slot: 'scaling',
  name: 'readsNoWindowAsIdle',
  about: 'Reads hours after which none are allowed as a pool that has nothing to do.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({
      blocks: question.next.blocks === 0 ? 0 : Math.min(question.allowance.blocks, neededBlocks(question)),
      giveBackIdleAfterMs: 0,
    }),
  }),
});
