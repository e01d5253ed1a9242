import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';
import { wallClock } from './wallClock.ts';

/** Takes the offset of January for the whole year. */
export default definePolicy({
  slot: 'operatingHours',
  name: 'forgetsSummerTime',
  about: 'Takes the offset of January for the whole year.',
  options: z.strictObject({ zone: z.string(), from: z.string(), to: z.string(), blocks: z.int() }),
  create: ({ zone, from, to, blocks }) => {
    const january = Date.UTC(2026, 0, 15);
    const offsetMs = wallClock(january, zone).asUtc - january;
    return {
      allowedAt(now) {
        const until = (Math.floor(now / 60_000) + 1) * 60_000;
        const time = new Date(now + offsetMs).toISOString().slice(11, 16);
        const open = from < to ? time >= from && time < to : time >= from || time < to;
        return { blocks: open ? blocks : 0, until };
      },
    };
  },
});
