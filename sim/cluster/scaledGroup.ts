import type { Instant } from '../../src/domain/time.ts';
import type { Autoscaler } from './autoscaler.ts';
import { ClusterAutoscaler } from './clusterAutoscaler.ts';
import { Karpenter } from './karpenter.ts';
import { type GroupNode, type GroupParts, NodeGroup } from './nodeGroup.ts';
import { Spares } from './spares.ts';

/** The group of nodes where unmet demand goes, with the autoscaler that keeps it. */
export class ScaledGroup {
  private readonly group: NodeGroup;
  private readonly spares: Spares;
  private readonly autoscaler: Autoscaler;
  private readonly parts: Parts;

  constructor(parts: Parts) {
    const { kernel, cluster, settings, sizes, from } = parts;
    this.parts = parts;
    this.group = new NodeGroup(parts, {
      changed: parts.changed,
      lost: () => {
        this.autoscaler.podsWait(false);
      },
    });
    this.spares = new Spares(settings.spareJobs, sizes.kindOf({}));
    const { group, spares } = this;
    const known = { kernel, cluster, group, spares, settings, from };
    this.autoscaler = settings.autoscaler === 'karpenter' ? new Karpenter(known) : new ClusterAutoscaler(known);
    this.count();
  }

  get all(): readonly GroupNode[] {
    return this.group.all;
  }

  /** Nodes that are paid for. */
  get size(): number {
    return this.group.size;
  }

  /** Jobs wait that no ready node has room for. */
  starved(fresh: boolean): void {
    this.autoscaler.podsWait(fresh);
  }

  /** A node has no job; or has one again, though pods were to avoid it. */
  turned(): void {
    this.autoscaler.nodesTurned();
  }

  /** Jobs or nodes have come or gone: room for placeholders may have, too. */
  count(): void {
    const { settings, kernel } = this.parts;
    if (settings.spareJobs === 0) return;
    if (this.spares.update(this.group.living, kernel.now)) this.autoscaler.podsWait(true);
    this.autoscaler.nodesTurned();
  }
}

interface Parts extends GroupParts {
  readonly from: Instant;
  readonly changed: () => void;
}
