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
 * nothing, on a scan, removes nodes that have been idle for long enough, or, if there are none, marks those that it may
 * remove with a PreferNoSchedule taint (DeletionCandidateOfClusterAutoscaler); neither happens soon after an addition.
 *
 * `loop: event` repeats at once after a purchase. A loop takes no time here, so the repeated one would find what the first
 * has left, and is left out.
 */
export class ClusterAutoscaler implements Autoscaler {
  private readonly alarm: Alarm;
  private readonly parts: AutoscalerParts;
  private loopedAt: Instant = ALWAYS;
  private addedAt: Instant = ALWAYS;

  constructor(parts: AutoscalerParts) {
    this.parts = parts;
    this.alarm = new Alarm(parts.kernel, () => {
      this.loop();
    });
  }

  podsWait(fresh: boolean): void {
    const { settings, kernel } = this.parts;
    if (settings.loop === 'event' && fresh) this.alarm.setFor(kernel.now);
    else this.alarm.setFor(this.nextLook(after(kernel.now, 1)));
  }

  nodesTurned(): void {
    this.alarm.setFor(this.nextRemoval());
  }

  private loop(): void {
    const { kernel, group } = this.parts;
    this.loopedAt = kernel.now;
    const pods = this.uncovered();
    const isBuying = this.buys(pods);
    if (isBuying && buyFor(this.grown(pods), group) > 0) this.addedAt = kernel.now;
    else if (this.isScan(kernel.now) && !this.isCooling()) this.scaleDown();
    this.alarm.setFor(earliest(this.nextLookAt(isBuying ? this.uncovered() : pods), this.nextRemoval()));
  }

  private uncovered(): readonly Pod[] {
    const { cluster, spares, group } = this.parts;
    return uncoveredPods(cluster.waiting.inOrder(), spares, group);
  }

  /** The pods old enough to be bought for. The younger ones have taken their room on nodes on their way all the same. */
  private grown(pods: readonly Pod[]): readonly Pod[] {
    const { settings, kernel } = this.parts;
    if (settings.scaleUpDelayMs === 0) return pods;
    return pods.filter(({ createdAt }) => kernel.now - createdAt >= settings.scaleUpDelayMs);
  }

  private buys(pods: readonly Pod[]): boolean {
    const { now } = this.parts.kernel;
    return this.grown(pods).some(({ createdAt }) => now - createdAt >= NEW_POD_MS);
  }

  /** Only when no node was removed are taints put and taken away. */
  private scaleDown(): void {
    const { kernel, group, spares, settings } = this.parts;
    const isDue = (member: GroupNode): boolean =>
      after(spares.unneededSince(member) ?? NEVER, settings.idleMs) <= kernel.now;
    const due = group.living.filter(isDue).slice(0, MOST_REMOVED);
    for (const member of due) group.remove(member);
    if (due.length > 0) return;
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
    const { settings, kernel } = this.parts;
    const grownMs = Math.max(settings.scaleUpDelayMs, NEW_POD_MS);
    const oldest = pods.reduce((first, { createdAt }) => earliest(first, createdAt), NEVER);
    return this.nextLook(latest(after(oldest, grownMs), after(kernel.now, 1)));
  }

  /** The first loop at or after an instant, if nothing wakes it. */
  private nextLook(at: Instant): Instant {
    const { settings, from } = this.parts;
    const isWaiting = settings.loop === 'event' && this.loopedAt !== ALWAYS;
    return onGrid(at, isWaiting ? this.loopedAt : from, settings.scanMs);
  }

  /** The first scan at which a node may be removed, or its taint be put or taken away. */
  private nextRemoval(): Instant {
    const { kernel, group, spares, settings, from } = this.parts;
    let dueAt = NEVER;
    for (const member of group.living)
      dueAt = earliest(
        dueAt,
        this.isToTurn(member) ? ALWAYS : after(spares.unneededSince(member) ?? NEVER, settings.idleMs),
      );
    if (dueAt === NEVER) return NEVER;
    const coolAt = after(this.addedAt, settings.scaleDownDelayAfterAddMs);
    return onGrid(latest(dueAt, coolAt, after(kernel.now, 1)), from, settings.scanMs);
  }

  private isCooling(): boolean {
    return after(this.addedAt, this.parts.settings.scaleDownDelayAfterAddMs) > this.parts.kernel.now;
  }

  private isScan(at: Instant): boolean {
    return (at - this.parts.from) % this.parts.settings.scanMs === 0;
  }
}
