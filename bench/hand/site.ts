import type { Draws } from '../../sim/chance/draw.ts';
import type { ClusterSettings, GroupSettings } from '../../sim/scenario/scenario.ts';
import { Agenda } from './agenda.ts';
import { Autoscaler } from './autoscaler.ts';
import { DONE, KINDS } from './kinds.ts';
import type { Machine } from './machine.ts';

/** Jobs as typed arrays: instants in milliseconds from the start. */
export interface Jobs {
  readonly names: readonly string[];
  readonly queuedAt: Int32Array;
  readonly durationMs: Int32Array;
  /** Which of equal nodes a job is bound to at first: a share, drawn when the jobs are read. */
  readonly luck: Float64Array;
}

/** A cluster with its on-demand group, written by hand: jobs are bound, killed and bought for as the simulated world has it. */
export class Site {
  readonly agenda = new Agenda();
  now = 0;
  /** What a keeper would be told of in this instant: each told a millisecond after the one before. */
  said = 0;
  private saidAt = -1;
  readonly blocks: Machine[] = [];
  readonly group: Machine[] = [];
  /** Jobs that nodes which take some have room for. */
  private blockRoom = 0;
  private groupRoom = 0;
  /** Jobs that wait, in order, from `head` on. */
  readonly waiting: number[] = [];
  head = 0;
  readonly since: Int32Array;
  readonly startedAt: Int32Array;
  readonly onBlock: Uint8Array;
  private readonly kills: Uint8Array;
  killed = 0;
  /** Jobs that run on the group. */
  overflowing = 0;
  /** How many jobs have come, those that were killed each time anew. */
  arrived = 0;
  hasChanged = false;
  private readonly runsOn: (Machine | undefined)[];
  private readonly endsAt: Int32Array;
  readonly jobs: Jobs;
  readonly autoscaler: Autoscaler;
  private readonly draws: Draws;

  constructor(jobs: Jobs, draws: Draws, settings: GroupSettings, boot: ClusterSettings['boot']) {
    const count = jobs.names.length;
    this.jobs = jobs;
    this.draws = draws;
    this.autoscaler = new Autoscaler(this, draws, settings, boot);
    this.since = new Int32Array(count);
    this.startedAt = new Int32Array(count).fill(-1);
    this.endsAt = new Int32Array(count);
    this.onBlock = new Uint8Array(count);
    this.kills = new Uint8Array(count);
    this.runsOn = new Array<Machine | undefined>(count).fill(undefined);
  }

  /** Moves on to an instant, once all that was said before it was told. */
  moveTo(at: number): void {
    if (this.said > 0) {
      this.saidAt = Math.max(this.now, this.saidAt + 1) + this.said - 1;
      this.now = this.saidAt;
      this.said = 0;
    }
    if (at > this.now) this.now = at;
  }

  queue(job: number, since: number): void {
    this.since[job] = since;
    this.arrived += 1;
    this.waiting.push(job);
  }

  dispatch(): void {
    while (this.head < this.waiting.length) {
      const job = this.waiting[this.head]!;
      const node =
        this.blockRoom > 0
          ? this.among(this.blocks, job)
          : this.groupRoom > 0
            ? this.among(this.group, job)
            : undefined;
      if (node === undefined) break;
      this.head += 1;
      this.bind(job, node);
    }
    if (this.head < this.waiting.length) this.autoscaler.starved();
    this.hasChanged = true;
  }

  /** A block's node, or one of the group, is ready. */
  join(node: Machine): void {
    const nodes = node.isBlock ? this.blocks : this.group;
    let index = nodes.length;
    while (index > 0 && nodes[index - 1]!.rank > node.rank) index -= 1;
    nodes.splice(index, 0, node);
    node.ready = true;
    node.idleSince = this.now;
    this.addRoom(node, 2);
    if (node.isBlock) this.said += 1;
    this.dispatch();
    if (node.busy === 0 && !node.isBlock) this.autoscaler.turned();
  }

  /** Its instance is gone: its jobs are killed, and wait again. */
  lose(node: Machine): void {
    node.endedAt = this.now;
    if (!node.ready) return;
    node.ready = false;
    this.addRoom(node, node.busy - 2);
    const nodes = node.isBlock ? this.blocks : this.group;
    nodes.splice(nodes.indexOf(node), 1);
    while (node.first >= 0) this.kill(node.first, node);
    this.dispatch();
  }

  /** The node that a job has finished on; undefined where it was killed before. */
  finish(job: number): Machine | undefined {
    const node = this.runsOn[job];
    if (node === undefined || this.endsAt[job]! > this.now) return undefined;
    this.leave(job, node);
    if (node.isBlock) this.said += 1;
    if (node.busy === 0) node.idleSince = this.now;
    this.dispatch();
    if (node.busy === 0 && !node.isBlock) this.autoscaler.turned();
    return node;
  }

  /** It takes no job from now on. */
  cordon(node: Machine): void {
    this.addRoom(node, node.busy - 2);
    node.cordoned = true;
    this.hasChanged = true;
  }

  private kill(job: number, node: Machine): void {
    this.leave(job, node);
    this.kills[job]! += 1;
    this.killed += 1;
    this.queue(job, this.now);
  }

  private leave(job: number, node: Machine): void {
    if (node.first === job) node.first = node.second;
    node.second = -1;
    node.busy -= 1;
    if (node.ready) this.addRoom(node, 1);
    if (!node.isBlock) this.overflowing -= 1;
    this.runsOn[job] = undefined;
  }

  /** The least busy node with room; of equals one that is drawn. */
  private among(nodes: readonly Machine[], job: number): Machine | undefined {
    let best: Machine | undefined;
    let least = 4;
    let equals = 0;
    for (const node of nodes) {
      if (node.cordoned || node.busy === 2) continue;
      const load = node.busy + (node.discouraged ? 2 : 0);
      if (load < least) {
        best = node;
        least = load;
        equals = 1;
      } else if (load === least) equals += 1;
    }
    if (equals < 2) return best;
    const again = this.kills[job]!;
    const { names, luck } = this.jobs;
    const drawn = again === 0 ? luck[job]! : this.draws.uniform('cluster.spread', names[job]!, again);
    let others = Math.floor(drawn * equals);
    for (const node of nodes) {
      if (node.cordoned || node.busy === 2 || node.busy + (node.discouraged ? 2 : 0) !== least) continue;
      if (others === 0) return node;
      others -= 1;
    }
    return best;
  }

  private bind(job: number, node: Machine): void {
    const { now } = this;
    if (node.busy === 0) node.first = job;
    else node.second = job;
    const wasIdle = node.busy === 0;
    node.busy += 1;
    this.addRoom(node, -1);
    node.idleSince = -1;
    if (node.isBlock) this.said += 1;
    else this.overflowing += 1;
    if (this.startedAt[job]! < 0) this.startedAt[job] = now;
    this.onBlock[job] = node.isBlock ? 1 : 2;
    this.runsOn[job] = node;
    const endsAt = now + this.jobs.durationMs[job]!;
    this.endsAt[job] = endsAt;
    this.agenda.push(endsAt, job * KINDS + DONE);
    if (wasIdle && node.discouraged) this.autoscaler.turned();
  }

  private addRoom(node: Machine, jobs: number): void {
    if (node.cordoned) return;
    if (node.isBlock) this.blockRoom += jobs;
    else this.groupRoom += jobs;
  }
}
