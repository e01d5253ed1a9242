import { type Block, isNewsTo } from '../../block/block.ts';
import type { Effect } from '../../domain/effects.ts';
import type { JobSeen, NodeSeen, Sighting } from '../../domain/facts.ts';
import { SERVED, TAINT } from '../../domain/nodeLabels.ts';
import { ALWAYS, type Instant, latest, NEVER } from '../../domain/time.ts';
import type { Lease } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { OwnInstance } from '../aws/inventory/inventory.ts';
import type { Clock } from '../ports/clock.ts';
import type { Inbox } from './inbox.ts';

/** What the roster reads of the cluster. */
export interface ClusterView {
  /** Whether what is seen may be trusted: that something is not seen proves nothing otherwise. */
  fresh(): boolean;
  nodeOf(instanceId: string): NodeThere | undefined;
  /** Why it cannot be said that an instance that started then has no node, by lists taken now; undefined if it has none. */
  doubtOfNode(instanceId: string, startedAt: Instant): Promise<string | undefined>;
  /** The jobs on a node, with those whose pods are still there after their end; undefined while nobody can tell. */
  jobsSeenOn(node: string): readonly JobSeen[] | undefined;
}

/** A node as the cluster shows it. */
export interface NodeThere {
  readonly name: string;
  readonly ready: boolean;
  readonly unreadySince?: Instant | undefined;
  readonly cordoned: boolean;
  /** It bears our mark of draining. */
  readonly ours: boolean;
  /** Its well-known labels, and ours. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Brings instances, nodes and pods together by instance id, and says to the keeper what is there whenever its block does not
 * know: levels and not changes. What the keeper knows is asked of the keeper, so nothing that is lost on the way stays lost.
 */
export class Roster {
  private readonly clock: Clock;
  private readonly inbox: Inbox;
  private readonly cluster: ClusterView;
  private keeper: Keeper | undefined;
  /** The block of each instance; made anew when it is asked for after a turn. */
  private byInstance: ReadonlyMap<string, string> | undefined;
  /** Blocks that were told of an instance, and whose node is looked at once the keeper knows it. */
  private readonly newcomers = new Set<string>();
  /** A machine's clock may be set back; what is seen never goes back with it. */
  private takenAt: Instant = ALWAYS;

  constructor(clock: Clock, inbox: Inbox, cluster: ClusterView) {
    this.clock = clock;
    this.inbox = inbox;
    this.cluster = cluster;
  }

  /** What the keeper knows after a turn: only blocks that it has can be told about. */
  saw(keeper: Keeper): void {
    this.keeper = keeper;
    this.byInstance = undefined;
    for (const id of this.newcomers) {
      if (keeper.blocks.get(id)?.context.lease == null) continue;
      this.newcomers.delete(id);
      this.look(id);
    }
  }

  /** Every living instance of ours as a sighting. */
  sight(alive: readonly OwnInstance[]): readonly Sighting[] {
    return alive.map(({ blockId, attempt, lease }) => {
      const node = this.levelOf(lease.instanceId, ALWAYS);
      if (node === null) return { blockId, attempt, lease };
      return { blockId, attempt, lease, node: { ...node, ...lastOf(node) }, seenAt: this.stamp() };
    });
  }

  /** An instance was granted, or found that the keeper has no block for, or another instance than its block has. */
  granted(blockId: string, token: string, lease: Lease): void {
    this.inbox.say({ type: 'capacity.granted', blockId, token, lease });
    this.newcomers.add(blockId);
  }

  /** AWS takes an instance: said if its block does not know, or knows of a later instant. */
  reclaimed(instanceId: string, reclaimAt: Instant): void {
    const blockId = this.blockWith(instanceId);
    const context = blockId === undefined ? undefined : this.blockOf(blockId)?.context;
    if (blockId === undefined || context === undefined || (context.reclaimAt ?? NEVER) <= reclaimAt) return;
    this.inbox.say({ type: 'instance.interrupted', blockId, reclaimAt });
  }

  /** Says what is there of the node of an instance, if its block does not know. */
  lookAt(instanceId: string | undefined): void {
    const blockId = instanceId === undefined ? undefined : this.blockWith(instanceId);
    if (blockId !== undefined) this.look(blockId);
  }

