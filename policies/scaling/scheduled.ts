import { z } from 'zod';
import { definePolicy } from '../../src/policy/index.ts';

/** Holds what the operating hours allow, whether there are jobs or not: the way of a fixed pool. */
export const scheduled = definePolicy({
  slot: 'scaling',
  name: 'scheduled',
  about: 'Wants every block that the operating hours allow.',
  options: z.strictObject({}),
  create: () => ({ wantedNow: ({ allowance: { blocks, until } }) => ({ blocks, until }), ignoresJobs: true }),
});
