import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Takes the jobs away from the allowance in the wrong place. */
export default definePolicy({
  slot: 'scaling',
  name: 'wantsMoreForFewer',
  about: 'Takes the jobs away from the allowance in the wrong place.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: ({ allowance, jobs: { waiting, running } }) => ({
      blocks: waiting + running === 0 ? 0 : Math.max(0, allowance.blocks - waiting),
    }),
  }),
});
