import type { Workload } from '../../domain/facts.ts';
import { type JobRoom, JobSharing, placesIn } from '../../domain/jobSharing.ts';
import { ALWAYS, after, type Instant, latest, type Millis, NEVER, seconds } from '../../domain/time.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { heldFor, isHeld, type WaitingPod } from '../kubernetes/podDelay.ts';
import { Arrivals } from '../kubernetes/workload/arrivals.ts';
import { type ClusterLook, type CountedJobs, countJobs } from '../kubernetes/workload/countJobs.ts';
import type { PoolShape } from '../kubernetes/workload/fits.ts';
import { jobsPerBlock } from '../kubernetes/workload/jobsPerBlock.ts';
import type { PoolNodes } from '../kubernetes/workload/poolsFor.ts';
import type { Clock } from '../ports/clock.ts';
import type { Inbox } from './inbox.ts';

/** Changes come in crowds, a list of thousands of pods for one: they are looked at together, a moment after the first. */
const TOGETHER_MS: Millis = 50;

/** They are looked at no more often than this. */
const APART_MS: Millis = seconds(1);

/** Says what jobs the pools have. */
export interface Workloads {
  /** Something in the cluster changed. */
  readonly changed: () => void;
  /** Everything of ours was listed: what is known is said again. Before the first time nothing is said. */
  readonly again: () => void;
  /** The keeper has taken a fact in. */
  readonly saw: () => void;
  /** The very pods that count as waiting for a pool, as they are now; undefined while that is not known. */
  readonly waitingFor: (pool: string) => readonly WaitingPod[] | undefined;
}

export interface WorkloadsPorts {
  readonly cluster: Pick<Cluster, 'look' | 'fresh'>;
  readonly clock: Clock;
  readonly inbox: Pick<Inbox, 'say' | 'waiting'>;
  /** The pools whose jobs are counted, in the order of the pools file. */
  readonly pools: readonly string[];
  /** Those of them whose blocks take only jobs that tolerate the taint of the pool. */
  readonly routed?: ReadonlySet<string>;
  /** Whose holds count. */
  readonly fleet: string;
  /** The block that has this instance. */
  readonly blockWith: (instanceId: string) => string | undefined;
  /** What the pools have for jobs that wait, by name, as the keeper knows it now. */
  readonly rooms: () => ReadonlyMap<string, JobRoom>;
  /** What kinds of nodes the pools have, without pools of which that is not known. */
  readonly shapesIn: (look: ClusterLook) => ReadonlyMap<string, readonly PoolShape[]>;
  readonly signal: AbortSignal;
}

/**
 * Looks at the jobs in the cluster soon after something changed, and says to the keeper what is news for a pool; again
 * with each inventory. Waits until the keeper has taken in what it was told before: only then it is known whose
 * instance is whose, and a job on a block that is not known yet would count as one that runs elsewhere.
 */
