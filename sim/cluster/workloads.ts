import type { Workload } from '../../src/domain/facts.ts';
import { type JobPlaces, type JobRoom, JobSharing, placesIn, sharedElsewhere } from '../../src/domain/jobSharing.ts';
import { ALWAYS, after, type Instant, latest, seconds } from '../../src/domain/time.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Cluster } from './cluster.ts';
import type { Job } from './job.ts';
import { roomFor } from './node.ts';
import type { JobKind, Sizes } from './sizes.ts';

/** As a live keeper looks (`src/live/control/workloads.ts`): a moment after a change, and no more often than once a second. */
const TOGETHER_MS = 50;
const APART_MS = seconds(1);

/** What a pool is called, and what its blocks may be. */
interface FollowingPool {
  readonly name: string;
  readonly instanceTypes: readonly string[];
}

/** What the pools have for jobs that wait, by name, as their keeper knows it at an instant. */
export type Rooms = (now: Instant) => ReadonlyMap<string, JobRoom>;

/**
 * Tells the keeper of the jobs of the pools whose scaling looks at them. All pools of a scenario fit the same jobs; which counts
 * one says the rule that a live keeper goes by (`JobSharing`).
 */
export class Workloads {
  private toldAt: Instant = ALWAYS;
  private isDue = false;
  private toldArrived = 0;
  /** What was told last, in the order of the pools; undefined where that was that nothing is known. */
  private last: readonly Workload[] | undefined;
  /** The kind of job that most are of, and how many of it a block of each pool has room for. */
  private typicalKind: JobKind | undefined;
  private rooming: readonly number[] = [];
  /** How many of the cluster's jobs have been told of, of those that ever came. */
  private toldJobs = 0;
  private rooms: Rooms = () => new Map();
  private lastRooms = '';
  private readonly sharing = new JobSharing();
  private readonly parts: {
    readonly kernel: Kernel;
    readonly cluster: Cluster;
    readonly sizes: Sizes;
    readonly pools: readonly FollowingPool[];
    /** Whether the cluster can be looked at now. */
    readonly canTell: () => boolean;
  };

  constructor(parts: Workloads['parts']) {
    this.parts = parts;
  }

  /** Something of the jobs may have changed. */
  changed(): void {
    const { kernel, pools } = this.parts;
    if (this.isDue || pools.length === 0) return;
    this.isDue = true;
    kernel.schedule(latest(after(kernel.now, TOGETHER_MS), after(this.toldAt, APART_MS)), () => {
      this.isDue = false;
      this.tell({ isRepeat: false });
    });
  }

  /** Tells it again, as with every inventory. */
  repeat(): void {
    if (this.parts.pools.length > 0) this.tell({ isRepeat: true });
  }

  /** The keeper took a turn, and this is what its pools have now. Where one of several has another room, another may count its jobs. */
  readonly knows = (rooms: Rooms): void => {
    this.rooms = rooms;
    if (this.parts.pools.length < 2) return;
    const text = JSON.stringify([...rooms(this.parts.kernel.now)]);
    if (text !== this.lastRooms) this.changed();
    this.lastRooms = text;
  };

  /** The jobs that count as waiting for a pool now, first come first. */
  readonly waitingFor = (pool: string): readonly Job[] => {
    const { cluster, pools } = this.parts;
    const fitting = cluster.waiting.forBlocks();
    if (pools.length < 2) return fitting;
    const { waits } = this.shared();
    return fitting.filter(({ job }) => waits.get(job) === pool);
  };

  private tell({ isRepeat }: { isRepeat: boolean }): void {
    const { kernel, cluster, pools, canTell } = this.parts;
    const arrived = cluster.arrived - this.toldArrived;
    // Which of several pools the jobs have come for is asked once they are told of.
    const levels = this.levels(pools.length < 2 ? arrived : 0);
    if (!isRepeat && arrived === 0 && sameLevels(levels, this.last)) return;
    const { now } = kernel;
    this.toldAt = now;
    if (!canTell()) {
      this.last = undefined;
      for (const { name } of pools)
        kernel.say({ type: 'workload.observed', pool: name, takenAt: now, workload: null, at: now });
      this.changed();
      return;
    }
    this.last = levels;
    this.toldArrived = cluster.arrived;
    const arrivals = pools.length < 2 ? undefined : this.arrivals(arrived);
    for (const [index, { name }] of pools.entries()) {
      const level = levels[index]!;
      const workload = arrivals === undefined ? level : { ...level, arrived: arrivals.get(name) ?? 0 };
      kernel.say({ type: 'workload.observed', pool: name, takenAt: now, workload, at: now });
    }
  }

