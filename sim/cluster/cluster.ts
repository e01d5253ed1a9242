import type { JobRow } from '../../data/records/rows.ts';
import { after, type Instant, type Millis, seconds } from '../../src/domain/time.ts';
import type { Kernel } from '../world/kernel.ts';

/** From asking for a cordon to its acknowledgement. */
const CORDON_MS = 500;

/** A bind in flight may land this long after a cordon: only a list taken later proves a node empty. */
const SETTLE_MS = seconds(2);

/** A node that stands cordoned and empty is listed again after so long: its proof may not have been believed. */
const LOOK_AGAIN_MS = seconds(30);

/** A job as it fares in the cluster. */
export interface Job extends JobRow {
  /** First start; undefined while it has never run. */
  startedAt: Instant | undefined;
  /** Where it last started. */
  ranOn: 'block' | 'overflow' | undefined;
  /** Times that it lost its node. */
  killed: number;
  /** Since when it waits to run; undefined while it runs, and once it has finished or was given up. */
  waitingSince: Instant | undefined;
  /** Since when it runs; undefined while it does not. */
  runningSince: Instant | undefined;
  /** How long it waited before the starts that it has had, reruns included. */
  queuedMs: Millis;
  /** How long it ran on nodes that it lost or has finished on. */
  ranMs: Millis;
  finishedAt: Instant | undefined;
}

/** Who took a node away from under a job: EC2 by an interruption, the keeper, or the end of a spot block's own time. */
export type KilledBy = 'aws' | 'keeper' | 'term';

/** A ready node that jobs can run on. */
export interface Node {
  readonly name: string;
  readonly kind: 'block' | 'overflow';
  /** Nodes are filled in this order, block nodes before all others. */
  readonly rank: number;
  readonly blockId?: string;
  /** The block's pool. */
  readonly pool?: string;
  cordoned: boolean;
  alive: boolean;
  readonly running: Set<Run>;
  /** Since when at least one job runs; undefined while idle. */
  busySince: Instant | undefined;
  busyMs: number;
}

interface Run {
  readonly job: Job;
  readonly node: Node;
}

/** What happens to jobs and nodes, for those who count. */
export interface ClusterEvents {
  changed(): void;
  killed(job: Job, node: Node, by: KilledBy): void;
  idle(node: Node): void;
  /** Jobs wait that no ready node has room for. */
  starved(): void;
}

/** The cluster's scheduler: jobs wait in the order in which they came, and go to block nodes first. */
export class Cluster {
  readonly waiting: Job[] = [];
  readonly jobs: Job[] = [];
  private readonly blockNodes: Node[] = [];
  private readonly overflowNodes: Node[] = [];
  private runs = 0;
  private readonly kernel: Kernel;
  private readonly jobsPerNode: number;
  private readonly retryKilled: boolean;
  private readonly events: ClusterEvents;

  constructor(
    kernel: Kernel,
    settings: { readonly jobsPerNode: number; readonly retryKilled: boolean },
    events: ClusterEvents,
  ) {
    this.kernel = kernel;
    this.jobsPerNode = settings.jobsPerNode;
    this.retryKilled = settings.retryKilled;
    this.events = events;
  }

  get jobsRunning(): number {
    return this.runs;
  }

  /** A job that asks to run. */
  queue({ job: name, queuedAt, durationMs }: JobRow): void {
    const job: Job = {
      ...{ job: name, queuedAt, durationMs, startedAt: undefined, ranOn: undefined, killed: 0 },
      ...{ waitingSince: this.kernel.now, runningSince: undefined, queuedMs: 0, ranMs: 0, finishedAt: undefined },
    };
    this.jobs.push(job);
    this.waiting.push(job);
    this.dispatch();
  }

  /** A node that has become ready. Jobs that wait are bound to it at once. */
  add(node: Node): void {
    const nodes = node.kind === 'block' ? this.blockNodes : this.overflowNodes;
    const index = nodes.findIndex(({ rank }) => rank > node.rank);
    nodes.splice(index < 0 ? nodes.length : index, 0, node);
    if (node.blockId !== undefined) this.kernel.say({ type: 'node.ready', blockId: node.blockId, node: node.name });
    this.dispatch();
    if (node.running.size === 0) this.events.idle(node);
  }

