import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';
import { wallClock } from './wallClock.ts';

/** Says that its answer holds for a minute longer than it does. */
export default definePolicy({
  slot: 'operatingHours',
  name: 'isOffByOneAtUntil',
  about: 'Says that its answer holds for a minute longer than it does.',
  options: z.strictObject({ zone: z.string(), from: z.string(), to: z.string(), blocks: z.int() }),
  create: ({ zone, from, to, blocks }) => ({
    allowedAt(now) {
      const until = (Math.floor(now / 60_000) + 2) * 60_000;
      const { time } = wallClock(now, zone);
      const open = from < to ? time >= from && time < to : time >= from || time < to;
      return { blocks: open ? blocks : 0, until };
    },
  }),
});
