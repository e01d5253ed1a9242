import { NODE_LABEL, TAINT } from '../../domain/nodeLabels.ts';

/** What the keeper writes on Nodes, and what people write there for it. */
export const MARK = {
  prefix: 'spot-keeper.io/',
  /** The taint of a node that we drain; its value is the deadline in epoch seconds, for a colon is not allowed there. */
  draining: TAINT.draining,
  /** The taint of a block's node that is to be given back: pods are to prefer others. */
  givingBack: TAINT.givingBack,
  /** The taint of a block's node that only jobs routed to its pool tolerate. */
  routing: TAINT.routing,
  /** Since when we drain it, in ISO 8601: an annotation, which survives whoever sets taints anew. */
  drainingSince: 'spot-keeper.io/draining-since',
  /** Which block drains it. */
  block: 'spot-keeper.io/block',
  /** It was cordoned by somebody else before we cordoned it, so that our uncordon leaves theirs. */
  cordonedBefore: 'spot-keeper.io/cordoned-before',
  /** Written by people: leave this node as it is. */
  hold: 'spot-keeper.io/hold',
  /**
   * Cluster Autoscaler takes a node with a taint of this form for ready but closed, which a draining block is; a taint
   * that it does not know would make the node a poor example of its group.
   */
  closedForAutoscaler: 'status-taint.cluster-autoscaler.kubernetes.io/spot-keeper-draining',
  /** Keeps Cluster Autoscaler from logging about nodes of no group of its own, and from counting them as unready. */
  notAutoscaled: 'k8s.io/cluster-autoscaler-enabled',
} as const;

/** What stands on a job's Pod of how long it is held. */
export const POD_MARK = {
  /**
   * Cluster Autoscaler buys no node for a pod that is younger than this: a Go duration, counted from its creation. One that it cannot
   * read it takes no notice of. Since Cluster Autoscaler 1.26.
   */
  delay: 'cluster-autoscaler.kubernetes.io/pod-scale-up-delay',
  /** That the delay is ours: for whom it was written, what was written, and what stood there before. */
  held: 'spot-keeper.io/held',
} as const;

/**
 * With what delay a job's pod is created: time enough for the keeper to see it and to hold it, where Cluster Autoscaler
 * 1.35 and later would buy after two seconds. A dead keeper costs a job no more than this.
 */
export const BORN_WITH = '10s';

/** Everything that the keeper changes of a Pod. The admission policy for pods is made from it and denies the rest. */
export const WRITTEN_ON_PODS: readonly string[] = [POD_MARK.delay, POD_MARK.held];

/** A taint that the keeper puts on and takes off, with the effects that it may have; never `NoExecute`, which ends jobs. */
interface OwnTaint {
  readonly key: string;
  readonly effects: readonly ('NoSchedule' | 'PreferNoSchedule')[];
}

/** The taints of a node that the keeper has closed: opened again, it bears none of them. */
export const CLOSING_TAINTS = [
  { key: MARK.draining, effects: ['NoSchedule'] },
  { key: MARK.closedForAutoscaler, effects: ['NoSchedule'] },
] as const satisfies readonly OwnTaint[];

/**
 * Everything that the keeper changes of a Node, besides whether it takes pods. The admission policy is made from it and
 * denies the rest, so what the keeper is to write anew is added here first.
 */
export const WRITTEN = {
  labels: [NODE_LABEL.pool, NODE_LABEL.block],
  annotations: [MARK.drainingSince, MARK.block, MARK.cordonedBefore, MARK.notAutoscaled],
  taints: [
    ...CLOSING_TAINTS,
    { key: MARK.routing, effects: ['NoSchedule'] },
    { key: MARK.givingBack, effects: ['PreferNoSchedule'] },
  ],
} as const satisfies {
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  readonly taints: readonly OwnTaint[];
};
