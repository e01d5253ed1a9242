import type { JobRow } from '../../data/records/rows.ts';
import { after, type Instant, type Millis } from '../../src/domain/time.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Cordons } from './cordons.ts';
import { Job, type KilledBy } from './job.ts';
import { JobColumns } from './jobs.ts';
import { type Node, occupy, Run, rest, vacate } from './node.ts';
import { JobQueue } from './queue.ts';
import { sayNode } from './sayNode.ts';
import type { Scheduler } from './scheduler.ts';
import type { JobKind, Sizes } from './sizes.ts';

/** What happens to jobs and nodes, for those who count and those who scale. */
export interface ClusterEvents {
  changed(): void;
  killed(job: Job, node: Node, by: KilledBy): void;
  /** A block's node takes pods from now on (1), or takes none any more (-1). */
  serves(node: Node, by: 1 | -1): void;
  /** A node has no job; or has one again, though pods were to avoid it. */
  turned(node: Node): void;
  /** Jobs wait that no ready node has room for; `fresh` where one of them has just been queued. */
  starved(fresh: boolean): void;
}

/** What becomes of a pod, and of the nodes of the group, for those who show a cluster as Kubernetes would. */
export interface PodEvents {
  waits(job: Job): void;
  runs(job: Job, node: Node): void;
  ended(job: Job, how: 'finished' | 'killed'): void;
  groupNode(node: Node, is: 'ready' | 'gone'): void;
}

/** The cluster: jobs that wait in the order in which they came, nodes, and a scheduler that binds the first to the second. */
export class Cluster {
  readonly waiting = new JobQueue();
  readonly jobs: Job[] = [];
  private readonly columns: JobColumns;
  /** Cordons blocks' nodes, as the keeper asks. */
  readonly cordons: Cordons;
  private readonly blockNodes: Node[] = [];
  private readonly overflowNodes: Node[] = [];
  /** How many jobs that may run on blocks have asked to run, those that were killed each time anew. */
  arrived = 0;
  /** Of what kind they were. */
  readonly kinds = new Map<JobKind, number>();
  private runs = 0;
  /** The pools that have lost a node of which jobs were told. */
  private readonly lostTold = new Set<string>();
  private readonly kernel: Kernel;
  private readonly scheduler: Scheduler;
  private readonly sizes: Sizes;
  private readonly retryKilled: boolean;
  private readonly podDelayMs: Millis;
  private readonly events: ClusterEvents;
  private readonly pods: PodEvents | undefined;

  constructor(parts: {
    readonly kernel: Kernel;
    readonly scheduler: Scheduler;
    readonly sizes: Sizes;
    readonly retryKilled: boolean;
    /** The delay that pods are created with, before which the autoscaler buys nothing for them. */
    readonly podDelayMs: Millis;
    readonly events: ClusterEvents;
    readonly pods?: PodEvents | undefined;
    /** How many jobs will come, as far as that is known. */
    readonly jobs: number;
  }) {
    this.columns = new JobColumns(Math.max(1, parts.jobs));
    this.kernel = parts.kernel;
    this.scheduler = parts.scheduler;
    this.sizes = parts.sizes;
    this.retryKilled = parts.retryKilled;
    this.podDelayMs = parts.podDelayMs;
    this.events = parts.events;
    this.pods = parts.pods;
    this.cordons = new Cordons(parts.kernel, {
      serves: (node, by) => {
        parts.events.serves(node, by);
      },
      cordoned: () => {
        parts.events.changed();
      },
      uncordoned: () => {
        this.waiting.room();
        this.dispatch(false);
      },
    });
  }

  get jobsRunning(): number {
    return this.runs;
  }

  /** Jobs that may run on blocks and run elsewhere. */
  get overflowing(): number {
    let count = 0;
    for (const { running } of this.overflowNodes) for (const { job } of running) if (job.kind.onBlocks) count += 1;
    return count;
  }

  /** How many jobs run on each block of a pool, those without any left out. */
  jobsOnBlocks(name: string): Readonly<Record<string, number>> {
    // Without a prototype, a record of names that come and go is a table from the start.
    const counts = Object.create(null) as Record<string, number>;
    for (const { blockId, pool, running } of this.blockNodes)
      if (blockId !== undefined && pool === name && running.length > 0) counts[blockId] = running.length;
    return counts;
  }

