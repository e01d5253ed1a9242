import { z } from 'zod';
import type { Instant } from '../domain/time.ts';
import { isWork, type PodRules, podRoles } from '../live/kubernetes/jobs.ts';
import type { Kube } from '../live/kubernetes/kubeClient.ts';
import type { KubeObject } from '../live/kubernetes/kubeObject.ts';
import { lastingTaints, type TaintRules } from '../live/kubernetes/lastingTaints.ts';
import { MARK } from '../live/kubernetes/marks.ts';
import { nodesByInstance, type SeenNode, seenNode } from '../live/kubernetes/nodes.ts';
import { podIn, traitsOf } from '../live/kubernetes/podObject.ts';
import { isBusy, type RoleOf, type SeenPod, seenPod } from '../live/kubernetes/pods.ts';
import type { PodTraits } from '../live/kubernetes/podTraits.ts';
import { listAll } from '../live/kubernetes/watch/listing.ts';
import { type Found, known, unknown } from './found.ts';

/** A node, with what people want to know of it beyond what the keeper keeps. */
export interface NodeFound extends SeenNode {
  /** Karpenter made it. */
  readonly karpenters: boolean;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A pod that is bound to a node, with what people want to know of it beyond what the keeper keeps. */
export interface PodFound extends SeenPod, PodTraits {
  /** Commands and arguments of all its containers, one after the other. */
  readonly words: readonly string[];
  /** Whether it can run nowhere but on a block. */
  readonly needsBlock: boolean;
}

/** Nodes and bound pods at one moment. */
export interface ClusterFound {
  readonly nodes: readonly NodeFound[];
  readonly pods: readonly PodFound[];
  readonly nodeOf: (instanceId: string) => SeenNode | undefined;
  /** The pods that keep a node busy. */
  readonly jobsOn: (nodeName: string) => readonly PodFound[];
}

/**
 * Lists nodes and pods once, whole or not at all. Without a watch: whoever looks once learns from a list also why there
 * is none.
 */
export async function lookAtCluster(
  kube: Kube,
  rules: PodRules & TaintRules,
  now: Instant,
  signal: AbortSignal,
): Promise<Found<ClusterFound>> {
  const named = podRoles(rules);
  const taints = lastingTaints(rules);
  const roleOf: RoleOf = (pod) => {
    const role = named(pod);
    if (isWork(role)) taints.tolerated(pod.tolerates);
    return role;
  };
  const [nodes, pods] = await Promise.all([
    listAll(kube, { resource: 'nodes', path: '/api/v1/nodes', keep: nodeFound, signal }),
    listAll(kube, { resource: 'pods', path: '/api/v1/pods', keep: (object) => podFound(object, roleOf), signal }),
  ]);
  if (nodes.kind === 'failed') return unknown(`nodes: ${nodes.class}: ${nodes.message}`);
  if (pods.kind === 'failed') return unknown(`pods: ${pods.class}: ${pods.message}`);
  const byInstance = nodesByInstance();
  for (const node of nodes.value.items) taints.found(node);
  const judged = nodes.value.items.map(taints.judged);
  for (const node of judged) byInstance.put(node);
  const bound = pods.value.items.filter((pod) => pod !== undefined);
  return known({
    nodes: judged,
    pods: bound,
    nodeOf: byInstance.of,
    jobsOn: (name) => bound.filter((pod) => pod.node === name && isBusy(pod, now)),
  });
}

function nodeFound(object: KubeObject): NodeFound {
  const { annotations, labels } = MORE_OF_NODE.parse(object).metadata;
  return {
    ...seenNode(object),
    annotations: annotations ?? {},
    karpenters: labels?.['karpenter.sh/nodepool'] !== undefined,
  };
}

function podFound(object: KubeObject, roleOf: RoleOf): PodFound | undefined {
  const pod = seenPod(object, roleOf);
  if (pod === undefined) return undefined;
  const { spec } = MORE_OF_POD.parse(object);
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const asks = (key: string): boolean => key.startsWith(MARK.prefix);
  return {
    ...pod,
    ...traitsOf(podIn(object)),
    words: (spec.containers ?? []).flatMap(({ command, args }) => [...(command ?? []), ...(args ?? [])]),
    needsBlock:
      Object.keys(spec.nodeSelector ?? {}).some(asks) ||
      // Terms are alternatives, and only an expression that a node without the label cannot meet asks for a block.
      (terms.length > 0 &&
        terms.every(({ matchExpressions }) =>
          (matchExpressions ?? []).some(
            ({ key, operator }) => asks(key) && (operator === 'In' || operator === 'Exists'),
          ),
        )),
  };
}

const TEXTS = z.record(z.string(), z.string()).nullish();
const MORE_OF_NODE = z.object({ metadata: z.object({ labels: TEXTS, annotations: TEXTS }) });
const MORE_OF_POD = z.object({
  spec: z.object({
    nodeSelector: TEXTS,
    containers: z
      .array(z.object({ command: z.array(z.string()).nullish(), args: z.array(z.string()).nullish() }))
      .nullish(),
    affinity: z
      .object({
        nodeAffinity: z
          .object({
            requiredDuringSchedulingIgnoredDuringExecution: z
              .object({
                nodeSelectorTerms: z.array(
                  z.object({
                    matchExpressions: z.array(z.object({ key: z.string(), operator: z.string() })).nullish(),
                  }),
                ),
              })
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});
