import { DEFAULT_LIVE } from '../config/pools.ts';
import { placeOf } from '../domain/words.ts';
import { isToLeave } from '../live/kubernetes/evict.ts';
import type { Deed } from './deeds.ts';
import type { Look } from './look.ts';
import type { ClusterFound, PodFound } from './lookAtCluster.ts';

/** A pod on the node of a block, and what a drain does to it. */
export interface DrainedPod {
  readonly block: string;
  readonly pool: string;
  readonly pod: PodFound;
  /**
   * - `evicted`: it is asked to leave, within its budgets.
   * - `kept`: no rule names it, so that it may be at work; the block waits for its end.
   * - `lost`: nobody asks it, and it ends with the instance.
   */
  readonly fate: 'evicted' | 'kept' | 'lost';
}

/** The pods on blocks that a drain has to do with, without jobs and without what runs on every node; none while the cluster is unknown. */
export function drainedPods({ cluster, alive, file, at }: Look): readonly DrainedPod[] {
  if (cluster.kind !== 'known') return [];
  const { otherPods } = file.live ?? DEFAULT_LIVE;
  return alive.flatMap(({ blockId, lease: { instanceId } }) => {
    const node = cluster.value.nodeOf(instanceId);
    if (node === undefined) return [];
    return podsOn(cluster.value, node.name).map((pod): DrainedPod => {
      const isAsked = otherPods === 'evict' && isToLeave(pod, at);
      return {
        block: blockId,
        pool: placeOf(blockId)?.pool ?? '',
        pod,
        fate: pod.job ? 'kept' : isAsked ? 'evicted' : 'lost',
      };
    });
  });
}

const podsOn = ({ pods }: ClusterFound, node: string): readonly PodFound[] =>
  pods.filter(
    (pod) =>
      pod.node === node &&
      pod.role.kind !== 'job' &&
      !pod.daemonSet &&
      !pod.mirror &&
      pod.phase !== 'Succeeded' &&
      pod.phase !== 'Failed' &&
      // One whose work has ended leaves by itself, or with the node.
      !(pod.job && pod.finishedAt !== undefined),
  );

/** `kube-system/dns (ReplicaSet/dns-7d9) on node-a` */
export const podText = ({ namespace, name, controller, node }: PodFound): string =>
  `${namespace}/${name} (${controller ?? 'no controller'}) on ${node}`;

/** What a keeper does, with each pod that it evicts from a node that it cordons. */
export function withEvictions(deeds: readonly Deed[], look: Look): readonly Deed[] {
  const evicted = drainedPods(look).filter(({ fate }) => fate === 'evicted');
  return deeds.flatMap((deed) =>
    deed.effect !== 'cordonNode'
      ? [deed]
      : [
          deed,
          ...evicted
            .filter(({ block }) => block === deed.block)
            .map(({ pod }): Deed => ({ ...deed, what: `evict ${podText(pod)}`, because: pod.role.rule })),
        ],
  );
}
