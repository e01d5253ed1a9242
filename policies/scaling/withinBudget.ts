import { z } from 'zod';
import { choiceOf, definePolicy } from '../../src/policy/index.ts';

const budget = () => z.number().positive().max(1_000_000);

/**
 * What another policy wants, until the budget of the day or of the month is spent. From then on it wants the blocks that have jobs
 * and no more: idle ones are given back, nothing is bought for jobs that wait, and no build is ended. Days and months are those of
 * UTC. What those jobs cost on the on-demand group is not counted.
 */
export const withinBudget = definePolicy({
  slot: 'scaling',
  name: 'withinBudget',
  about: 'Wants what another policy wants, and buys nothing more once a budget is spent.',
  example: { perDay: 40 },
  // By design: once the budget is spent, jobs are left to the on-demand group.
  waives: ['served'],
  options: z
    .strictObject({
      inner: choiceOf('scaling')
        .describe('The policy that decides within the budget')
        .default({ policy: 'followJobs' }),
      perDay: budget().optional().describe('What blocks may cost in a day, in USD'),
      perMonth: budget().optional().describe('What blocks may cost in a month, in USD'),
    })
    .refine(({ perDay, perMonth }) => perDay !== undefined || perMonth !== undefined, {
      error: 'expected perDay or perMonth, or both',
    })
    .refine(({ perDay = 0, perMonth = Number.POSITIVE_INFINITY }) => perDay <= perMonth, {
      path: ['perDay'],
      error: 'expected at most what perMonth allows in a whole month: a day that may cost more is never held to it',
    }),
  create({ inner, perDay = Number.POSITIVE_INFINITY, perMonth = Number.POSITIVE_INFINITY }, shelf) {
    const policy = shelf.policy('scaling', inner);
    return {
      wantedNow(question) {
        const wanted = policy.wantedNow(question);
        const { spent, blocks } = question;
        if (spent.todayUsd < perDay && spent.monthUsd < perMonth) return wanted;
        return { ...wanted, blocks: Math.min(wanted.blocks, blocks.busy) };
      },
    };
  },
});
