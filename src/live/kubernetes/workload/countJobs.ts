import { earliest, type Instant, NEVER } from '../../../domain/time.ts';
import { placeOf } from '../../../domain/words.ts';
import type { WaitingPod } from '../podDelay.ts';
import { isBusy } from '../pods.ts';
import type { Amounts } from './amounts.ts';
import { type PoolNodes, poolFor } from './poolFor.ts';
import type { WatchedNode, WatchedPod } from './watched.ts';

/** Nodes and pods as they were at one instant. */
export interface ClusterLook {
  readonly takenAt: Instant;
  readonly nodes: readonly WatchedNode[];
  readonly pods: readonly WatchedPod[];
}

/** The jobs of one pool in one look. */
export interface CountedJobs {
  waiting: number;
  /** Those that wait, as a hold needs them. */
  readonly waits: WaitingPod[];
  /** NEVER where none waits. */
  waitingSince: Instant;
  /** By block id. */
  readonly onBlocks: Record<string, number>;
  overflow: number;
  /** The uids of all its jobs, those that are over too as long as their pods are there. */
  readonly uids: string[];
  /** What those that wait or run ask for. */
  readonly requests: Amounts[];
}

/**
 * Counts each job for one pool at most: one that runs on a block counts for the block's pool; any other for the pool
 * that `poolFor` says. `blockOn` gives the block whose instance that is. A job on a node that is not seen is on its way
 * in or out, and not counted.
 */
export function countJobs(
  { takenAt, nodes, pods }: ClusterLook,
  pools: readonly PoolNodes[],
  blockOn: (instanceId: string) => string | undefined,
): ReadonlyMap<string, CountedJobs> {
  const counted = new Map(pools.map(({ pool }) => [pool, nothing()]));
  const meantFor = poolFor(pools);
  const blocks = new Map(nodes.map(({ name, instanceId = '' }) => [name, blockOn(instanceId)]));
  for (const { uid, createdAt = takenAt, bound, waits, needs } of pods) {
    if (bound?.job === false) continue;
    const isNamed = bound === undefined || bound.role.kind === 'job';
    const block = bound === undefined ? undefined : blocks.get(bound.node);
    const pool = block === undefined ? meantFor(needs) : placeOf(block)?.pool;
    const jobs = counted.get(pool ?? '');
    if (jobs === undefined) continue;
    // What may be at work is counted where it keeps a block, and nowhere else: no block is bought for what no rule calls a job.
    if (!isNamed) {
      if (block !== undefined && isBusy(bound, takenAt)) jobs.onBlocks[block] = (jobs.onBlocks[block] ?? 0) + 1;
      continue;
    }
    jobs.uids.push(uid);
    if (bound !== undefined && !(isBusy(bound, takenAt) && blocks.has(bound.node))) continue;
    if (needs !== undefined) jobs.requests.push(needs.requests);
    if (bound === undefined) {
      jobs.waiting += 1;
      if (waits !== undefined) jobs.waits.push(waits);
      jobs.waitingSince = earliest(jobs.waitingSince, createdAt);
    } else if (block === undefined) jobs.overflow += 1;
    else jobs.onBlocks[block] = (jobs.onBlocks[block] ?? 0) + 1;
  }
  return counted;
}

const nothing = (): CountedJobs => ({
  ...{ waiting: 0, waitingSince: NEVER, overflow: 0 },
  ...{ onBlocks: {}, waits: [], uids: [], requests: [] },
});
