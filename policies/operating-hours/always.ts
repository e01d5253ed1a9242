import { z } from 'zod';
import { definePolicy, NEVER } from '../../src/policy/index.ts';

/** The same number of blocks at any hour: for pools that serve several continents, and as the baseline to compare with. */
export const always = definePolicy({
  slot: 'operatingHours',
  name: 'always',
  about: 'Wants the same number of blocks at any hour.',
  example: { blocks: 2 },
  options: z.strictObject({
    blocks: z.int().min(0).describe('How many blocks are wanted'),
  }),
  create({ blocks }) {
    const allowance = Object.freeze({ blocks, until: NEVER });
    return { allowedAt: () => allowance };
  },
});
