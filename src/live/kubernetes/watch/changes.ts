import type { Instant, Millis } from '../../../domain/time.ts';
import { type NodesByInstance, nodesByInstance, type SeenNode } from '../nodes.ts';
import { isBusy, type SeenPod } from '../pods.ts';

/** Something that changed in the cluster. Changes may repeat after a restart, and none is told of nodes without a difference. */
export type ClusterChange =
  | { readonly type: 'node.changed'; readonly node: SeenNode; readonly before?: SeenNode }
  | { readonly type: 'node.removed'; readonly node: SeenNode }
  | {
      readonly type: 'job.started';
      /** The node's name. */
      readonly node: string;
      readonly instanceId: string;
      /** The uid of the job's pod. */
      readonly job: string;
      /** When kubelet took it on, if that is known. */
      readonly at?: Instant;
    }
  | {
      readonly type: 'job.finished';
      readonly node: string;
      readonly instanceId: string;
      readonly job: string;
      /** From kubelet's start to the end of its last container, or to when it was found to be over. */
      readonly durationMs: Millis;
    }
  /** The jobs that wait for a node are not the same as before. */
  | { readonly type: 'pods.waiting' };

/** Nodes and pods as they are held, and the changes that come of each. */
export interface Changes {
  readonly nodes: NodesByInstance;
  /** The node of that name. */
  readonly named: (name: string) => SeenNode | undefined;
  /** The pods bound to the node of that name. */
  readonly podsOn: (name: string) => readonly SeenPod[];
  readonly nodeChanged: (node: SeenNode, before?: SeenNode) => void;
  readonly nodeRemoved: (node: SeenNode) => void;
  readonly podChanged: (pod: SeenPod) => void;
  readonly podRemoved: (pod: SeenPod) => void;
  /** Looks at every pod again: some are over by the passing of time alone. */
  readonly review: () => void;
}

interface StartedJob {
  readonly node: string;
  readonly instanceId: string;
  readonly since: Instant;
}

/** Tells `tell` what comes of the nodes and pods that it is given. A job is told of once its node's instance is known. */
export function changes(now: () => Instant, tell: (change: ClusterChange) => void): Changes {
  const nodes = nodesByInstance();
  const byName = new Map<string, SeenNode>();
  const pods = new Map<string, Map<string, SeenPod>>();
  const started = new Map<string, StartedJob>();

  function nodeChanged(node: SeenNode, before?: SeenNode): void {
    if (before !== undefined) nodes.remove(before);
    nodes.put(node);
    byName.set(node.name, node);
    // Of two nodes that claim one instance only the newer is told of: the other is what is left of an earlier life.
    const isTold = node.instanceId === undefined || nodes.of(node.instanceId)?.uid === node.uid;
    if (!isTold || (before !== undefined && isSame(node, before))) return;
    tell({ type: 'node.changed', node, ...(before !== undefined && { before }) });
    for (const pod of podsOn(node.name)) settle(pod);
  }

  function nodeRemoved(node: SeenNode): void {
    const wasTold = node.instanceId === undefined || nodes.of(node.instanceId)?.uid === node.uid;
    nodes.remove(node);
    if (byName.get(node.name)?.uid === node.uid) byName.delete(node.name);
    if (!wasTold) return;
    tell({ type: 'node.removed', node });
    const next = node.instanceId === undefined ? undefined : nodes.of(node.instanceId);
    if (next !== undefined) tell({ type: 'node.changed', node: next });
  }

  const podsOn = (name: string): readonly SeenPod[] => [...(pods.get(name)?.values() ?? [])];

  function podChanged(pod: SeenPod): void {
    const there = pods.get(pod.node) ?? new Map<string, SeenPod>();
    pods.set(pod.node, there.set(pod.uid, pod));
    settle(pod);
  }

  function podRemoved(pod: SeenPod): void {
    const there = pods.get(pod.node);
    there?.delete(pod.uid);
    if (there?.size === 0) pods.delete(pod.node);
    finish(pod);
  }

  function settle(pod: SeenPod): void {
    if (!isBusy(pod, now())) {
      finish(pod);
      return;
    }
    const instanceId = byName.get(pod.node)?.instanceId;
    if (instanceId === undefined || started.has(pod.uid)) return;
    started.set(pod.uid, { node: pod.node, instanceId, since: pod.startedAt ?? now() });
    const at = pod.startedAt === undefined ? {} : { at: pod.startedAt };
    tell({ type: 'job.started', node: pod.node, instanceId, job: pod.uid, ...at });
  }

  function finish(pod: SeenPod): void {
    const job = started.get(pod.uid);
    if (job === undefined || !started.delete(pod.uid)) return;
    const durationMs = Math.max(0, (pod.finishedAt ?? now()) - (pod.startedAt ?? job.since));
    tell({ type: 'job.finished', node: job.node, instanceId: job.instanceId, job: pod.uid, durationMs });
  }

  const review = (): void => {
    for (const there of pods.values()) for (const pod of there.values()) settle(pod);
  };

  return {
    ...{ nodes, named: (name) => byName.get(name), podsOn, review },
    ...{ nodeChanged, nodeRemoved, podChanged, podRemoved },
  };
}

/** Kubelet writes to its node all the time, and of most of it nothing is kept. Both were made by the same code, in the same order. */
const isSame = (one: SeenNode, other: SeenNode): boolean => JSON.stringify(one) === JSON.stringify(other);
