import type { Block } from '../../block/block.ts';
import type { Sighting } from '../../domain/facts.ts';
import { after, type Instant, latest, minutes, NEVER, seconds } from '../../domain/time.ts';
import type { Lease } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { OwnInstance } from '../aws/inventory/inventory.ts';
import type { Clock } from '../ports/clock.ts';
import type { Inbox } from './inbox.ts';

/** What the roster reads of the cluster. */
export interface ClusterView {
  nodeOf(
    instanceId: string,
  ): { readonly name: string; readonly ready: boolean; readonly cordoned: boolean } | undefined;
  /** The job pods on a node, by id; undefined while nobody can tell. */
  jobsOn(node: string): readonly string[] | undefined;
}

/** A kubelet may miss a few heartbeats: only a node that stays unready for so long is no supply. */
const UNREADY_MS = minutes(2);

/** How long a watch may lag behind the acknowledgement of a patch, at most. */
const WATCH_LAG_MS = seconds(30);

/** What the keeper was told of a block's node. */
interface Told {
  readonly instanceId: string;
  node: string | undefined;
  ready: boolean;
  cordoned: boolean;
  /** Since when its node has been seen unready; NEVER while it is ready. */
  unreadySince: Instant;
  /** Until when the watch may still show the node as it was before our own cordon. */
  trustCordonUntil: Instant;
  readonly jobs: Map<string, Instant>;
}

/**
 * Brings instances, nodes and pods together by instance id, and tells the keeper what of it is news to a block. Driven by
 * levels and not by edges: what was told is compared with what is, so that nothing that a watch loses stays lost.
 */
export class Roster {
  private readonly told = new Map<string, Told>();
  private readonly clock: Clock;
  private readonly inbox: Inbox;
  private readonly cluster: ClusterView;
  private keeper: Keeper | undefined;

  constructor(clock: Clock, inbox: Inbox, cluster: ClusterView) {
    this.clock = clock;
    this.inbox = inbox;
    this.cluster = cluster;
  }

  /** What the keeper knows after a turn: only blocks that it has can be told about. */
  saw(keeper: Keeper): void {
    this.keeper = keeper;
    for (const id of this.told.keys()) if (!keeper.blocks.has(id)) this.told.delete(id);
  }

  /** Every living instance of ours as a sighting, and as told. */
  sight(alive: readonly OwnInstance[]): readonly Sighting[] {
    return alive.map(({ blockId, attempt, lease }) => {
      const told = this.begin(blockId, lease);
      const node = this.cluster.nodeOf(lease.instanceId);
      if (node === undefined) return { blockId, attempt, lease, cordoned: false };
      const jobs = this.cluster.jobsOn(node.name);
      for (const job of jobs ?? []) told.jobs.set(job, this.clock.now());
      // Jobs run on where a node is not ready for a while: one that is not known to be idle is not given up as stillborn.
      const seen = { blockId, attempt, lease, ...(jobs === undefined ? {} : { jobs }) };
      if (!node.ready) return { ...seen, cordoned: false };
      told.node = node.name;
      told.ready = true;
      told.cordoned = node.cordoned;
      return { ...seen, node: node.name, cordoned: node.cordoned };
    });
  }

  /** An instance was granted, or found that the keeper has no block for, or another instance than its block has. */
  granted(blockId: string, token: string, lease: Lease): void {
    this.inbox.say({ type: 'capacity.granted', blockId, token, lease });
    const has = this.blockOf(blockId)?.context.lease;
    if (has == null || has.instanceId === lease.instanceId) this.begin(blockId, lease);
    this.tell(blockId);
  }

  /** Tells what is news of every block; answers when to look again because of time alone. */
  tellAll(): Instant {
    let next = NEVER;
    for (const id of this.told.keys()) next = Math.min(next, this.tell(id));
    return next;
  }

