import { z } from 'zod';
import { definePolicy, neededBlocks } from '../../../src/policy/index.ts';

/** Wants a block to spare by day, as the zone of the machine has it. */
export default definePolicy({
  slot: 'scaling',
  name: 'goesByLocalTime',
  about: 'Wants a block to spare by day, as the zone of the machine has it.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow: (question) => ({
      blocks: Math.min(question.allowance.blocks, neededBlocks(question) + (hourOf(question.now) < 12 ? 1 : 0)),
    }),
  }),
});

/** The hour on the wall of this machine. */
const hourOf = (now: number): number => new Date(now).getHours();
