import { percentile } from '../../data/records/percentile.ts';
import { type Instant, type Millis, seconds } from '../../src/domain/time.ts';
import type { Job, KilledBy } from '../cluster/job.ts';
import type { JobsOutcome, Queued } from '../outcome.ts';
import type { Truth } from '../world/simulatedWorld.ts';

/** Facts of one instant are a millisecond apart, so that of many jobs at once the last starts some milliseconds later. */
const AT_ONCE_MS = seconds(1);

/** How the jobs of a run fared. */
export function jobsOf({ jobs, kills, until }: Pick<Truth, 'jobs' | 'kills' | 'until'>): JobsOutcome {
  const waits = jobs.map(({ queuedAt, startedAt }) => (startedAt ?? until) - queuedAt).sort((a, b) => a - b);
  const killedBy = (who: KilledBy): number => kills.filter(({ by }) => by === who).length;
  return {
    total: jobs.length,
    onBlocks: jobs.filter(({ ranOn }) => ranOn === 'block').length,
    onOverflow: jobs.filter(({ ranOn }) => ranOn === 'overflow').length,
    waiting: jobs.filter(({ ranOn }) => ranOn === undefined).length,
    killed: kills.length,
    killedByAws: killedBy('aws'),
    killedByKeeper: killedBy('keeper'),
    killedByTerm: killedBy('term'),
    neverFinished: jobs.filter((job) => neverFinished(job, until)).length,
    runningAtEnd: jobs.filter(({ runningSince }) => runningSince !== undefined).length,
    atOnce: waits.filter((wait) => wait < AT_ONCE_MS).length,
    waitMs: { p50: percentile(waits, 0.5), p95: percentile(waits, 0.95), max: waits.at(-1) ?? 0 },
    queuedMs: queuedOf(jobs.map((job) => queuedMsOf(job, until))),
  };
}

/** All time that a job was queued by `until`, reruns included. */
export const queuedMsOf = ({ queuedMs, waitingSince }: Job, until: Instant): Millis =>
  queuedMs + (waitingSince === undefined ? 0 : until - waitingSince);

/** All time that a job ran by `until`, killed runs included. */
export const ranMsOf = ({ ranMs, runningSince }: Job, until: Instant): Millis =>
  ranMs + (runningSince === undefined ? 0 : until - runningSince);

/** The part of it that was on blocks. */
export const ranOnBlocksMsOf = (job: Job, until: Instant): Millis =>
  job.ranOnBlocksMs + (job.ranOn === 'block' ? ranMsOf(job, until) - job.ranMs : 0);

/** It would have finished, had nobody taken its node. */
export const neverFinished = ({ killed, finishedAt, startedAt, durationMs }: Job, until: Instant): boolean =>
  killed > 0 && finishedAt === undefined && startedAt !== undefined && startedAt + durationMs <= until;

/** Lengths, in any order, by their mean and their percentiles; all 0 where there is none. */
export function queuedOf(lengths: readonly Millis[]): Queued {
  const ascending = [...lengths].sort((a, b) => a - b);
  const sum = ascending.reduce((total, length) => total + length, 0);
  return {
    mean: ascending.length === 0 ? 0 : sum / ascending.length,
    p50: percentile(ascending, 0.5),
    p95: percentile(ascending, 0.95),
    p99: percentile(ascending, 0.99),
    max: ascending.at(-1) ?? 0,
  };
}
