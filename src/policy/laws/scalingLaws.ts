import { shortly } from '../saidBy.ts';
import type { ScalingPolicy, ScalingQuestion, Wanted } from '../scaling.ts';
import { showScaling, wroteTo } from '../shown/ask.ts';
import { alwaysSoon, instantsHeld, instantText, type Law, type Laws, untilText } from './law.ts';

type ScalingLaw = Law<ScalingPolicy, ScalingQuestion>;

/** Blocks are counted in whole ones. */
export const wantsWholeBlocks: ScalingLaw = (policy, question) => {
  const { blocks } = policy.wantedNow(question);
  return Number.isSafeInteger(blocks) && blocks >= 0
    ? undefined
    : `wants ${shortly(blocks)} blocks; expected a whole number, zero or more`;
};

/** The hours say what may be had; the keeper cuts off what is above, and people would be told another number than they get. */
export const wantsNoMoreThanAllowed: ScalingLaw = (policy, question) => {
  const { blocks } = policy.wantedNow(question);
  const { allowance } = question;
  return blocks > allowance.blocks
    ? `wants ${blocks} blocks, of which the hours allow ${allowance.blocks}; expected no more than allowance.blocks`
    : undefined;
};

/** Jobs that wait are what blocks are bought for, and those that run are what they are kept for. */
export const wantsNoFewerForMoreJobs: ScalingLaw = (policy, question) => {
  const { jobs, now, blocks: there, jobsPerBlock } = question;
  const { blocks } = policy.wantedNow(question);
  for (const more of [1, question.jobsPerBlock, 25]) {
    const waiting = jobs.waiting + more;
    const crowded = policy.wantedNow({ ...question, jobs: { waitingSince: now, ...jobs, waiting } });
    if (crowded.blocks < blocks)
      return `wants ${blocks} blocks while ${jobs.waiting} jobs wait, and ${crowded.blocks} while ${waiting} wait; expected no fewer for more jobs`;
  }
  const busier = policy.wantedNow({
    ...question,
    jobs: { ...jobs, running: jobs.running + jobsPerBlock },
    blocks: { ...there, busy: there.busy + 1 },
  });
  if (busier.blocks < blocks)
    return `wants ${blocks} blocks while ${jobs.running} jobs run on ${there.busy} of them, and ${busier.blocks} while ${jobs.running + jobsPerBlock} run on ${there.busy + 1}; expected no fewer for more jobs`;
  return undefined;
};

/** With room for so many jobs on a block, one block for each job is many times too much; below, it may be meant as room to spare. */
const ROOMY = 4;

/** A block with room for several jobs takes several: whatever is held to spare, a further job does not need a block of its own. */
export const wantsNoBlockForEachJob: ScalingLaw = (policy, question) => {
  const { jobs, now, jobsPerBlock, allowance } = question;
  if (jobsPerBlock < ROOMY) return undefined;
  const [few, many] = [jobsPerBlock * 4, jobsPerBlock * 12];
  const wantedFor = (waiting: number): number =>
    policy.wantedNow({
      ...question,
      allowance: { ...allowance, blocks: Math.max(allowance.blocks, many * 10) },
      jobs: { waitingSince: now, ...jobs, waiting },
    }).blocks;
  const [first, then] = [wantedFor(few), wantedFor(many)];
  return then - first >= many - few
    ? `wants ${first} blocks while ${few} jobs wait, and ${then} while ${many} wait, though a block has room for ${jobsPerBlock} jobs; expected hardly more than one block for each ${jobsPerBlock} jobs`
    : undefined;
};

/** The same question gets the same answer, whatever was asked in between. */
export const wantsAlike: ScalingLaw = (policy, question) => {
  const first = textOf(policy.wantedNow(question));
  policy.wantedNow({
    ...question,
    jobs: { ...question.jobs, waiting: question.jobs.waiting + 7 },
    arrivals: [3, 0, 9],
  });
  const second = textOf(policy.wantedNow(question));
  return first === second
    ? undefined
    : `wants first ${first} and then ${second}, asked twice the same; expected the same both times`;
};

/** What it is shown is a copy, and not to be changed: the keeper takes a try for a fault, and lets its fallback decide. */
export const leavesJobsAlone: ScalingLaw = (policy, question) => {
  const said = showScaling(question, (shown) => policy.wantedNow(shown));
  return 'wrote' in said ? wroteTo(said.wrote) : undefined;
};

/** What the keeper keeps is what it would be told: the answer is the same until its `until`, or for good if it did not look at `now`. */
export const wantedHoldsUntil: ScalingLaw = (policy, question) => {
  const said = showScaling(question, (shown) => policy.wantedNow(shown));
  if ('wrote' in said) return wroteTo(said.wrote);
  const { now } = question;
  const { until } = said.answer;
  if (until !== undefined && !(until > now))
    return `returns until ${instantText(until)} at ${instantText(now)}; expected an instant after now`;
  const soon = alwaysSoon((at) => policy.wantedNow({ ...question, now: at }).until, now);
  if (soon !== undefined) return soon;
  const first = textOf(said.answer);
  for (const at of instantsHeld(said, now)) {
    const later = textOf(policy.wantedNow({ ...question, now: at }));
    if (later !== first)
      return `wants ${first}${untilText(until)} when it is asked at ${instantText(now)}, but at ${instantText(at)} it wants ${later}; expected the same number until then`;
  }
  return undefined;
};

/** What every scaling policy keeps, whatever the jobs are. */
export const scalingLaws: Laws<ScalingPolicy, ScalingQuestion> = {
  leavesJobsAlone,
  wantsWholeBlocks,
  wantsNoMoreThanAllowed,
  wantsNoFewerForMoreJobs,
  wantsNoBlockForEachJob,
  wantsAlike,
  wantedHoldsUntil,
};

const textOf = ({ blocks, giveBackIdleAfterMs }: Wanted): string =>
  `${blocks} blocks${giveBackIdleAfterMs === undefined ? '' : `, the others given back after ${giveBackIdleAfterMs} ms`}`;
