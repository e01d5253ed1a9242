import { type JobPlaces, type JobSharing, type SharedJob, sharedElsewhere } from '../../../domain/jobSharing.ts';
import { earliest, type Instant, NEVER } from '../../../domain/time.ts';
import { placeOf } from '../../../domain/words.ts';
import type { WaitingPod } from '../podDelay.ts';
import { isBusy } from '../pods.ts';
import type { Amounts } from './amounts.ts';
import { type PoolNodes, poolsFor } from './poolsFor.ts';
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

/** What is known of the pools whose jobs are counted. */
export interface CountedFor {
  readonly pools: readonly PoolNodes[];
  /** The block whose instance that is. */
  readonly blockOn: (instanceId: string) => string | undefined;
  /** Remembers which pool counts which job. */
  readonly sharing: JobSharing;
  /** What a pool has for jobs that wait, given how many jobs run on which blocks; undefined where that is not known. */
  readonly placesOf: (pool: string, onBlocks: Readonly<Record<string, number>>) => JobPlaces | undefined;
  /** The pool whose block a pod was held for, by an earlier life of the keeper too. */
  readonly heldFor: (pod: WaitingPod) => string | undefined;
}

/**
 * Counts each job for one pool at most: one that runs on a block counts for the block's pool; any other for the pool
 * that `JobSharing` says, of those that it fits. A job on a node that is not seen is on its way in or out, and not counted.
 */
export function countJobs(
  { takenAt, nodes, pods }: ClusterLook,
  { pools, blockOn, sharing, placesOf, heldFor }: CountedFor,
): ReadonlyMap<string, CountedJobs> {
  const counted = new Map(pools.map(({ pool }) => [pool, nothing()]));
  const fitting = poolsFor(pools);
  const blocks = new Map(nodes.map(({ name, instanceId = '' }) => [name, blockOn(instanceId)]));
  const waiting: WatchedPod[] = [];
  const elsewhere: WatchedPod[] = [];
  for (const pod of pods) {
    const { uid, bound, needs } = pod;
    if (bound?.job === false) continue;
    if (bound === undefined) {
      waiting.push(pod);
      continue;
    }
    // What may be at work is counted where it keeps a block, and nowhere else: no block is bought for what no rule calls a job.
    const isNamed = bound.role.kind === 'job';
    const block = blocks.get(bound.node);
    if (block === undefined) {
      if (isNamed) elsewhere.push(pod);
      continue;
    }
    const jobs = counted.get(placeOf(block)?.pool ?? '');
    if (jobs === undefined) continue;
    if (isNamed) jobs.uids.push(uid);
    if (!isBusy(bound, takenAt)) continue;
    if (isNamed && needs !== undefined) jobs.requests.push(needs.requests);
    jobs.onBlocks[block] = (jobs.onBlocks[block] ?? 0) + 1;
  }

  const shared = ({ uid, needs }: WatchedPod): SharedJob => ({ id: uid, pools: fitting(needs) });
  const places = new Map<string, JobPlaces>();
  for (const [pool, { onBlocks }] of counted) {
    const room = placesOf(pool, onBlocks);
    if (room !== undefined) places.set(pool, room);
  }
  const holders = new Map(waiting.map(({ uid, waits }) => [uid, waits && heldFor(waits)]));
  const { pools: waitsFor, left } = sharing.share(waiting.sort(byAge).map(shared), places, (id) => holders.get(id));
  for (const { uid, createdAt = takenAt, waits, needs } of waiting) {
    const jobs = counted.get(waitsFor.get(uid) ?? '');
    if (jobs === undefined) continue;
    jobs.uids.push(uid);
    if (needs !== undefined) jobs.requests.push(needs.requests);
    jobs.waiting += 1;
    if (waits !== undefined) jobs.waits.push(waits);
    jobs.waitingSince = earliest(jobs.waitingSince, createdAt);
  }
  const goesTo = sharedElsewhere(elsewhere.map(shared), left);
  for (const { uid, bound, needs } of elsewhere) {
    const jobs = counted.get(goesTo.get(uid) ?? '');
    if (jobs === undefined || bound === undefined) continue;
    jobs.uids.push(uid);
    if (!(isBusy(bound, takenAt) && blocks.has(bound.node))) continue;
    if (needs !== undefined) jobs.requests.push(needs.requests);
    jobs.overflow += 1;
  }
  return counted;
}

/** Kubernetes writes whole seconds, so many are of one age: between looks those keep their order. */
const byAge = (one: WatchedPod, other: WatchedPod): number =>
  (one.createdAt ?? 0) - (other.createdAt ?? 0) || (one.uid < other.uid ? -1 : 1);

const nothing = (): CountedJobs => ({
  ...{ waiting: 0, waitingSince: NEVER, overflow: 0 },
  ...{ onBlocks: {}, waits: [], uids: [], requests: [] },
});
