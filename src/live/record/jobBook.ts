import type { Instant } from '../../domain/time.ts';
import type { Condition } from '../../world/recording.ts';
import type { JobPod, JobRun } from './jobPod.ts';
import type { Kept } from './kept.ts';

/** Makes conditions of the job pods that are seen. */
export interface JobBook {
  readonly changed: (pod: JobPod) => void;
  readonly removed: (pod: JobPod) => void;
  /** Every job pod that there is: jobs of an earlier life of the recorder that are not among them have ended meanwhile. */
  readonly listed: (pods: readonly JobPod[]) => void;
}

/**
 * Each job is told of when it starts and when it has ended; one that never started asked for nothing. What an earlier life
 * of the recorder left unfinished is gone on with.
 */
export function jobBook({
  kept,
  now,
  write,
}: {
  readonly kept: Kept;
  readonly now: () => Instant;
  readonly write: (condition: Condition) => void;
}): JobBook {
  const open = new Map<string, OpenJob>(
    [...kept.jobs].map(([job, { at, queuedAt, class: name }]) => [job, { startedAt: at, queuedAt, ...classed(name) }]),
  );
  const done = new Set(kept.done);
  let inherited: ReadonlySet<string> = new Set(open.keys());

  function changed({ uid, queuedAt, class: name, run }: JobPod): void {
    if (run === undefined || done.has(uid)) return;
    const isOpen = open.has(uid);
    const endedAt = run.isOver ? (run.endedAt ?? (isOpen ? now() : undefined)) : undefined;
    // One that was over before anybody looked, and of which nothing says when, says nothing at all.
    if (run.isOver && endedAt === undefined) return;
    if (!isOpen) place(uid, queuedAt, run, name);
    if (endedAt !== undefined) end(uid, endedAt);
  }

  function place(job: string, queuedAt: Instant, { node, startedAt }: JobRun, name: string | undefined): void {
    // Kubelet's clock is not the API server's: a job does not start before it was asked for.
    const at = Math.max(startedAt, queuedAt);
    open.set(job, { startedAt: at, queuedAt, ...classed(name) });
    write({ type: 'job.placed', at, job, queuedAt, node, ...classed(name) });
  }

  function end(job: string, endedAt: Instant, atLeast = false): void {
    const run = open.get(job);
    if (run === undefined) return;
    open.delete(job);
    done.add(job);
    const durationMs = Math.max(0, endedAt - run.startedAt);
    write({
      ...{ type: 'job.queued', at: run.queuedAt, job, durationMs },
      ...(atLeast ? { atLeast } : {}),
      ...classed(run.class),
    });
  }

  return {
    changed,
    removed: ({ uid, run }) => {
      end(uid, run?.endedAt ?? now());
      done.delete(uid);
    },
    listed: (pods) => {
      if (inherited.size === 0) return;
      const there = new Set(pods.map(({ uid }) => uid));
      for (const job of inherited) if (!there.has(job)) end(job, kept.lastAt, true);
      // Those of an earlier life that are gone by now are never seen again.
      for (const job of done) if (!there.has(job)) done.delete(job);
      inherited = new Set();
    },
  };
}

interface OpenJob {
  readonly startedAt: Instant;
  readonly queuedAt: Instant;
  readonly class?: string;
}

const classed = (name: string | undefined): { readonly class?: string } => (name === undefined ? {} : { class: name });