  private levels(arrived: number): readonly Workload[] {
    const { cluster, pools } = this.parts;
    this.look();
    const elsewhere = pools.length < 2 ? undefined : counted(this.shared().elsewhere.values());
    const levels: Workload[] = [];
    for (let index = 0; index < pools.length; index += 1) {
      const { name } = pools[index]!;
      const fitting = this.waitingFor(name);
      let held = 0;
      for (const { heldUntil } of fitting) if (heldUntil !== undefined) held += 1;
      const waiting = fitting.length;
      const waitingSince = waiting === 0 ? undefined : fitting[0]!.waitingSince;
      const onBlocks = cluster.jobsToTell(name, this.last?.[index]?.onBlocks);
      const overflow = elsewhere === undefined ? cluster.overflowing : (elsewhere.get(name) ?? 0);
      const jobsPerBlock = this.rooming[index]!;
      levels.push(
        waitingSince === undefined
          ? { waiting, onBlocks, held, overflow, arrived, jobsPerBlock }
          : { waiting, waitingSince, onBlocks, held, overflow, arrived, jobsPerBlock },
      );
    }
    return levels;
  }

  /** How many jobs a block has room for hangs on what most jobs ask for, and that hardly ever changes. */
  private look(): void {
    const kind = this.typical();
    if (kind === this.typicalKind) return;
    const { sizes, pools } = this.parts;
    this.typicalKind = kind;
    this.rooming = pools.map(({ instanceTypes }) =>
      Math.max(1, Math.min(...instanceTypes.map((type) => roomFor(kind.requests, sizes.capacityOf(type))))),
    );
  }

  /** Which of several pools counts the jobs that wait, by their names, and those that run elsewhere. */
  private shared() {
    const { kernel, cluster, pools } = this.parts;
    const names = pools.map(({ name }) => name);
    const rooms = this.rooms(kernel.now);
    const places = new Map<string, JobPlaces>();
    this.look();
    for (const [index, { name }] of pools.entries()) {
      const room = rooms.get(name);
      if (room !== undefined) places.set(name, placesIn(room, cluster.jobsOnBlocks(name), this.rooming[index]!));
    }
    const waiting = cluster.waiting.forBlocks();
    const { pools: waits, left } = this.sharing.share(
      waiting.map(({ job }) => ({ id: job, pools: names })),
      places,
    );
    const running = Array.from({ length: cluster.overflowing }, (_, job) => ({ id: `${job}`, pools: names }));
    return { waits, elsewhere: sharedElsewhere(running, left) };
  }

  /** For which of several pools the jobs have come of which none was told yet. One that was killed and waits again comes for the first. */
  private arrivals(arrived: number): ReadonlyMap<string | undefined, number> {
    const { cluster, pools } = this.parts;
    const come = cluster.jobs.slice(this.toldJobs).filter(({ kind }) => kind.onBlocks);
    this.toldJobs = cluster.jobs.length;
    const { waits } = this.shared();
    const again = Array.from({ length: arrived - come.length }, () => pools[0]?.name);
    return counted([...come.map((job) => waits.get(job.job) ?? cluster.poolOf(job) ?? pools[0]?.name), ...again]);
  }

  /** The kind of job that most jobs were of. */
  private typical(): JobKind {
    let most: JobKind | undefined;
    let count = 0;
    for (const [kind, jobs] of this.parts.cluster.kinds)
      if (jobs > count) {
        most = kind;
        count = jobs;
      }
    return most ?? this.parts.sizes.kindOf({});
  }
}

/** Whether these say the same, but for how many jobs have come. */
const sameLevels = (levels: readonly Workload[], others: readonly Workload[] | undefined): boolean =>
  others !== undefined &&
  levels.every((level, index) => {
    const other = others[index]!;
    return (
      level.waiting === other.waiting &&
      level.waitingSince === other.waitingSince &&
      level.held === other.held &&
      level.overflow === other.overflow &&
      level.jobsPerBlock === other.jobsPerBlock &&
      level.onBlocks === other.onBlocks
    );
  });

/** How often each is there. */
function counted(names: Iterable<string | undefined>): ReadonlyMap<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
