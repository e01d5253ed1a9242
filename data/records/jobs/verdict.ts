import type { Instant, Millis } from '../../../src/domain/time.ts';
import type { Reason } from './setAside.ts';
import type { Standing } from './status.ts';

/** A time that was read; `nothing`: there is none, `zero`: one that stands for none. */
export type Told = Instant | 'nothing' | 'zero';

/** All that one row tells of times, read. */
export interface ToldTimes {
  readonly standing: Standing;
  readonly queued: Told;
  readonly started: Told;
  readonly finished: Told;
  readonly length: Millis | undefined;
  readonly waited: Millis | undefined;
  /** Whether rows of this file have a place for the start and for the end, be it empty in this one. */
  readonly hasStarts: boolean;
  readonly hasEnds: boolean;
}

/** When a job asked for a machine, had one, and for how long; an undefined instant is not known. */
export interface Times {
  readonly queuedAt: Instant | undefined;
  readonly startedAt: Instant | undefined;
  readonly durationMs: Millis;
}

/** The times of a job, or why the row is no job that ran. */
export function verdictOn(told: ToldTimes): Times | Reason {
  const { standing, queued, started, finished, length, hasStarts, hasEnds } = told;
  if (started === 'nothing' && hasStarts) return unstarted(standing, 'never started');
  // The end of what still runs is the time of the export, or of the last change.
  if (standing === 'not over') return 'was not over yet';
  if (started === 'zero' || finished === 'zero' || (queued === 'zero' && started === 'nothing'))
    return unstarted(standing, 'has a time that stands for none, such as 0001-01-01 or 1970-01-01');
  if (finished === 'nothing') {
    if (length === undefined || (hasEnds && length <= 0))
      return started === 'nothing' && queued === 'nothing' ? 'has no times that can be recognised' : 'has no end';
  }
  return timesOf(told);
}

const unstarted = (standing: Standing, otherwise: Reason): Reason =>
  standing === 'not over'
    ? 'was not over yet'
    : standing === 'cancelled'
      ? 'was cancelled before it started'
      : otherwise;

function timesOf({ queued, started, finished, length, waited }: ToldTimes): Times | Reason {
  const at = (time: Told): Instant | undefined => (typeof time === 'number' ? time : undefined);
  const [queuedAt, finishedAt] = [at(queued), at(finished)];
  const waitedMs = waited === undefined ? undefined : Math.max(0, waited);
  let startedAt = at(started);
  if (startedAt === undefined && finishedAt !== undefined && length !== undefined) startedAt = finishedAt - length;
  else if (startedAt === undefined && queuedAt !== undefined && waitedMs !== undefined) startedAt = queuedAt + waitedMs;
  const from = startedAt ?? queuedAt;
  if (from === undefined) return 'has no times that can be recognised';
  const durationMs = finishedAt === undefined ? length : finishedAt - from;
  if (durationMs === undefined) return 'has no end';
  if (durationMs < 0) return 'ends before it starts';
  if (durationMs === 0) return 'took no time';
  const askedAt = startedAt === undefined || waitedMs === undefined ? queuedAt : startedAt - waitedMs;
  return { queuedAt: askedAt, startedAt, durationMs };
}