  /** Our cordon of a block's node was acknowledged. */
  cordoned(blockId: string): void {
    const told = this.told.get(blockId);
    if (told !== undefined) {
      told.cordoned = true;
      told.trustCordonUntil = after(this.clock.now(), WATCH_LAG_MS);
    }
    this.inbox.say({ type: 'node.cordoned', blockId });
  }

  /** After the keeper forgot or mistook something (it must not, but facts may be lost): what it believes counts as told. */
  heal(): void {
    for (const [id, told] of this.told) {
      const block = this.blockOf(id);
      if (block?.context.lease?.instanceId !== told.instanceId) continue;
      told.ready = block.context.ready;
      told.node = block.context.node ?? undefined;
      if (this.clock.now() >= told.trustCordonUntil) told.cordoned = block.context.cordoned;
      for (const job of told.jobs.keys()) if (!block.context.jobs.includes(job)) told.jobs.delete(job);
      for (const job of block.context.jobs) if (!told.jobs.has(job)) told.jobs.set(job, this.clock.now());
    }
  }

  blockOf(blockId: string): Block | undefined {
    return this.keeper?.blocks.get(blockId);
  }

  /** The block that has this instance as its lease. */
  blockWith(instanceId: string): string | undefined {
    for (const [id, told] of this.told) if (told.instanceId === instanceId) return id;
    return undefined;
  }

  private begin(blockId: string, lease: Lease): Told {
    const known = this.told.get(blockId);
    if (known?.instanceId === lease.instanceId) return known;
    const told: Told = {
      instanceId: lease.instanceId,
      node: undefined,
      ready: false,
      cordoned: false,
      unreadySince: NEVER,
      trustCordonUntil: this.clock.now(),
      jobs: new Map(),
    };
    this.told.set(blockId, told);
    return told;
  }

  private tell(blockId: string): Instant {
    const told = this.told.get(blockId);
    if (told === undefined) return NEVER;
    const now = this.clock.now();
    const node = this.cluster.nodeOf(told.instanceId);
    if (node?.ready === true) {
      told.unreadySince = NEVER;
      if (!told.ready || told.node !== node.name) {
        told.ready = true;
        told.node = node.name;
        this.inbox.say({ type: 'node.ready', blockId, node: node.name });
      }
    } else if (told.ready) {
      told.unreadySince = Math.min(told.unreadySince, now);
      if (now >= after(told.unreadySince, UNREADY_MS)) {
        told.ready = false;
        this.inbox.say({ type: 'node.unready', blockId });
      }
    }
    if (node !== undefined && told.node !== undefined) this.tellPods(blockId, told, node);
    else if (node !== undefined) this.tellFinished(blockId, told, this.cluster.jobsOn(node.name));
    return told.ready && told.unreadySince < NEVER ? latest(after(told.unreadySince, UNREADY_MS), now + 1) : NEVER;
  }

  private tellPods(
    blockId: string,
    told: Told,
    node: { readonly name: string; readonly ready: boolean; readonly cordoned: boolean },
  ): void {
    const now = this.clock.now();
    if (node.cordoned !== told.cordoned && (node.cordoned || now >= told.trustCordonUntil)) {
      told.cordoned = node.cordoned;
      this.inbox.say({ type: node.cordoned ? 'node.cordoned' : 'node.uncordoned', blockId });
    }
    if (node.cordoned) told.trustCordonUntil = now;
    const jobs = this.cluster.jobsOn(node.name);
    this.tellFinished(blockId, told, jobs);
    for (const job of jobs ?? [])
      if (!told.jobs.has(job)) {
        told.jobs.set(job, now);
        this.inbox.say({ type: 'job.started', blockId, job });
      }
  }

  private tellFinished(blockId: string, told: Told, jobs: readonly string[] | undefined): void {
    if (jobs === undefined || told.jobs.size === 0) return;
    const running = new Set(jobs);
    for (const [job, since] of told.jobs)
      if (!running.has(job)) {
        told.jobs.delete(job);
        this.inbox.say({ type: 'job.finished', blockId, job, durationMs: this.clock.now() - since });
      }
  }
}
