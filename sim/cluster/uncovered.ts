import { ALWAYS, type Instant, latest } from '../../src/domain/time.ts';
import type { Job } from './job.ts';
import { hasRoomFor } from './node.ts';
import type { GroupNode, NodeGroup } from './nodeGroup.ts';
import type { JobKind } from './sizes.ts';
import type { Spares } from './spares.ts';

/** A pod that waits, as an autoscaler sees it: a job or a placeholder. */
export interface Pod {
  readonly kind: JobKind;
  /** When it was queued; a job that was killed is a new pod. */
  readonly createdAt: Instant;
  /** Before it nothing is bought for it: its `pod-scale-up-delay`. */
  readonly delayedUntil: Instant;
}

/**
 * The pods that wait and that the group's nodes on their way will not take, first come first, jobs before placeholders.
 * Nodes on their way that are blocks an autoscaler cannot see.
 */
export function uncoveredPods(waiting: readonly Job[], spares: Spares, group: NodeGroup): readonly Pod[] {
  const bins = new Bins(group.living.filter(({ node }) => node === undefined));
  const pods: Pod[] = [];
  for (const { kind, waitingSince, delayedUntil, heldUntil = ALWAYS } of waiting)
    if (kind.onGroup && !bins.place(kind))
      pods.push({ kind, createdAt: waitingSince ?? 0, delayedUntil: latest(delayedUntil, heldUntil) });
  for (const createdAt of spares.pending)
    if (!bins.place(spares.kind)) pods.push({ kind: spares.kind, createdAt, delayedUntil: ALWAYS });
  return pods;
}

/** Buys nodes for pods, the largest first as Cluster Autoscaler's estimator does; answers how many nodes were bought. */
export function buyFor(pods: readonly Pod[], group: NodeGroup): number {
  const bins = new Bins([]);
  let bought = 0;
  for (const { kind } of largestFirst(pods)) {
    if (bins.place(kind)) continue;
    const node = group.buyFor(kind);
    if (node === undefined) continue;
    bought += 1;
    bins.add(node);
    bins.place(kind);
  }
  return bought;
}

function largestFirst(pods: readonly Pod[]): readonly Pod[] {
  const first = pods[0]?.kind;
  if (pods.every(({ kind }) => kind === first)) return pods;
  const size = ({ kind }: Pod): number => kind.requests.reduce((sum, request) => sum + request, 0);
  return pods.toSorted((a, b) => size(b) - size(a));
}

/** Nodes to be filled in thought, first fit. */
class Bins {
  private readonly bins: { readonly free: number[]; readonly isSpot: boolean }[] = [];
  /** Where each kind last found room: none before it has any for that kind, since bins only fill. */
  private readonly froms = new Map<JobKind, number>();

  constructor(nodes: readonly GroupNode[]) {
    for (const node of nodes) this.add(node);
  }

  add({ capacity, offer }: GroupNode): void {
    this.bins.push({ free: [...capacity], isSpot: offer !== undefined });
  }

  place(kind: JobKind): boolean {
    const { bins, froms } = this;
    let index = froms.get(kind) ?? 0;
    for (; index < bins.length; index += 1) {
      const { free, isSpot } = bins[index]!;
      if ((isSpot && !kind.onSpotGroup) || !hasRoomFor(kind.requests, free)) continue;
      for (const [place, request] of kind.requests.entries()) free[place]! -= request;
      break;
    }
    froms.set(kind, index);
    return index < bins.length;
  }
}
