import { MARK } from './marks.ts';

/**
 * Whether we know what a taint means, and that it passes: ours, those of a node's start, of its condition, and of its end. Every other
 * one that keeps pods off may be of an agent that is not up yet, which is unknown until something says so: pools.yaml, or a job that
 * tolerates it.
 */
export const isKnownTaint = (key: string): boolean =>
  key.startsWith(MARK.prefix) ||
  key === MARK.closedForAutoscaler ||
  isStartUpTaint(key) ||
  PASSING.has(key) ||
  key.startsWith('status-taint.cluster-autoscaler.kubernetes.io/');

/** Taints that say that a node is not finished, or not heard of: pods do not start there whatever its condition says. */
export const isStartUpTaint = (key: string): boolean =>
  START_UP.has(key) || START_UP_PREFIXES.some((prefix) => key.startsWith(prefix)) || AGENT_TAINT.test(key);

const START_UP: ReadonlySet<string> = new Set([
  'node.cloudprovider.kubernetes.io/uninitialized',
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/network-unavailable',
  'karpenter.sh/unregistered',
]);
/** Cluster Autoscaler's form, and its older one. */
const START_UP_PREFIXES = [
  'startup-taint.cluster-autoscaler.kubernetes.io/',
  'ignore-taint.cluster-autoscaler.kubernetes.io/',
];
/** The form of network and storage plug-ins: `node.cilium.io/agent-not-ready`, `ebs.csi.aws.com/agent-not-ready`. */
const AGENT_TAINT = /\/agent-not-ready$/;

/** Sources: Kubernetes, well-known labels, annotations and taints; the taints of Cluster Autoscaler, Karpenter and the termination handler. */
const PASSING: ReadonlySet<string> = new Set([
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/out-of-service',
  'node.cloudprovider.kubernetes.io/shutdown',
  'ToBeDeletedByClusterAutoscaler',
  'DeletionCandidateOfClusterAutoscaler',
  'karpenter.sh/disrupted',
  'karpenter.sh/disruption',
  'aws-node-termination-handler/spot-itn',
  'aws-node-termination-handler/scheduled-maintenance',
  'aws-node-termination-handler/asg-lifecycle-termination',
  'aws-node-termination-handler/rebalance-recommendation',
]);