  /** The same to be told; where it is what was told before, that itself. */
  jobsToTell(name: string, before: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> {
    if (before !== undefined && !this.haveMoved(name)) return before;
    this.lostTold.delete(name);
    for (const node of this.blockNodes) if (node.pool === name) node.told = node.running.length;
    return this.jobsOnBlocks(name);
  }

  private haveMoved(name: string): boolean {
    if (this.lostTold.has(name)) return true;
    for (const { pool, running, told } of this.blockNodes) if (pool === name && running.length !== told) return true;
    return false;
  }

  /** The pool of the block that a job runs on, if it does. */
  poolOf(job: Job): string | undefined {
    for (const { pool, running } of this.blockNodes) for (const one of running) if (one.job === job) return pool;
    return undefined;
  }

  /** A job that asks to run. */
  queue(row: JobRow): void {
    const job = new Job(row, this.sizes.kindOf(row), this.columns);
    this.jobs.push(job);
    this.wait(job, row.queuedAt);
    this.dispatch(true);
  }

  /** A node that has become ready. Jobs that wait are bound to it at once. */
  add(node: Node): void {
    const nodes = this.nodesLike(node);
    const index = nodes.findIndex(({ rank }) => rank > node.rank);
    nodes.splice(index < 0 ? nodes.length : index, 0, node);
    rest(node, this.kernel.now);
    sayNode(this.kernel, node);
    if (node.kind === 'block' && !node.cordoned) this.events.serves(node, 1);
    if (node.kind === 'overflow') this.pods?.groupNode(node, 'ready');
    this.waiting.room();
    this.dispatch(false);
    if (node.running.length === 0) this.events.turned(node);
  }

  /** A node whose instance is gone: its jobs are killed, and queued again from their start if the world says so. */
  lose(node: Node, by: KilledBy): void {
    if (!node.alive) return;
    node.alive = false;
    if (node.kind === 'block' && !node.cordoned) this.events.serves(node, -1);
    if (node.pool !== undefined && node.told > 0) this.lostTold.add(node.pool);
    rest(node, this.kernel.now);
    const nodes = this.nodesLike(node);
    const index = nodes.indexOf(node);
    if (index >= 0) nodes.splice(index, 1);
    const killed = [...node.running];
    node.running.length = 0;
    for (const { job } of killed) {
      this.pods?.ended(job, 'killed');
      job.killed += 1;
      this.end(job);
      if (this.retryKilled) this.wait(job);
      this.events.killed(job, node, by);
    }
    if (node.kind === 'overflow') this.pods?.groupNode(node, 'gone');
    this.dispatch(this.retryKilled && killed.length > 0);
  }

  private nodesLike({ kind }: Node): Node[] {
    return kind === 'block' ? this.blockNodes : this.overflowNodes;
  }

  /** From when on it waits: facts of one instant are told a millisecond apart, and no job waits longer for that. */
  private wait(job: Job, since: Instant = this.kernel.now): void {
    job.waitingSince = since;
    job.delayedUntil = after(since, this.podDelayMs);
    if (job.kind.onBlocks) {
      this.arrived += 1;
      this.kinds.set(job.kind, (this.kinds.get(job.kind) ?? 0) + 1);
    }
    this.waiting.push(job);
    this.pods?.waits(job);
  }

  private dispatch(fresh: boolean): void {
    if (this.waiting.length > 0) this.waiting.offer(this.take);
    if (this.waiting.length > 0) this.events.starved(fresh);
    this.events.changed();
  }

  private readonly take = (job: Job): boolean => this.bind(job);

  private readonly finish = (run: Run): void => {
    if (run.node.running.includes(run)) this.finished(run);
  };

  /** Whether a node was found for it. */
  private bind(job: Job): boolean {
    const node = this.scheduler.choose(job, this.blockNodes, this.overflowNodes);
    if (node === undefined) return false;
    const { now } = this.kernel;
    const run = new Run(job, node, now, this.finish);
    const wasIdle = node.idleSince !== undefined;
    occupy(node, run, now);
    job.start(now, node.kind);
    this.runs += 1;
    this.pods?.runs(job, node);
    sayNode(this.kernel, node);
    this.kernel.schedule(after(now, job.durationMs), run);
    if (wasIdle && node.discouraged) this.events.turned(node);
    return true;
  }

  private finished(run: Run): void {
    const { job, node } = run;
    vacate(node, run, this.kernel.now);
    this.end(job);
    job.finishedAt = this.kernel.now;
    this.pods?.ended(job, 'finished');
    const { blockId } = node;
    sayNode(this.kernel, node);
    this.waiting.room();
    this.dispatch(false);
    if (node.running.length > 0) return;
    this.events.turned(node);
    if (blockId !== undefined) this.cordons.sayEmptied(node, blockId);
  }

  private end(job: Job): void {
    this.runs -= 1;
    job.stop(this.kernel.now);
  }
}
