import { z } from 'zod';
import { definePolicy } from '../../src/policy/index.ts';
import { type Stretch, timetable } from './calendar/timetable.ts';
import { blocks, lead, zone } from './options.ts';

/** The days of a profile in the order of ISO 8601. */
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const day = z
  .array(blocks())
  .length(24, { error: ({ input }) => `expected 24 numbers, one an hour, found ${countOf(input)}` })
  .describe('How many blocks are wanted in each hour of the day, 00:00 to 23:00');

/**
 * A number of blocks for each hour of the week: for hours that were learned from recorded jobs, which `spot-keeper profile`
 * does, and that follow no office's clock. An hour that the clock skips is left out; one that it repeats is twice as long.
 */
export const profile = definePolicy({
  slot: 'operatingHours',
  name: 'profile',
  about: 'Wants a number of blocks for each hour of the week, as learned from recorded jobs.',
  options: z.strictObject({
    zone: zone('the hours go'),
    blocks: z
      .strictObject({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day })
      .describe('How many blocks are wanted in each of the 168 hours of the week, day by day'),
    lead: lead(),
  }),
  create({ zone, blocks, lead }) {
    const week = DAYS.map((name) => stretchesOf(blocks[name]));
    return timetable({
      zone,
      leadMs: lead,
      exceptional: [],
      stretchesOn: ({ dayOfWeek }) => week[dayOfWeek - 1] ?? [],
    });
  },
});

/** The hours of a day, those that follow on one another with the same count as one. */
function stretchesOf(counts: readonly number[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const [hour, count] of counts.entries()) {
    if (counts[hour + 1] === count) continue;
    stretches.push({ fromMinutes: from * 60, toMinutes: (hour + 1) * 60, blocks: count });
    from = hour + 1;
  }
  return stretches;
}

const countOf = (input: unknown): string => (Array.isArray(input) ? String(input.length) : typeof input);
