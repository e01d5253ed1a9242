import type { JobRow } from '../../data/records/rows.ts';
import { type Instant, NEVER } from '../../src/domain/time.ts';
import type { Stream } from '../kernel/kernel.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The jobs of a scenario's window in order of time; of one instant, in the order in which they are listed. */
export function jobStream(
  { jobs, from, until }: Pick<Scenario, 'jobs' | 'from' | 'until'>,
  queue: (job: JobRow) => void,
) {
  const inOrder = ordered(jobs).filter(({ queuedAt }) => queuedAt >= from && queuedAt < until);
  let next = 0;
  const stream: Stream & { dueAt: Instant } = {
    dueAt: inOrder[0]?.queuedAt ?? NEVER,
    happen: () => {
      const job = inOrder[next++];
      stream.dueAt = inOrder[next]?.queuedAt ?? NEVER;
      if (job !== undefined) queue(job);
    },
  };
  return stream;
}

/** Most lists are in order: generated ones, and recorded ones. */
const ordered = (jobs: readonly JobRow[]): readonly JobRow[] =>
  jobs.every(({ queuedAt }, place) => place === 0 || (jobs[place - 1]?.queuedAt ?? 0) <= queuedAt)
    ? jobs
    : jobs.toSorted((a, b) => a.queuedAt - b.queuedAt);
