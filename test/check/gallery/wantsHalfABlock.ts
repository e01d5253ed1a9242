import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';
import { wallClock } from './wallClock.ts';

/** Opens gently: half of the blocks in the first quarter of an hour, whole or not. */
export default definePolicy({
  slot: 'operatingHours',
  name: 'wantsHalfABlock',
  about: 'Opens gently: half of the blocks in the first quarter of an hour, whole or not.',
  options: z.strictObject({ zone: z.string(), from: z.string(), to: z.string(), blocks: z.int() }),
  create: ({ zone, from, to, blocks }) => ({
    allowedAt(now) {
      const until = (Math.floor(now / 60_000) + 1) * 60_000;
      const { time } = wallClock(now, zone);
      const open = from < to ? time >= from && time < to : time >= from || time < to;
      const gently = time.slice(0, 2) === from.slice(0, 2);
      return { blocks: open ? (gently ? blocks / 2 : blocks) : 0, until };
    },
  }),
});
