import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';
import { wallClock } from './wallClock.ts';

/** Counts the minute of closing as open. */
export default definePolicy({
  slot: 'operatingHours',
  name: 'closesAMinuteLate',
  about: 'Counts the minute of closing as open.',
  options: z.strictObject({ zone: z.string(), from: z.string(), to: z.string(), blocks: z.int() }),
  create: ({ zone, from, to, blocks }) => ({
    allowedAt(now) {
      const until = (Math.floor(now / 60_000) + 1) * 60_000;
      const { time } = wallClock(now, zone);
      const open = from < to ? time >= from && time <= to : time >= from || time <= to;
      return { blocks: open ? blocks : 0, until };
    },
  }),
});