  /** Says what is there of each block's node that the keeper does not know. */
  lookAtAll(): void {
    for (const id of this.keeper?.blocks.keys() ?? []) this.look(id);
  }

  /** Says what is there of a block's node whether it is news or not: an effect on it was performed. */
  show(blockId: string): void {
    this.look(blockId, true);
  }

  /**
   * Says what is known of the node of an instance that nobody has heard of. What the watch does not show proves nothing: that
   * there is none is only said after lists of nodes and pods that were asked for now.
   */
  async find(effect: Extract<Effect, { readonly type: 'findNode' }>): Promise<void> {
    const { blockId, instanceId } = effect;
    const context = this.blockOf(blockId)?.context;
    if (this.cluster.nodeOf(instanceId) === undefined) {
      const doubt = await this.cluster.doubtOfNode(instanceId, context?.lease?.startsAt ?? ALWAYS);
      if (doubt !== undefined) {
        this.inbox.say({ type: 'effect.failed', blockId, effect: effect.type, reason: doubt });
        return;
      }
    }
    const node = this.levelOf(instanceId, context?.jobsSeenAt ?? ALWAYS);
    this.inbox.say({ type: 'node.seen', blockId, takenAt: this.stamp(), node });
  }

  blockOf(blockId: string): Block | undefined {
    return this.keeper?.blocks.get(blockId);
  }

  /** The block that has this instance as its lease. */
  blockWith(instanceId: string): string | undefined {
    this.byInstance ??= new Map(
      [...(this.keeper?.blocks ?? [])].flatMap(
        ([
          id,
          {
            context: { lease },
          },
        ]) => (lease === null ? [] : [[lease.instanceId, id] as const]),
      ),
    );
    return this.byInstance.get(instanceId);
  }

  /** Whether an instance may exist that was asked for and of which nothing is known yet. */
  isBuying(): boolean {
    for (const { state } of this.keeper?.blocks.values() ?? []) if (state === 'requesting') return true;
    return false;
  }

  private look(blockId: string, isAsked = false): void {
    const block = this.blockOf(blockId);
    const instanceId = block?.context.lease?.instanceId;
    if (block === undefined || instanceId === undefined || block.state === 'gone') return;
    const node = this.levelOf(instanceId, block.context.jobsSeenAt);
    // That a node is not seen is only known of a list that is whole.
    if (node === null && (!this.cluster.fresh() || block.context.node === null)) return;
    if (!isAsked && !isNewsTo(block, node)) return;
    this.inbox.say({ type: 'node.seen', blockId, takenAt: this.stamp(), node });
  }

  /** No two levels are of the same instant, whatever the machine's clock does. */
  private stamp(): Instant {
    this.takenAt = latest(this.takenAt + 1, this.clock.now());
    return this.takenAt;
  }

  /** The node of an instance as it is, with the jobs that ended since; null where none is seen. */
  private levelOf(instanceId: string, since: Instant): NodeSeen | null {
    const node = this.cluster.nodeOf(instanceId);
    if (node === undefined) return null;
    const { name, ready, unreadySince, cordoned, ours, labels } = node;
    const marks = [...(ours ? [TAINT.draining] : []), ...(SERVED in labels ? [SERVED] : [])];
    const jobs = this.cluster.jobsSeenOn(name)?.filter(({ endedAt }) => endedAt === undefined || endedAt > since);
    return {
      ...{ name, ready, cordoned, marks },
      ...(ready || unreadySince === undefined ? {} : { unreadySince }),
      ...(jobs === undefined ? {} : { jobs }),
    };
  }
}

/** Of the jobs that ended only the last: since when a node is idle is all that a new life can learn from them. */
function lastOf({ jobs }: NodeSeen): Pick<NodeSeen, 'jobs'> {
  if (jobs === undefined) return {};
  const last = Math.max(...jobs.map(({ endedAt }) => endedAt ?? ALWAYS));
  return { jobs: jobs.filter(({ endedAt }) => endedAt === undefined || endedAt === last) };
}
