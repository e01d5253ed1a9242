import { z } from 'zod';
import { definePolicy, neededBlocks } from '../../../src/policy/index.ts';

/** Wants a block for every job, whatever the hours allow. */
export default definePolicy({
  slot: 'scaling',
  name: 'exceedsTheAllowance',
  about: 'Wants a block for every job, whatever the hours allow.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({ blocks: neededBlocks(question) }),
  }),
});
