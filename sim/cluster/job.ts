import type { JobRow } from '../../data/records/rows.ts';
import { ALWAYS, type Instant, type Millis } from '../../src/domain/time.ts';
import type { JobKind } from './sizes.ts';

/** A job as it fares in the cluster. */
export interface Job extends JobRow {
  readonly kind: JobKind;
  /** First start; undefined while it has never run. */
  startedAt: Instant | undefined;
  /** Where it last started. */
  ranOn: 'block' | 'overflow' | undefined;
  /** Times that it lost its node. */
  killed: number;
  /** Since when it waits to run; undefined while it runs, and once it has finished or was given up. */
  waitingSince: Instant | undefined;
  /** Until when the autoscaler buys nothing for it: as it was created, and as the keeper holds it; ALWAYS where it may at once. */
  delayedUntil: Instant;
  /** Until when the keeper holds it; undefined while it does not. */
  heldUntil: Instant | undefined;
  /** The last patch of its hold that was asked for, and what it asks for. */
  patch: number;
  askedUntil: Instant | undefined;
  /** Its place among those that wait: what was queued first has the lowest. */
  ticket: number;
  /** Since when it runs; undefined while it does not. */
  runningSince: Instant | undefined;
  /** How long it waited before the starts that it has had, reruns included. */
  queuedMs: Millis;
  /** How long it ran on nodes that it lost or has finished on. */
  ranMs: Millis;
  /** The part of it that was on blocks. */
  ranOnBlocksMs: Millis;
  finishedAt: Instant | undefined;
}

/** Who took a node away from under a job: EC2 by an interruption, the keeper, or the end of a spot block's own time. */
export type KilledBy = 'aws' | 'keeper' | 'term';

/** A job that has never run. Written out, since a week has thousands of them and objects that are spread are slow. */
export function newJob({ job, queuedAt, durationMs, class: name }: JobRow, kind: JobKind): Job {
  const made: Job = {
    job,
    queuedAt,
    durationMs,
    kind,
    startedAt: undefined,
    ranOn: undefined,
    killed: 0,
    waitingSince: undefined,
    delayedUntil: ALWAYS,
    heldUntil: undefined,
    patch: 0,
    askedUntil: undefined,
    ticket: 0,
    runningSince: undefined,
    queuedMs: 0,
    ranMs: 0,
    ranOnBlocksMs: 0,
    finishedAt: undefined,
  };
  return name === undefined ? made : { ...made, class: name };
}

/** It has a node, from now on. */
export function start(job: Job, now: Instant, ranOn: Job['ranOn']): void {
  job.startedAt ??= now;
  job.queuedMs += now - (job.waitingSince ?? now);
  job.waitingSince = undefined;
  job.heldUntil = undefined;
  job.askedUntil = undefined;
  job.runningSince = now;
  job.ranOn = ranOn;
}

/** It runs no longer: it has finished, or lost its node. */
export function stop(job: Job, now: Instant): void {
  const ranMs = now - (job.runningSince ?? now);
  job.ranMs += ranMs;
  if (job.ranOn === 'block') job.ranOnBlocksMs += ranMs;
  job.runningSince = undefined;
}
