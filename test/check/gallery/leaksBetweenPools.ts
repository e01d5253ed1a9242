import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';
import { wallClock } from './wallClock.ts';

/** Reads its window once, and gives every pool that of the first. */
let first: { zone: string; from: string; to: string; blocks: number } | undefined;

export default definePolicy({
  slot: 'operatingHours',
  name: 'leaksBetweenPools',
  about: 'Reads its window once, and gives every pool that of the first.',
  options: z.strictObject({ zone: z.string(), from: z.string(), to: z.string(), blocks: z.int() }),
  create: (options) => {
    first ??= options;
    const { zone, from, to, blocks } = first;
    return {
      allowedAt(now) {
        const until = (Math.floor(now / 60_000) + 1) * 60_000;
        const { time } = wallClock(now, zone);
        const open = from < to ? time >= from && time < to : time >= from || time < to;
        return { blocks: open ? blocks : 0, until };
      },
    };
  },
});
