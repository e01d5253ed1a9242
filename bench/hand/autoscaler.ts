import type { Draws } from '../../sim/chance/draw.ts';
import { bootMs } from '../../sim/cluster/boot.ts';
import type { ClusterSettings, GroupSettings } from '../../sim/scenario/scenario.ts';
import { type Agenda, NEVER } from './agenda.ts';
import { GROUP_READY, KINDS, REMOVAL, SCAN } from './kinds.ts';
import { Machine } from './machine.ts';

/** The cluster, as far as the autoscaler sees it. */
interface Served {
  readonly now: number;
  readonly agenda: Agenda;
  /** Jobs that wait, in order, from `head` on, and since when each does. */
  readonly waiting: readonly number[];
  readonly head: number;
  readonly since: Int32Array;
  join(node: Machine): void;
  lose(node: Machine): void;
}

/** Cluster Autoscaler with its on-demand group, written by hand as the simulated world has it. */
export class Autoscaler {
  /** Every node that was ever bought. */
  readonly bought: Machine[] = [];
  /** What waits longer than this is bought for; holds make it longer. */
  delayMs = 0;
  /** Until when the job at a place of the queue is held. */
  heldUntil: (place: number) => number = () => 0;
  private living: Machine[] = [];
  private scanAt = NEVER;
  private removalAt = NEVER;
  private addedAt = -0x3fff_ffff;
  private readonly site: Served;
  private readonly draws: Draws;
  private readonly settings: GroupSettings;
  private readonly boot: ClusterSettings['boot'];

  constructor(site: Served, draws: Draws, settings: GroupSettings, boot: ClusterSettings['boot']) {
    this.site = site;
    this.draws = draws;
    this.settings = settings;
    this.boot = boot;
  }

  /** Jobs wait that no node has room for. */
  starved(): void {
    this.setScan(this.gridAt(this.site.now + 1));
  }

  /** A node of the group has no job, or has one again. */
  turned(): void {
    this.setScan(this.nextTaint());
    this.setRemoval(this.nextRemoval());
  }

  /** What belongs to the group alone. */
  handle(kind: number, argument: number): void {
    if (kind === GROUP_READY) this.site.join(this.bought[argument]!);
    else if (kind === SCAN && this.scanAt <= this.site.now) this.scan();
    else if (kind === REMOVAL && this.removalAt <= this.site.now) this.remove();
  }

  private scan(): void {
    const { settings } = this;
    const { now } = this.site;
    this.scanAt = NEVER;
    const oldest = this.look();
    if (oldest <= now) {
      const pods = this.grown;
      for (let pod = 0; pod < pods && this.living.length < settings.maxNodes; pod += 2) this.buy();
      this.addedAt = now;
      this.setScan(Math.min(this.nextLook(this.look()), this.nextTaint()));
      return;
    }
    if (this.coolAt <= now) this.taint();
    this.setScan(Math.min(this.nextLook(oldest), this.nextTaint()));
  }

  /** How many pods the last look found old enough to be bought for. */
  private grown = 0;

  /** When the first pod may be bought for that no node on its way will take. */
  private look(): number {
    let booting = 0;
    for (const node of this.living) if (!node.ready) booting += 2;
    let first = NEVER;
    this.grown = 0;
    for (let place = this.site.head + booting; place < this.site.waiting.length; place += 1) {
      const since = this.site.since[this.site.waiting[place]!]!;
      const grownAt = Math.max(since + this.delayMs, this.heldUntil(place - this.site.head));
      if (grownAt <= this.site.now) this.grown += 1;
      first = Math.min(first, Math.max(grownAt, since + 2_000));
    }
    return first;
  }

  private buy(): void {
    const node = new Machine(this.bought.length, this.bought.length, false);
    node.startsAt = this.site.now + 5_000;
    this.bought.push(node);
    this.living.push(node);
    const readyAt = node.startsAt + bootMs(this.draws, `on-demand-${node.index}`, this.boot);
    this.site.agenda.push(readyAt, node.index * KINDS + GROUP_READY);
  }

  private taint(): void {
    let tainted = 0;
    for (const node of this.living) {
      if (!node.ready || node.discouraged === node.idleSince >= 0 || tainted === 10) continue;
      node.discouraged = !node.discouraged;
      if (node.discouraged) tainted += 1;
    }
  }

  private remove(): void {
    this.removalAt = NEVER;
    if (this.coolAt <= this.site.now) {
      let removed = 0;
      for (const node of this.living) {
        if (node.idleSince < 0 || node.idleSince + this.settings.idleMs > this.site.now || removed === 10) continue;
        removed += 1;
        this.site.lose(node);
      }
      this.living = this.living.filter((node) => node.endedAt < 0);
    }
    this.setRemoval(this.nextRemoval());
  }

  private nextTaint(): number {
    for (const node of this.living)
      if (node.ready && node.discouraged !== node.idleSince >= 0)
        return this.gridAt(Math.max(this.coolAt, this.site.now + 1));
    return NEVER;
  }

  private nextRemoval(): number {
    let dueAt = NEVER;
    for (const node of this.living)
      if (node.idleSince >= 0) dueAt = Math.min(dueAt, node.idleSince + this.settings.idleMs);
    if (dueAt === NEVER) return NEVER;
    const at = Math.max(dueAt, this.coolAt);
    return at > this.site.now ? at : this.gridAt(this.site.now + 1);
  }

  private nextLook(at: number): number {
    return at === NEVER ? NEVER : this.gridAt(Math.max(at, this.site.now + 1));
  }

  private get coolAt(): number {
    return this.addedAt + this.settings.scaleDownDelayAfterAddMs;
  }

  private gridAt(at: number): number {
    const { scanMs } = this.settings;
    return (((at + scanMs - 1) / scanMs) | 0) * scanMs;
  }

  private setScan(at: number): void {
    if (at >= this.scanAt) return;
    this.scanAt = at;
    this.site.agenda.push(at, SCAN);
  }

  private setRemoval(at: number): void {
    if (at >= this.removalAt) return;
    this.removalAt = at;
    this.site.agenda.push(at, REMOVAL);
  }
}
