import { describe, expect, it } from 'vitest';
import { hours } from '../../src/domain/time.ts';
import { scalingLaws } from '../../src/policy/laws/index.ts';
import { neededBlocks, type ScalingPolicy, type ScalingQuestion, type Wanted } from '../../src/policy/scaling.ts';
import { everyPolicyKeeps, firesFor } from './everyPolicy.ts';
import { aScalingQuestion } from './questions.ts';

describe('every scaling policy', () => {
  everyPolicyKeeps('scaling', scalingLaws, aScalingQuestion, 100);
});

describe('the laws of scaling', () => {
  const answering = (wantedNow: (question: ScalingQuestion) => Wanted): ScalingPolicy => ({ wantedNow });
  const hourOf = (now: number) => Math.floor(now / hours(1));
  const capped = ({ allowance }: ScalingQuestion, blocks: number): Wanted => ({
    blocks: Math.min(allowance.blocks, blocks),
  });

  it.each<[law: string, wrong: () => ScalingPolicy, sentence: RegExp]>([
    [
      'wantsWholeBlocks',
      () => answering(({ jobs, jobsPerBlock }) => ({ blocks: (jobs.waiting + 0.5) / jobsPerBlock })),
      /wants .*\.\d+ blocks; expected a whole number/,
    ],
    ['wantsWholeBlocks', () => answering(() => ({ blocks: Number.NaN })), /wants NaN blocks/],
    ['wantsWholeBlocks', () => answering(({ jobs }) => ({ blocks: jobs.running - 3 })), /wants -\d blocks/],
    [
      'wantsNoMoreThanAllowed',
      () => answering((question) => ({ blocks: neededBlocks(question) })),
      /wants \d+ blocks, of which the hours allow \d+;/,
    ],
    // Leaves what waits to the group once it is a crowd.
    [
      'wantsNoFewerForMoreJobs',
      () => answering((question) => capped(question, question.jobs.waiting > 9 ? 0 : neededBlocks(question))),
      /wants \d+ blocks while \d+ jobs wait, and \d+ while \d+ wait/,
    ],
    // Counts the busy ones off instead of on.
    [
      'wantsNoFewerForMoreJobs',
      () => answering((question) => capped(question, Math.max(0, 5 - question.blocks.busy))),
      /wants \d blocks while \d+ jobs run on \d of them, and \d while \d+ run on \d/,
    ],
    // Takes jobs for blocks.
    [
      'wantsNoBlockForEachJob',
      () => answering((question) => capped(question, question.jobs.waiting + question.jobs.running)),
      /wants \d+ blocks while \d+ jobs wait, and \d+ while \d+ wait, though a block has room for \d+ jobs/,
    ],
    ['wantsAlike', counting, /asked twice the same/],
    // The types forbid it; a policy in JavaScript can.
    [
      'leavesJobsAlone',
      () => answering((question) => ({ blocks: Object.assign(question.jobs, { waiting: 0 }).waiting })),
      /tried to change jobs\.waiting of its question/,
    ],
    ['wantedHoldsUntil', () => answering(({ now }) => ({ blocks: 0, until: now })), /expected an instant after now/],
    // Seconds taken for milliseconds.
    [
      'wantedHoldsUntil',
      () => answering(({ now }) => ({ blocks: 0, until: now + 60 })),
      /instants are in milliseconds/,
    ],
    // Goes by the hour, but promises a day.
    [
      'wantedHoldsUntil',
      () => answering(({ now }) => ({ blocks: hourOf(now) % 2, until: now + hours(24) })),
      /wants \d blocks until .*, but at .* \d blocks/,
    ],
    // What is left over is given back sooner each hour: an answer too.
    [
      'wantedHoldsUntil',
      () => answering(({ now }) => ({ blocks: 1, giveBackIdleAfterMs: hourOf(now), until: now + hours(24) })),
      /the others given back after \d+ ms until/,
    ],
  ])('%s fires', (law, wrong, sentence) => {
    expect(firesFor(scalingLaws, law, wrong, aScalingQuestion)).toMatch(sentence);
  });

  function counting(): ScalingPolicy {
    let questions = 0;
    return answering(() => ({ blocks: (questions += 1) }));
  }
});
