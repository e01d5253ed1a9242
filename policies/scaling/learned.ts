import { z } from 'zod';
import { blockCount, definePolicy, hours, hoursLike, minutes } from '../../src/policy/index.ts';
import { givingBack, givingBackOptions } from './givingBack.ts';
import { seededWeeks } from './seededWeek.ts';

/** A boot that nobody has timed yet is taken to last as long. */
const UNTIMED_BOOT_MS = minutes(3);

const HOUR_MS = hours(1);

/** From so many hours of its own on, what a file said is left aside: four weeks of weekends, two of working days. */
const HOURS_ENOUGH = 24;

/** The epoch is a Thursday. */
const MONDAY_TO_EPOCH_HOURS = 72;

/**
 * Wants what `followJobs` wants, and no fewer blocks than this hour of the week has asked for in earlier weeks: for jobs that are to
 * find a block at once. The hour before and the one after count too, since what comes at nine today comes at ten another week.
 */
export const learned = definePolicy({
  slot: 'scaling',
  name: 'learned',
  about: 'Wants what this hour of the week has asked for before, and what the jobs ask for now.',
  // By design: it does not hold what the hours allow while no jobs are expected.
  waives: ['thrift'],
  options: z.strictObject({
    from: seededWeeks()
      .optional()
      .describe('A week to begin with, as `spot-keeper profile --quantile p100 --json` writes it'),
    service: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.99)
      .describe('The share of what earlier hours like this one asked for that would have found a block'),
    atLeast: blockCount().default(0).describe('Blocks that are held whatever was seen'),
    ...givingBackOptions(),
  }),
  create({ from: seeded = [], service, atLeast, ...when }, shelf) {
    const goes = givingBack(when);
    const follow = shelf.policy('scaling', { policy: 'followJobs' });
    return {
      wantedNow(question) {
        const { now, week, boots } = question;
        const hour = Math.floor(now / HOUR_MS);
        const endsAt = (hour + 1) * HOUR_MS;
        // What the next hour asks for is bought a boot before it begins.
        const nextAt = endsAt - Math.min(boots?.p95Ms ?? UNTIMED_BOOT_MS, HOUR_MS / 2);
        const usual = usualIn(hour, week.likeThisHour);
        const next = now < nextAt ? 0 : usualIn(hour + 1, week.likeNextHour);
        const { blocks } = follow.wantedNow(question);
        return {
          blocks: Math.min(question.allowance.blocks, Math.max(atLeast, usual, next, blocks)),
          until: now < nextAt ? nextAt : endsAt,
          ...goes,
        };
      },
    };

    function usualIn(hour: number, seen: readonly number[]): number {
      const ofWeek = (hour + MONDAY_TO_EPOCH_HOURS) % 168;
      const before =
        seen.length < HOURS_ENOUGH ? seeded.flatMap((one) => hoursLike(ofWeek).map((like) => one[like] ?? 0)) : [];
      return enoughFor([...seen, ...before], service);
    }
  },
});

/**
 * The fewest blocks with which no more than the rest of the share of what was asked for, hour by hour, would have been above them:
 * hours in which much was asked for weigh more, as there are more jobs in them.
 */
function enoughFor(asked: readonly number[], share: number): number {
  const falling = asked.toSorted((a, b) => b - a);
  let mayMiss = (1 - share) * falling.reduce((sum, blocks) => sum + blocks, 0);
  for (const [index, blocks] of falling.entries()) {
    // So many hours are above the next lower one: each block fewer is missing in all of them.
    const step = blocks - (falling[index + 1] ?? 0);
    const fewer = Math.floor(mayMiss / (index + 1));
    if (fewer < step) return blocks - fewer;
    mayMiss -= step * (index + 1);
  }
  return 0;
}