export function openWorkloads(ports: WorkloadsPorts): Workloads {
  const { cluster, clock, inbox, pools, signal } = ports;
  const arrivals = new Arrivals();
  const lastSaid = new Map<string, string>();
  const lastPerBlock = new Map<string, number>();
  const sharing = new JobSharing();
  let lastRooms = '';
  /** The jobs of each pool in the last look. */
  let uidsOf: ReadonlyMap<string, readonly string[]> = new Map();
  let lookedAt: Instant = ALWAYS;
  let begun = false;
  let wasFresh = false;
  let asked: 'no' | 'news' | 'everything' = 'no';
  let bell: (() => void) | undefined;
  signal.addEventListener('abort', () => bell?.(), { once: true });

  return {
    changed: lookSoon,
    again() {
      begun = true;
      asked = 'everything';
      lookIfTime();
    },
    saw() {
      lookAtRooms();
      // Nobody tells when the server falls silent.
      if (begun && pools.length > 0 && cluster.fresh() !== wasFresh) asked = 'everything';
      lookIfTime();
    },
    waitingFor(pool) {
      const look = cluster.look();
      if (look === undefined) return undefined;
      const nodes = nodesIn(look);
      if (nodes.find((one) => one.pool === pool)?.shapes === undefined) return undefined;
      return countedIn(look, nodes).get(pool)?.waits;
    },
  };

  function lookSoon(): void {
    if (!begun || bell !== undefined || pools.length === 0 || signal.aborted) return;
    bell = clock.at(latest(after(clock.now(), TOGETHER_MS), after(lookedAt, APART_MS)), () => {
      bell = undefined;
      if (asked === 'no') asked = 'news';
      lookIfTime();
    });
  }

  /** Where a pool has another room than before, another may count its jobs. */
  function lookAtRooms(): void {
    if (pools.length < 2) return;
    const rooms = JSON.stringify([...ports.rooms()]);
    if (rooms !== lastRooms) lookSoon();
    lastRooms = rooms;
  }

  function countedIn(look: ClusterLook, nodes: readonly PoolNodes[]): ReadonlyMap<string, CountedJobs> {
    const rooms = ports.rooms();
    return countJobs(look, {
      ...{ pools: nodes, blockOn: ports.blockWith, sharing, heldFor: (pod) => heldFor(pod, ports.fleet) },
      placesOf: (pool, onBlocks) => {
        const room = rooms.get(pool);
        return room === undefined ? undefined : placesIn(room, onBlocks, lastPerBlock.get(pool) ?? 1);
      },
    });
  }

  function lookIfTime(): void {
    if (asked === 'no' || inbox.waiting > 0 || signal.aborted) return;
    const isAskedAgain = asked === 'everything';
    asked = 'no';
    lookedAt = clock.now();
    const look = pools.length === 0 ? undefined : cluster.look();
    wasFresh = look !== undefined;
    const seen = look === undefined ? new Map<string, Workload>() : workloadsIn(look);
    const takenAt = look?.takenAt ?? clock.now();
    for (const pool of pools) {
      const workload = seen.get(pool) ?? null;
      if (isNews(pool, workload) || isAskedAgain) tell(pool, takenAt, workload);
    }
  }

  /** The workload of each pool of whose nodes something is known. */
  function workloadsIn(look: ClusterLook): ReadonlyMap<string, Workload> {
    const nodes = nodesIn(look);
    arrivals.saw(look.pods.filter(({ bound }) => bound?.job !== false).map(({ uid }) => uid));
    const counted = countedIn(look, nodes);
    uidsOf = new Map([...counted].map(([pool, { uids }]) => [pool, uids]));
    return new Map(
      nodes.flatMap(({ pool, shapes }) => {
        const jobs = counted.get(pool);
        if (shapes === undefined || jobs === undefined) return [];
        return [[pool, workloadOf(pool, jobs, shapes, look.takenAt)] as const];
      }),
    );
  }

  function nodesIn(look: ClusterLook): readonly PoolNodes[] {
    const known = ports.shapesIn(look);
    return pools.map((pool) => ({ pool, shapes: known.get(pool), isRouted: ports.routed?.has(pool) ?? false }));
  }

  function workloadOf(pool: string, jobs: CountedJobs, shapes: readonly PoolShape[], takenAt: Instant): Workload {
    const { waiting, waitingSince, waits, onBlocks, overflow, uids, requests } = jobs;
    const held = waits.filter((pod) => isHeld(pod, ports.fleet, takenAt)).length;
    // Without a job to go by, the next ones will be like the last.
    const perBlock = jobsPerBlock(requests, shapes) ?? lastPerBlock.get(pool) ?? 1;
    lastPerBlock.set(pool, perBlock);
    return {
      waiting,
      ...(waitingSince === NEVER ? {} : { waitingSince }),
      ...{ onBlocks, held, overflow, arrived: arrivals.amongst(pool, uids), jobsPerBlock: perBlock },
    };
  }

  function isNews(pool: string, workload: Workload | null): boolean {
    return textOf(workload) !== lastSaid.get(pool) || (workload?.arrived ?? 0) > 0;
  }

  function tell(pool: string, takenAt: Instant, workload: Workload | null): void {
    lastSaid.set(pool, textOf(workload));
    if (workload !== null) arrivals.told(pool, uidsOf.get(pool) ?? []);
    inbox.say({ type: 'workload.observed', pool, takenAt, workload });
  }
}

/** The same for looks that differ in nothing but what came between. */
const textOf = (workload: Workload | null): string =>
  JSON.stringify(workload === null ? null : { ...workload, arrived: 0 });