  /** A node whose instance is gone: its jobs are killed, and queued again from their start if the world says so. */
  lose(node: Node, by: KilledBy): void {
    if (!node.alive) return;
    node.alive = false;
    this.stopBusy(node);
    for (const nodes of [this.blockNodes, this.overflowNodes]) {
      const index = nodes.indexOf(node);
      if (index >= 0) nodes.splice(index, 1);
    }
    for (const { job } of node.running) {
      job.killed += 1;
      this.stopRun(job);
      if (this.retryKilled) {
        job.waitingSince = this.kernel.now;
        this.waiting.push(job);
      }
      this.events.killed(job, node, by);
    }
    node.running.clear();
    this.dispatch();
  }

  /** Cordons a block's node; acknowledged a little later, and said to be empty once a later list shows no job. */
  cordon(node: Node, blockId: string): void {
    this.kernel.schedule(after(this.kernel.now, CORDON_MS), () => {
      if (!node.alive) return;
      node.cordoned = true;
      this.kernel.say({ type: 'node.cordoned', blockId });
      this.events.changed();
      this.kernel.schedule(after(this.kernel.now, SETTLE_MS + CORDON_MS), () => {
        this.sayEmptied(node, blockId);
      });
    });
  }

  uncordon(node: Node, blockId: string): void {
    this.kernel.schedule(after(this.kernel.now, CORDON_MS), () => {
      if (!node.alive) return;
      node.cordoned = false;
      this.kernel.say({ type: 'node.uncordoned', blockId });
      this.dispatch();
    });
  }

  /** Milliseconds in which a node ran at least one job, up to now. */
  busyMsOf(node: Node): number {
    return node.busyMs + (node.busySince === undefined ? 0 : this.kernel.now - node.busySince);
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const node =
        this.blockNodes.find((one) => this.hasRoom(one)) ?? this.overflowNodes.find((one) => this.hasRoom(one));
      if (node === undefined) break;
      this.start(this.waiting.shift()!, node);
    }
    if (this.waiting.length > 0) this.events.starved();
    this.events.changed();
  }

  private hasRoom(node: Node): boolean {
    return !node.cordoned && node.running.size < this.jobsPerNode;
  }

  private start(job: Job, node: Node): void {
    const { now } = this.kernel;
    const run: Run = { job, node };
    node.running.add(run);
    node.busySince ??= now;
    this.runs += 1;
    job.startedAt ??= now;
    job.queuedMs += now - (job.waitingSince ?? now);
    job.waitingSince = undefined;
    job.runningSince = now;
    job.ranOn = node.kind;
    if (node.blockId !== undefined) this.kernel.say({ type: 'job.started', blockId: node.blockId, job: job.job });
    this.kernel.schedule(after(now, job.durationMs), () => {
      if (node.running.delete(run)) this.finish(run);
    });
  }

  private finish({ job, node }: Run): void {
    this.stopRun(job);
    job.finishedAt = this.kernel.now;
    if (node.running.size === 0) this.stopBusy(node);
    const { blockId } = node;
    if (blockId !== undefined)
      this.kernel.say({ type: 'job.finished', blockId, job: job.job, durationMs: job.durationMs });
    this.dispatch();
    if (node.running.size > 0) return;
    this.events.idle(node);
    if (blockId !== undefined) this.sayEmptied(node, blockId);
  }

  /** The list that proves it is taken now; the machine itself refuses one taken too soon after the cordon it has heard of. */
  private sayEmptied(node: Node, blockId: string): void {
    if (!node.alive || !node.cordoned || node.running.size > 0) return;
    this.kernel.say({ type: 'node.emptied', blockId, takenAt: this.kernel.now });
    this.kernel.schedule(after(this.kernel.now, LOOK_AGAIN_MS), () => {
      this.sayEmptied(node, blockId);
    });
  }

  private stopRun(job: Job): void {
    this.runs -= 1;
    job.ranMs += this.kernel.now - (job.runningSince ?? this.kernel.now);
    job.runningSince = undefined;
  }

  private stopBusy(node: Node): void {
    if (node.busySince === undefined) return;
    node.busyMs += this.kernel.now - node.busySince;
    node.busySince = undefined;
  }
}
