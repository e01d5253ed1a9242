import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';
import { wallClock } from './wallClock.ts';

/** Compares times of day as texts, so a window over midnight never opens. */
export default definePolicy({
  slot: 'operatingHours',
  name: 'comparesStrings',
  about: 'Compares times of day as texts, so a window over midnight never opens.',
  options: z.strictObject({ zone: z.string(), from: z.string(), to: z.string(), blocks: z.int() }),
  create: ({ zone, from, to, blocks }) => ({
    allowedAt(now) {
      // A minute at a time, as the scripts did.
      const until = (Math.floor(now / 60_000) + 1) * 60_000;
      const { time } = wallClock(now, zone);
      return { blocks: time >= from && time < to ? blocks : 0, until };
    },
  }),
});
