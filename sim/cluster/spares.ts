import { ALWAYS, type Instant, latest, NEVER } from '../../src/domain/time.ts';
import { type Node, roomFor } from './node.ts';
import type { GroupNode } from './nodeGroup.ts';
import type { JobKind } from './sizes.ts';

/**
 * Placeholder pods of low priority, which keep room free on the group's nodes (the overprovisioning of Cluster Autoscaler's
 * FAQ). A job displaces one at once, so their number is all that counts: as many have a node as there is free room for, and
 * the rest wait, each since it was displaced.
 */
export class Spares {
  /** When each placeholder was created that has no node, oldest first. */
  readonly pending: Instant[] = [];
  readonly kind: JobKind;
  private readonly count: number;
  /** Idle nodes that hold placeholders for which the others have no room: NEVER, or until when they did. */
  private readonly neededUntil = new Map<GroupNode, Instant>();

  constructor(count: number, kind: JobKind) {
    this.count = count;
    this.kind = kind;
  }

  /** Counts the room of the group's ready nodes; whether a placeholder has lost its own. */
  update(living: readonly GroupNode[], now: Instant): boolean {
    const room = living.reduce((sum, { node }) => sum + this.roomOn(node), 0);
    const homeless = Math.max(0, this.count - room);
    const more = homeless > this.pending.length;
    while (this.pending.length < homeless) this.pending.push(now);
    // The scheduler takes the oldest first.
    this.pending.splice(0, this.pending.length - homeless);
    this.settle(living, now);
    return more;
  }

  /** Since when a node has had neither a job nor a placeholder that the other nodes could not take; undefined while it has. */
  unneededSince(member: GroupNode): Instant | undefined {
    const idleSince = member.node?.idleSince;
    if (this.count === 0 || idleSince === undefined) return idleSince;
    const since = latest(idleSince, this.neededUntil.get(member) ?? ALWAYS);
    return since === NEVER ? undefined : since;
  }

  /** Finds a place for every placeholder: beside jobs first, then on the oldest idle nodes. */
  private settle(living: readonly GroupNode[], now: Instant): void {
    let homeless = this.count;
    for (const { node } of living) if (node?.idleSince === undefined) homeless -= this.roomOn(node);
    for (const member of living) {
      if (member.node?.idleSince === undefined) continue;
      if (homeless > 0) this.neededUntil.set(member, NEVER);
      else if (this.neededUntil.get(member) === NEVER) this.neededUntil.set(member, now);
      homeless -= this.roomOn(member.node);
    }
  }

  private roomOn(node: Node | undefined): number {
    return node === undefined || node.cordoned ? 0 : roomFor(this.kind.requests, node.free);
  }
}
