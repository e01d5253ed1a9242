import { type Instant, latest } from '../../../src/domain/time.ts';
import { jobsWithin, mayRun, type ReferenceQuestion, type RunningJob } from '../bound/question.ts';
import { reclaimAfter, type Track, tracksOf } from '../bound/tracks.ts';

/**
 * What foresight chooses among, as numbers: jobs in order of their start, kinds of machines, and for each pair of them
 * (`pair = job * tracks.length + track`) whether the one may run on the other and what that machine has cost by when.
 */
export interface Prospect {
  readonly from: Instant;
  readonly until: Instant;
  readonly jobs: readonly RunningJob[];
  readonly tracks: readonly Track[];
  /** When a machine is bought if a job is its first: a boot before it starts, but not before `from`. */
  readonly buysAt: readonly Instant[];
  /** By pair: a machine that has served before may run the job. */
  readonly mayFollow: Uint8Array;
  /** By pair: a machine may be bought for the job and run it. */
  readonly mayOpen: Uint8Array;
  /** By pair: USD that a machine held since `from` has cost when it would be bought for the job, at its start and its end. */
  readonly paidAtBuy: Float64Array;
  readonly paidAtStart: Float64Array;
  readonly paidAtEnd: Float64Array;
}

/** @throws RangeError for a job that no kind of machine may run */
export function planOf(question: ReferenceQuestion): Prospect {
  const { from, until } = question;
  const jobs = jobsWithin(question);
  const all = tracksOf(question).map((track) => ({
    track,
    runs: jobs.map(({ job }) => mayRun(question, job, track.machine)),
  }));
  const kept = all.filter((one, at) => !all.some((other, place) => outdoes(other, one, place < at, until)));
  const tracks = kept.map(({ track }) => track);
  const size = jobs.length * tracks.length;
  const plan: Prospect = {
    from,
    until,
    jobs,
    tracks,
    buysAt: jobs.map(({ job, startsAt }) => latest(from, startsAt - question.boots(job))),
    mayFollow: new Uint8Array(size),
    mayOpen: new Uint8Array(size),
    paidAtBuy: new Float64Array(size),
    paidAtStart: new Float64Array(size),
    paidAtEnd: new Float64Array(size),
  };
  for (const [job, { startsAt, endsAt }] of jobs.entries()) {
    const buysAt = plan.buysAt[job]!;
    for (const [at, { track, runs }] of kept.entries()) {
      const pair = job * tracks.length + at;
      plan.paidAtBuy[pair] = track.paidBy(buysAt);
      plan.paidAtStart[pair] = track.paidBy(startsAt);
      plan.paidAtEnd[pair] = track.paidBy(endsAt);
      const lastsMs = lifeOf(track);
      plan.mayFollow[pair] = Number(
        runs[job] && reclaimAfter(track, startsAt) >= endsAt && endsAt - startsAt <= lastsMs,
      );
      plan.mayOpen[pair] = Number(
        runs[job] && reclaimAfter(track, buysAt) >= endsAt && endsAt - buysAt <= lastsMs && track.roomAt(buysAt) > 0,
      );
    }
  }
  return plan;
}

/** How long one machine can live: a block its time, others as long as they are paid for. */
export const lifeOf = ({ machine }: Track): number =>
  machine.term === 'spot-block' ? (machine.durationMs ?? 0) : Infinity;

interface Candidate {
  readonly track: Track;
  readonly runs: readonly boolean[];
}

/**
 * Whether every machine of one kind could as well be one of another: never dearer, never taken back, always to be had, as
 * large, and allowed the same jobs. Of two that are alike the first stays.
 */
function outdoes(other: Candidate, one: Candidate, isBefore: boolean, until: Instant): boolean {
  if (other === one || lifeOf(other.track) < Infinity || other.track.reclaims.length > 0) return false;
  if (other.track.rooms.some((room) => room < Infinity)) return false;
  const isAsLarge = one.track.machine.capacity.every((size, at) => (other.track.machine.capacity[at] ?? 0) >= size);
  if (!isAsLarge || one.runs.some((runs, job) => runs && !other.runs[job])) return false;
  const instants = [...new Set([...other.track.instants, ...one.track.instants])].sort((a, b) => a - b);
  let isEqual = true;
  for (const [at, instant] of instants.entries()) {
    const next = instants[at + 1] ?? until;
    const [paid, paidHere] = [other, one].map(({ track }) => track.paidBy(next) - track.paidBy(instant));
    if (paid! > paidHere! + 1e-12) return false;
    if (paid! < paidHere! - 1e-12) isEqual = false;
  }
  return !isEqual || isBefore || one.track.rooms.some((room) => room < Infinity) || one.track.reclaims.length > 0;
}
