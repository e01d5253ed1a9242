import type { FactOf, JobSeen, NodeSeen } from '../domain/facts.ts';
import { TAINT } from '../domain/nodeLabels.ts';
import { ALWAYS, after, earliest, type Instant, type Millis, minutes, NEVER } from '../domain/time.ts';
import type { BlockContext } from './context.ts';

/** A kubelet may miss a few heartbeats: a node that is not ready, or not there, is no supply only after so long. */
export const UNREADY_MS = minutes(2);

type NodeFact = FactOf<'node.seen'>;

/** What a block knows of its node. */
type Known = Pick<
  BlockContext,
  | 'node'
  | 'nodeGone'
  | 'ready'
  | 'unusableAt'
  | 'cordoned'
  | 'cordonedAt'
  | 'seenAt'
  | 'jobsSeenAt'
  | 'jobs'
  | 'jobsKnown'
  | 'endedJobs'
  | 'busySince'
  | 'idleSince'
>;

/** The same on its way to the next. Written field by field: every job's start and end comes through here. */
export type KnownDraft = { -readonly [Field in keyof Known]: Known[Field] };

/** Takes over a level of its node. The one place where levels and what was known are compared. */
export function takeSeen(draft: KnownDraft, { takenAt, node }: NodeFact): void {
  draft.seenAt = takenAt;
  if (node === null) {
    // A node that went before anybody saw it is none.
    if (draft.node === null) return;
    draft.nodeGone = true;
    draft.cordoned = false;
    draft.jobsKnown = false;
    draft.unusableAt = earliest(draft.unusableAt, after(takenAt, UNREADY_MS));
    return;
  }
  draft.node = node.name;
  draft.nodeGone = false;
  draft.cordoned = node.cordoned;
  if (node.ready) {
    draft.ready = true;
    draft.unusableAt = NEVER;
  } else if (draft.ready) {
    // Since when, as the cluster says; else since it was first seen so.
    const since = node.unreadySince === undefined ? takenAt : earliest(node.unreadySince, takenAt);
    const unusableAt = after(since, UNREADY_MS);
    draft.unusableAt = node.unreadySince === undefined ? earliest(draft.unusableAt, unusableAt) : unusableAt;
  }
  draft.jobsKnown = node.jobs !== undefined;
  if (node.jobs === undefined) return;
  draft.jobsSeenAt = takenAt;
  takeJobs(draft, node.jobs, takenAt);
}

function takeJobs(draft: KnownDraft, shown: readonly JobSeen[], takenAt: Instant): void {
  const jobs: JobSeen[] = [];
  const ended: string[] = [];
  let endedAt = ALWAYS;
  let since = NEVER;
  let goesOn = false;
  for (const job of shown) {
    if (job.endedAt !== undefined) {
      ended.push(job.id);
      endedAt = Math.max(endedAt, Math.min(job.endedAt, takenAt));
      continue;
    }
    jobs.push(job);
    since = Math.min(since, job.startedAt);
    goesOn ||= find(draft.jobs, job.id) !== undefined;
  }
  draft.jobs = jobs;
  draft.endedJobs = ended.length === 0 ? NO_IDS : ended;
  if (jobs.length === 0) {
    // Of a job that came and went unseen the end is what is left to see.
    draft.idleSince = Math.max(draft.idleSince ?? (endedAt === ALWAYS ? takenAt : ALWAYS), endedAt);
    draft.busySince = null;
    return;
  }
  // A pause that was not seen ends a busy stretch too.
  draft.busySince = goesOn && draft.busySince !== null ? draft.busySince : since;
  draft.idleSince = null;
}

const NO_IDS: readonly string[] = [];

/** What a level tells of jobs that was not known before. */
export interface JobNews {
  /** How many began to run there. */
  readonly started: number;
  /** How long those lasted that ended, as far as that is known. */
  readonly lengthsMs: readonly Millis[];
}

const NO_NEWS: JobNews = { started: 0, lengthsMs: [] };

/**
 * What is news of jobs in a level. A job that is simply not there any more ended just now, unless nobody could see it for a
 * while: then its length is unknown.
 */
export function jobNewsIn(block: Known, { takenAt, node }: NodeFact): JobNews {
  const shown = node?.jobs;
  if (shown === undefined || takenAt <= block.seenAt) return NO_NEWS;
  const lengthsMs: Millis[] = [];
  let started = 0;
  for (const { id, startedAt } of block.jobs) {
    const now = find(shown, id);
    if (now === undefined) {
      if (block.jobsKnown) lengthsMs.push(Math.max(0, takenAt - startedAt));
    } else if (now.endedAt !== undefined) lengthsMs.push(Math.max(0, now.endedAt - now.startedAt));
  }
  for (const { id, startedAt, endedAt } of shown) {
    if (find(block.jobs, id) !== undefined) continue;
    if (endedAt === undefined) started += 1;
    else if (endedAt > block.jobsSeenAt && !block.endedJobs.includes(id)) {
      // It came and went between two levels.
      started += 1;
      lengthsMs.push(Math.max(0, endedAt - startedAt));
    }
  }
  return started === 0 && lengthsMs.length === 0 ? NO_NEWS : { started, lengthsMs };
}

/** Blocks run a few jobs each: looking through them is faster than any index. */
function find(jobs: readonly JobSeen[], id: string): JobSeen | undefined {
  for (const job of jobs) if (job.id === id) return job;
  return undefined;
}

/** Whether a level of its node says something that the block does not know. */
export function isNews(block: Known, node: NodeSeen | null): boolean {
  if (node === null) return block.node !== null && !block.nodeGone;
  if (block.node !== node.name || block.nodeGone) return true;
  if (node.ready !== (block.ready && block.unusableAt === NEVER)) return node.ready || block.unusableAt === NEVER;
  if (node.cordoned !== block.cordoned) return true;
  if (block.cordonedAt === null && node.cordoned && node.marks.includes(TAINT.draining)) return true;
  if (node.jobs === undefined) return block.jobsKnown;
  const running = node.jobs.filter(({ endedAt }) => endedAt === undefined);
  return (
    !block.jobsKnown ||
    node.jobs.some(
      ({ id, endedAt }) => endedAt !== undefined && endedAt > block.jobsSeenAt && !block.endedJobs.includes(id),
    ) ||
    running.length !== block.jobs.length ||
    running.some(({ id }) => find(block.jobs, id) === undefined)
  );
}
