import type { Workload } from '../../src/domain/facts.ts';
import { ALWAYS, after, type Instant, latest, seconds } from '../../src/domain/time.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Cluster } from './cluster.ts';
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

/**
 * Tells the keeper of the jobs of the pools whose scaling looks at them. All pools of a scenario fit the same jobs, so the first
 * of them counts those that wait, as decision 27 has it.
 */
export class Workloads {
  private toldAt: Instant = ALWAYS;
  private isDue = false;
  private toldArrived = 0;
  private lastText = '';
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

  private tell({ isRepeat }: { isRepeat: boolean }): void {
    const { kernel, cluster, pools, canTell } = this.parts;
    const levels = pools.map((pool, index) => this.workloadOf(pool, index === 0));
    const text = JSON.stringify(levels);
    const arrived = cluster.arrived - this.toldArrived;
    if (!isRepeat && text === this.lastText && arrived === 0) return;
    this.toldAt = kernel.now;
    if (!canTell()) {
      this.lastText = '';
      for (const { name } of pools)
        kernel.say({ type: 'workload.observed', pool: name, takenAt: kernel.now, workload: null });
      this.changed();
      return;
    }
    this.lastText = text;
    this.toldArrived = cluster.arrived;
    for (const [index, { name }] of pools.entries())
      kernel.say({
        type: 'workload.observed',
        pool: name,
        takenAt: kernel.now,
        workload: { ...levels[index]!, arrived: index === 0 ? arrived : 0 },
      });
  }

  private workloadOf({ name, instanceTypes }: FollowingPool, counts: boolean): Workload {
    const { cluster, sizes } = this.parts;
    const jobsPerBlock = Math.max(
      1,
      Math.min(...instanceTypes.map((type) => roomFor(this.typical(), sizes.capacityOf(type)))),
    );
    const onBlocks = cluster.jobsOnBlocks(name);
    if (!counts) return { waiting: 0, onBlocks, held: 0, overflow: 0, arrived: 0, jobsPerBlock };
    const fitting = cluster.waiting.inOrder().filter(({ kind }) => kind.onBlocks);
    const waitingSince = fitting[0]?.waitingSince;
    return {
      waiting: fitting.length,
      ...(waitingSince === undefined ? {} : { waitingSince }),
      onBlocks,
      held: fitting.filter(({ heldUntil }) => heldUntil !== undefined).length,
      overflow: cluster.overflowing,
      arrived: 0,
      jobsPerBlock,
    };
  }

  /** What the kind of job asks for that most jobs were of. */
  private typical(): JobKind['requests'] {
    let most: JobKind | undefined;
    let count = 0;
    for (const [kind, jobs] of this.parts.cluster.kinds)
      if (jobs > count) {
        most = kind;
        count = jobs;
      }
    return (most ?? this.parts.sizes.kindOf({})).requests;
  }
}
