import { after, earliest, type Instant, latest, NEVER, seconds } from '../../src/domain/time.ts';
import { Alarm, onGrid } from './alarm.ts';
import type { Autoscaler, AutoscalerParts } from './autoscaler.ts';
import { buyFor, uncoveredPods } from './uncovered.ts';

/** Pods are bought for together once none has come for so long, or so long after the first (BATCH_IDLE_DURATION, BATCH_MAX_DURATION). */
const BATCH_IDLE_MS = seconds(1);
const BATCH_MOST_MS = seconds(10);

/** How often it looks for nodes to disrupt; pods that it could buy nothing for are looked at again as often. */
const LOOK_MS = seconds(10);

/** The share of the nodes that it disrupts at a time, rounded up (the default budget of a NodePool). */
const BUDGET = 0.1;

/**
 * Karpenter: buys for pods in batches and removes nodes that have been empty for `consolidateAfter`. It replaces no nodes
 * that run jobs by smaller ones: jobs that must not be disturbed are marked so.
 */
export class Karpenter implements Autoscaler {
  private readonly provisioning: Alarm;
  private readonly disruption: Alarm;
  private readonly parts: AutoscalerParts;
  /** When the first pod of the batch came; NEVER while there is no batch. */
  private batchSince: Instant = NEVER;

  constructor(parts: AutoscalerParts) {
    this.parts = parts;
    this.provisioning = new Alarm(parts.kernel, () => {
      this.provision();
    });
    this.disruption = new Alarm(parts.kernel, () => {
      this.disrupt();
    });
  }

  podsWait(fresh: boolean): void {
    const { now } = this.parts.kernel;
    if (fresh) {
      this.batchSince = earliest(this.batchSince, now);
      this.provisioning.resetTo(earliest(after(now, BATCH_IDLE_MS), after(this.batchSince, BATCH_MOST_MS)));
    } else this.provisioning.setFor(after(now, LOOK_MS));
  }

  nodesTurned(): void {
    this.disruption.setFor(this.nextDisruption());
  }

  private provision(): void {
    const { kernel, cluster, spares, group } = this.parts;
    this.batchSince = NEVER;
    const uncovered = () => uncoveredPods(cluster.waiting.inOrder(), spares, group);
    const pods = uncovered();
    if (pods.length === 0) return;
    buyFor(pods, group);
    if (uncovered().length > 0) this.provisioning.setFor(after(kernel.now, LOOK_MS));
  }

  private disrupt(): void {
    const { kernel, group, spares, settings } = this.parts;
    const due = group.living.filter(
      (member) => after(spares.unneededSince(member) ?? NEVER, settings.consolidateAfterMs) <= kernel.now,
    );
    for (const member of due.slice(0, Math.ceil(BUDGET * group.size))) group.remove(member);
    this.disruption.setFor(this.nextDisruption());
  }

  private nextDisruption(): Instant {
    const { kernel, group, spares, settings, from } = this.parts;
    const emptySince = group.living.reduce(
      (first, member) => earliest(first, spares.unneededSince(member) ?? NEVER),
      NEVER,
    );
    if (emptySince === NEVER) return NEVER;
    return onGrid(latest(after(emptySince, settings.consolidateAfterMs), after(kernel.now, 1)), from, LOOK_MS);
  }
}
