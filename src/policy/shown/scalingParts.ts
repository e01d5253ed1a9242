import type { Writable } from '../../domain/writable.ts';
import type { ScalingQuestion } from '../scaling.ts';
import { allowanceCopy, quantilesCopy } from './copies.ts';
import { Copied, type Copies, type Parts } from './parts.ts';

/**
 * What a scaling policy is asked, part by part, as copies: with the documented fields and no more. A policy looks at a few of them, and is
 * asked whenever a job comes or goes; so a part is copied, and reckoned if it has to be, when it is looked at.
 */
export const scalingParts = (question: ScalingQuestion): Parts => new Copied(question, COPIES);

const COPIES: Copies<ScalingQuestion, ScalingQuestion> = {
  now: ({ now }) => now,
  allowance: ({ allowance }) => allowanceCopy(allowance),
  next: ({ next }) => allowanceCopy(next),
  jobs: ({ jobs: { waiting, waitingSince, running, overflow, elsewhere } }) =>
    waitingSince === undefined
      ? { waiting, running, overflow, elsewhere }
      : { waiting, waitingSince, running, overflow, elsewhere },
  blocks: ({ blocks: { arriving, busy, idle, draining } }) => ({ arriving, busy, idle, draining }),
  jobsPerBlock: ({ jobsPerBlock }) => jobsPerBlock,
  arrivals: ({ arrivals }) => [...arrivals],
  week: ({ week: { likeThisHour, likeNextHour } }) => ({
    likeThisHour: [...likeThisHour],
    likeNextHour: [...likeNextHour],
  }),
  prices: ({ prices: { blockUsdPerHour, leasedUsdPerHour, onDemandUsdPerHour } }) => {
    const copy: Writable<ScalingQuestion['prices']> = {};
    if (blockUsdPerHour !== undefined) copy.blockUsdPerHour = blockUsdPerHour;
    if (leasedUsdPerHour !== undefined) copy.leasedUsdPerHour = leasedUsdPerHour;
    if (onDemandUsdPerHour !== undefined) copy.onDemandUsdPerHour = onDemandUsdPerHour;
    return copy;
  },
  spent: ({ spent: { todayUsd, monthUsd } }) => ({ todayUsd, monthUsd }),
  durations: ({ durations }) => (durations === undefined ? undefined : quantilesCopy(durations)),
  boots: ({ boots }) => (boots === undefined ? undefined : quantilesCopy(boots)),
};
