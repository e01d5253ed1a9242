import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';
import { wallClock } from './wallClock.ts';

/** Says that its answer holds for ever. */
export default definePolicy({
  slot: 'operatingHours',
  name: 'ignoresTheEnd',
  about: 'Says that its answer holds for ever.',
  options: z.strictObject({ zone: z.string(), from: z.string(), to: z.string(), blocks: z.int() }),
  create: ({ zone, from, to, blocks }) => ({
    allowedAt(now) {
      const { time } = wallClock(now, zone);
      const open = from < to ? time >= from && time < to : time >= from || time < to;
      return { blocks: open ? blocks : 0, until: Number.POSITIVE_INFINITY };
    },
  }),
});
