import type { Instant } from '../../../src/domain/time.ts';
import type { Prospect } from './plan.ts';

/** The starts and ends of all jobs in order of time; at one instant ends come first, so that a machine can go on at once. */
export interface Nodes {
  readonly at: readonly Instant[];
  /** The place of each job's start and end among them. */
  readonly startOf: Int32Array;
  readonly endOf: Int32Array;
  /** The job that starts or ends there, and which of the two. */
  readonly job: Int32Array;
  readonly isStart: Uint8Array;
}

export function nodesOf({ jobs }: Prospect): Nodes {
  const all = jobs.flatMap(({ startsAt, endsAt }, job) => [
    { at: startsAt, job, isStart: 1 },
    { at: endsAt, job, isStart: 0 },
  ]);
  all.sort((a, b) => a.at - b.at || a.isStart - b.isStart || a.job - b.job);
  const startOf = new Int32Array(jobs.length);
  const endOf = new Int32Array(jobs.length);
  for (const [place, { job, isStart }] of all.entries()) (isStart === 1 ? startOf : endOf)[job] = place;
  return {
    at: all.map(({ at }) => at),
    startOf,
    endOf,
    job: Int32Array.from(all, ({ job }) => job),
    isStart: Uint8Array.from(all, ({ isStart }) => isStart),
  };
}
