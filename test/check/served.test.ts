import { describe, expect, it } from 'vitest';
import type { CheckWorld } from '../../check/checkWorld.ts';
import { judge } from '../../check/judge.ts';
import { type Subject, subjectOf } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { definePolicy, minutes, neededBlocks, z } from '../../src/policy/index.ts';
import { warmGroup } from './worlds/warmGroup.ts';

const noHeadroom: Subject = { slot: 'scaling', name: 'followJobs', options: { headroom: 0 }, catalogue };

/** The example of `docs/policies.md`. */
const oneAhead = subjectOf(
  definePolicy({
    slot: 'scaling',
    name: 'oneAhead',
    about: 'Wants what jobs need, and one block more while there are any.',
    options: z.strictObject({}),
    create: () => ({
      wantedNow(question) {
        const needed = neededBlocks(question);
        const blocks = Math.min(question.allowance.blocks, needed === 0 ? 0 : needed + 1);
        return { blocks, giveBackIdleAfterMs: minutes(2) };
      },
    }),
  }),
  catalogue,
);

/** Wants one block while there are jobs, however many. */
const oneForAll = subjectOf(
  definePolicy({
    slot: 'scaling',
    name: 'oneForAll',
    about: 'Wants one block while there are jobs.',
    options: z.strictObject({}),
    create: () => ({
      wantedNow: ({ allowance, jobs: { waiting, running } }) => ({
        blocks: Math.min(allowance.blocks, waiting + running > 0 ? 1 : 0),
      }),
    }),
  }),
  catalogue,
);

/** Ten jobs at once every half hour, and room for one on a block. */
const crowds: CheckWorld = {
  ...warmGroup,
  ...{ blocks: 4, jobsPerNode: 1, delays: 0, repeats: 0, restarts: [], longJobs: [], droughts: [] },
  jobs: Array.from({ length: 60 }, (_, index) => ({ at: 30 + 60 * Math.floor(index / 10), minutes: 12 })),
};

describe('served', () => {
  it.each([
    ['followJobs without headroom', noHeadroom],
    ["the docs' own example", oneAhead],
  ])('does not blame %s for nodes of the group that stood warm since a block was refused once', async (_, subject) => {
    expect(await judge(subject, warmGroup)).toBeUndefined();
  });

  it('blames one that leaves a crowd to the group', async () => {
    expect(await judge(oneForAll, crowds)).toMatchObject({ promise: 'served' });
    expect(await judge(noHeadroom, crowds)).toBeUndefined();
  });
});
