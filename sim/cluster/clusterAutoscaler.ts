import { ALWAYS, after, earliest, type Instant, latest, NEVER, seconds } from '../../src/domain/time.ts';
import { Alarm, onGrid } from './alarm.ts';
import type { Autoscaler, AutoscalerParts } from './autoscaler.ts';
import type { GroupNode } from './nodeGroup.ts';
import { buyFor, type Pod, uncoveredPods } from './uncovered.ts';

/** It buys nothing while the oldest pod is younger: more may be on their way (`unschedulablePodTimeBuffer`). */
const NEW_POD_MS = seconds(2);

/** Empty nodes that one loop removes (`--max-scale-down-parallelism`, before 1.26 `--max-empty-bulk-delete`). */
const MOST_REMOVED = 10;

/** Nodes that one loop taints (`--max-bulk-soft-taint-count`). */
const MOST_TAINTED = 10;

/**
 * Cluster Autoscaler. Each loop buys nodes for the pods that the group's nodes on their way will not take. One that buys
 * nothing, on a scan, marks the nodes that it may remove with a PreferNoSchedule taint
 * (DeletionCandidateOfClusterAutoscaler). Nodes that have been idle for long enough are removed; neither happens soon after
 * an addition.
 *
 * A node goes in the instant in which its idle time is over, not at the scan that would find it so up to ten seconds later:
 * a bill can be checked by hand, and of the group, which is what others are compared with, it is the lower one.
 *
 * `loop: event` repeats at once after a purchase. A loop takes no time here, so the repeated one would find what the first
 * has left, and is left out.
 */
export class ClusterAutoscaler implements Autoscaler {
  private readonly alarm: Alarm;
  private readonly removal: Alarm;
  private readonly parts: AutoscalerParts;
  private loopedAt: Instant = ALWAYS;
  private addedAt: Instant = ALWAYS;

  constructor(parts: AutoscalerParts) {
    this.parts = parts;
    this.alarm = new Alarm(parts.kernel, () => {
      this.loop();
    });
    this.removal = new Alarm(parts.kernel, () => {
      this.remove();
    });
  }

  podsWait(fresh: boolean): void {
    const { settings, kernel } = this.parts;
    if (settings.loop === 'event' && fresh) this.alarm.setFor(kernel.now);
    else this.alarm.setFor(this.nextLook(after(kernel.now, 1)));
  }

  nodesTurned(): void {
    this.alarm.setFor(this.nextTaint());
    this.removal.setFor(this.nextRemoval());
  }

  private loop(): void {
    const { kernel, group } = this.parts;
    this.loopedAt = kernel.now;
    const pods = this.uncovered();
    const isBuying = this.buys(pods);
    if (isBuying && buyFor(this.grown(pods), group) > 0) this.addedAt = kernel.now;
    else if (this.isScan(kernel.now) && !this.isCooling()) this.taint();
    this.alarm.setFor(earliest(this.nextLookAt(isBuying ? this.uncovered() : pods), this.nextTaint()));
  }

  private uncovered(): readonly Pod[] {
    const { cluster, spares, group } = this.parts;
    return uncoveredPods(cluster.waiting.inOrder(), spares, group);
  }

  /** The pods old enough to be bought for. The younger ones have taken their room on nodes on their way all the same. */
  private grown(pods: readonly Pod[]): readonly Pod[] {
    const { now } = this.parts.kernel;
    return pods.filter((pod) => this.grownAt(pod) <= now);
  }

  /** The longer of the autoscaler's own delay and the pod's. */
  private grownAt({ createdAt, delayedUntil }: Pod): Instant {
    return latest(after(createdAt, this.parts.settings.scaleUpDelayMs), delayedUntil);
  }

  private buys(pods: readonly Pod[]): boolean {
    const { now } = this.parts.kernel;
    return this.grown(pods).some(({ createdAt }) => now - createdAt >= NEW_POD_MS);
  }

  private remove(): void {
    const { kernel, group } = this.parts;
    if (!this.isCooling()) {
      const due = group.living.filter((member) => this.removableAt(member) <= kernel.now);
      for (const member of due.slice(0, MOST_REMOVED)) group.remove(member);
    }
    this.removal.setFor(this.nextRemoval());
  }

  private taint(): void {
    const { group } = this.parts;
    let tainted = 0;
    for (const member of group.living) {
      if (!this.isToTurn(member) || member.node === undefined || tainted === MOST_TAINTED) continue;
      member.node.discouraged = !member.node.discouraged;
      if (member.node.discouraged) tainted += 1;
    }
  }

  /** A node bears the taint exactly while nobody needs it. */
  private isToTurn(member: GroupNode): boolean {
    const { node } = member;
    return node !== undefined && node.discouraged !== (this.parts.spares.unneededSince(member) !== undefined);
  }

  /** When the next loop has something to do for pods that nothing covers; NEVER where there are none. */
  private nextLookAt(pods: readonly Pod[]): Instant {
    if (pods.length === 0) return NEVER;
    const { kernel } = this.parts;
    const grownAt = pods.reduce(
      (first, pod) => earliest(first, latest(this.grownAt(pod), after(pod.createdAt, NEW_POD_MS))),
      NEVER,
    );
    return this.nextLook(latest(grownAt, after(kernel.now, 1)));
  }

  /** The first loop at or after an instant, if nothing wakes it. */
  private nextLook(at: Instant): Instant {
    const { settings, from } = this.parts;
    const isWaiting = settings.loop === 'event' && this.loopedAt !== ALWAYS;
    return onGrid(at, isWaiting ? this.loopedAt : from, settings.scanMs);
  }

  private removableAt(member: GroupNode): Instant {
    const { spares, settings } = this.parts;
    return after(spares.unneededSince(member) ?? NEVER, settings.idleMs);
  }

  /** Those that are left after as many were removed as one loop removes go with the next scan. */
  private nextRemoval(): Instant {
    const { kernel, group, settings, from } = this.parts;
    let dueAt = NEVER;
    for (const member of group.living) dueAt = Math.min(dueAt, this.removableAt(member));
    if (dueAt === NEVER) return NEVER;
    const at = latest(dueAt, this.coolAt());
    return at > kernel.now ? at : onGrid(after(kernel.now, 1), from, settings.scanMs);
  }

  /** The first scan at which a taint is put or taken away. */
  private nextTaint(): Instant {
    const { kernel, group, settings, from } = this.parts;
    if (!group.living.some((member) => this.isToTurn(member))) return NEVER;
    return onGrid(latest(this.coolAt(), after(kernel.now, 1)), from, settings.scanMs);
  }

  private coolAt(): Instant {
    return after(this.addedAt, this.parts.settings.scaleDownDelayAfterAddMs);
  }

  private isCooling(): boolean {
    return this.coolAt() > this.parts.kernel.now;
  }

  private isScan(at: Instant): boolean {
    return (at - this.parts.from) % this.parts.settings.scanMs === 0;
  }
}
