import type { JobPattern } from '../../config/pools.ts';
import type { JobSeen } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import {
  type CordonMark,
  cordonNode,
  discourageNode,
  labelNode,
  type NodeIdentity,
  routeNode,
  uncordonNode,
} from './cordon.ts';
import { evictPod, isToLeave } from './evict.ts';
import { holdPod } from './holdPod.ts';
import { isWork, type PodRules, podRoles, podRules } from './jobs.ts';
import type { Kube, KubeAnswer } from './kubeClient.ts';
import type { KubeFailure } from './kubeFailure.ts';
import { isOlder } from './kubeObject.ts';
import { lastingTaints, type TaintRules } from './lastingTaints.ts';
import type { SeenNode } from './nodes.ts';
import type { DelayChange, WaitingPod } from './podDelay.ts';
import { isBusy, jobsAmong, type RoleOf, type SeenPod, seenPod } from './pods.ts';
import { type ClusterChange, changes } from './watch/changes.ts';
import { doubtsOfNodes } from './watch/findNode.ts';
import { listAll } from './watch/listing.ts';
import { type ReflectionLimits, reflect } from './watch/reflector.ts';
import type { ClusterLook } from './workload/countJobs.ts';
import { plainNode, plainPod, watchedNode, watchedPod } from './workload/watched.ts';

export type { SeenNode } from './nodes.ts';
export type { ClusterChange } from './watch/changes.ts';

/** The cluster as it is seen, and what the keeper does to it. */
export interface Cluster {
  /** Resolves when nodes and pods were both listed once; rejects if the cluster is closed before. */
  readonly synced: () => Promise<void>;
  /** Whether what is seen may be trusted: both lists are whole, and the server was heard of lately. */
  readonly fresh: () => boolean;
  /** The node of an instance; undefined for none that is known, which proves nothing while not `fresh`. */
  readonly nodeOf: (instanceId: string) => SeenNode | undefined;
  readonly nodes: () => readonly SeenNode[];
  /** The jobs on a node, each as the uid of its pod; undefined while nobody can tell. Good for showing, never for ending a node. */
  readonly jobsOn: (nodeName: string) => readonly string[] | undefined;
  /** Why it cannot be said that an instance that started then has no node, by lists taken now; undefined if it has none. */
  readonly doubtOfNode: (instanceId: string, startedAt: Instant) => Promise<string | undefined>;
  /** The jobs on a node with when they began, and those that ended and whose pods are still there; undefined while nobody can tell. */
  readonly jobsSeenOn: (nodeName: string) => readonly JobSeen[] | undefined;
  /** Nodes, pods on nodes, and jobs that wait for one, as they are now; undefined while nobody can tell. */
  readonly look: () => ClusterLook | undefined;
  /** Closes a node and marks it as ours. */
  readonly cordon: (node: NodeOfInstance, mark: CordonMark) => Promise<KubeAnswer<{ readonly ackAt: Instant }>>;
  /** Opens a node that we closed; one that others closed stays closed. */
  readonly uncordon: (node: NodeOfInstance) => Promise<KubeAnswer<undefined>>;
  readonly label: (node: NodeOfInstance, labels: Readonly<Record<string, string>>) => Promise<KubeAnswer<undefined>>;
  /** Lets only pods on a node that tolerate the taint of its pool. */
  readonly route: (node: NodeOfInstance, pool: string) => Promise<KubeAnswer<undefined>>;
  /** Asks pods to avoid a node, or no longer. */
  readonly discourage: (node: NodeOfInstance, discouraged: boolean) => Promise<KubeAnswer<undefined>>;
  /** Writes on a waiting pod how long it is held, or that it is no more. */
  readonly hold: (pod: WaitingPod, change: DelayChange) => Promise<KubeAnswer<undefined>>;
  /** Lists the pods on a node that matter to a drain, consistently; `takenAt` is an instant before the list was asked for. */
  readonly listJobs: (node: NodeOfInstance) => Promise<KubeAnswer<JobList>>;
  /** The other pods on a node that are to leave it, as the watch shows them: good for knowing when to list. */
  readonly leavingFrom: (node: NodeOfInstance) => readonly SeenPod[];
  /** Asks one pod to leave, within its disruption budget and grace. Throws for a pod that may not be asked, such as a job. */
  readonly evict: (pod: SeenPod) => Promise<KubeAnswer<undefined>>;
  /**
   * Tells a listener of every change from now on; answers how to stop that. One that listens in the same turn in which
   * the cluster was opened hears of everything that exists.
   */
  readonly onChange: (listener: (change: ClusterChange) => void) => () => void;
  /** How many events the watches have told of: a count that stands still in a busy cluster means trouble. */
  readonly watchEventsSeen: () => number;
  /** Resolves when everything has ended, after the signal. */
  readonly closed: Promise<void>;
}

/**
 * A node by its name and the instance that must be under it. A name alone says nothing: addresses, and the names that are made of
 * them, are given to other instances as soon as one has ended.
 */
export interface NodeOfInstance {
  readonly name: string;
  readonly instanceId: string;
}

export interface JobList {
  readonly takenAt: Instant;
  /** By uid. */
  readonly jobs: readonly string[];
  /** Other pods that are to leave before the node's instance ends; empty with `otherPods: leave`. */
  readonly leaving: readonly SeenPod[];
}

export interface ClusterSetup extends Partial<PodRules>, Partial<TaintRules> {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Which pods are jobs. */
  readonly jobs: readonly JobPattern[];
  readonly otherPods: 'evict' | 'leave';
  /** Whether jobs are counted: `look` shows jobs that wait, what pods need and what nodes have only then. */
  readonly countsJobs?: boolean;
  /** Closes the cluster. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<ReflectionLimits>;
}

/** Begins to watch nodes and pods. Throws for a job pattern that cannot be read. */
export function openCluster(setup: ClusterSetup): Cluster {
  const { kube, clock, telemetry, otherPods, countsJobs = false, signal, limits = {} } = setup;
  const [prunedNode, prunedPod] = countsJobs ? [watchedNode, watchedPod] : [plainNode, plainPod];
  const rules = podRoles(podRules(setup));
  const taints = lastingTaints({ startUpTaints: setup.startUpTaints ?? [], nodeTaints: setup.nodeTaints ?? [] });
  const roleOf: RoleOf = (pod) => {
    const role = rules(pod);
    if (isWork(role)) taints.tolerated(pod.tolerates);
    return role;
  };
  const listeners = new Set<(change: ClusterChange) => void>();
  const now = (): Instant => clock.now();
  const tell = (change: ClusterChange): void => {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        telemetry.noted('error', 'a listener to the cluster failed', { change: change.type, why: String(error) });
      }
    }
  };
  const seen = changes(now, tell);
  const shared = { kube, clock, signal, telemetry, limits };
  const nodes = reflect(
    { ...shared, resource: 'nodes', path: '/api/v1/nodes', prune: prunedNode },
    {
      listed: () => undefined,
      changed: (node, before) => {
        if (before === undefined) taints.found(node);
        seen.nodeChanged(node, before);
      },
      removed: seen.nodeRemoved,
    },
  );
  const pods = reflect(
    { ...shared, resource: 'pods', path: PODS, prune: (object) => prunedPod(object, roleOf) },
    {
      listed: seen.review,
      changed: ({ bound, waits }, before) => {
        if (bound !== undefined) seen.podChanged(bound);
        // It came to wait, waits no longer, or is held otherwise.
        if (
          waits?.delay.value !== before?.waits?.delay.value ||
          (waits === undefined) !== (before?.waits === undefined)
        )
          tell({ type: 'pods.waiting' });
      },
      removed: ({ bound }) => {
        if (bound === undefined) tell({ type: 'pods.waiting' });
        else seen.podRemoved(bound);
      },
    },
  );
  const fresh = (): boolean => nodes.fresh() && pods.fresh();

  const { wrote } = nodes;

  /** A name is only as good as the node that was last seen under it. */
  async function withNode<Value>(
    { name, instanceId }: NodeOfInstance,
    act: (identity: NodeIdentity) => Promise<KubeAnswer<Value>>,
  ): Promise<KubeAnswer<Value>> {
    const node = seen.named(name);
    if (node === undefined) return failed('not-found', `no node ${name} was seen`);
    if (node.instanceId !== instanceId)
      return failed('conflict', `${name} is the node of ${node.instanceId ?? 'no instance that is known'}`);
    return act({ seen: node, instanceId });
  }

  async function podsListedOn(nodeName: string): Promise<KubeAnswer<readonly SeenPod[]>> {
    const before = pods.version();
    const list = await listAll(kube, {
      resource: 'pods',
      path: PODS,
      fieldSelector: `spec.nodeName=${nodeName}`,
      keep: (object) => seenPod(object, roleOf),
      signal,
    });
    if (list.kind === 'failed') return list;
    if (before !== undefined && isOlder(list.value.resourceVersion, before) === true)
      return failed('malformed', 'a list of pods older than what was already seen');
    const there = list.value.items.filter((pod) => pod?.node === nodeName);
    return { kind: 'ok', value: there.filter((pod) => pod !== undefined) };
  }

  /** The names under which a node's instance is known: an instance that came back under another name may run pods of both. */
  function namesOf(nodeName: string): readonly string[] {
    const node = seen.named(nodeName);
    return node === undefined ? [nodeName] : seen.nodes.besides(node).map(({ name }) => name);
  }

  const doubtOfNode = doubtsOfNodes({ kube, clock, signal, roleOf });

  async function listJobs(node: NodeOfInstance): Promise<KubeAnswer<JobList>> {
    const takenAt = now();
    const jobs: string[] = [];
    const leaving: SeenPod[] = [];
    for (const name of namesOf(node.name)) {
      const list = await podsListedOn(name);
      if (list.kind === 'failed') return list;
      jobs.push(...busyOn(list.value, takenAt));
      if (!isOfAnother(node)) leaving.push(...leavingAmong(list.value));
    }
    return { kind: 'ok', value: { takenAt, jobs, leaving } };
  }

  /** Whether the name is known to be that of another instance's node by now: its jobs may not be ours, and its pods are not ours to move. */
  function isOfAnother({ name, instanceId }: NodeOfInstance): boolean {
    const node = seen.named(name);
    return node !== undefined && node.instanceId !== instanceId;
  }

  const leavingAmong = (there: readonly SeenPod[]): readonly SeenPod[] =>
    otherPods === 'leave' ? [] : there.filter((pod) => isToLeave(pod, now()));

  return {
    synced: async () => {
      await Promise.all([nodes.synced(), pods.synced()]);
    },
    fresh,
    nodeOf: (instanceId) => {
      const node = seen.nodes.of(instanceId);
      return node === undefined ? undefined : taints.judged(node);
    },
    nodes: nodes.items,
    look: () => (fresh() ? { takenAt: now(), nodes: nodes.items(), pods: pods.items() } : undefined),
    jobsOn: (nodeName) => (fresh() ? busyOn(namesOf(nodeName).flatMap(seen.podsOn), now()) : undefined),
    doubtOfNode,
    jobsSeenOn: (nodeName) => (fresh() ? jobsAmong(namesOf(nodeName).flatMap(seen.podsOn), now()) : undefined),
    cordon: (node, mark) => withNode(node, (identity) => cordonNode({ kube, clock, wrote }, identity, mark)),
    uncordon: (node) => withNode(node, (identity) => uncordonNode({ kube, wrote }, identity)),
    label: (node, labels) => withNode(node, (identity) => labelNode({ kube, wrote }, identity, labels)),
    route: (node, pool) => withNode(node, (identity) => routeNode({ kube, wrote }, identity, pool)),
    discourage: (node, discouraged) =>
      withNode(node, (identity) => discourageNode({ kube, wrote }, identity, discouraged)),
    hold: (pod, change) => holdPod({ kube, wrote: pods.wrote }, pod, change),
    listJobs,
    leavingFrom: (node) => (isOfAnother(node) ? [] : leavingAmong(namesOf(node.name).flatMap(seen.podsOn))),
    evict: (pod) => evictPod(kube, pod),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchEventsSeen: () => nodes.watchEventsSeen() + pods.watchEventsSeen(),
    closed: Promise.all([nodes.stopped, pods.stopped]).then(() => undefined),
  };
}

const PODS = '/api/v1/pods';

const busyOn = (pods: readonly SeenPod[], now: Instant): readonly string[] =>
  pods.filter((pod) => isBusy(pod, now)).map(({ uid }) => uid);

const failed = (kind: KubeFailure['class'], message: string): KubeFailure => ({ kind: 'failed', class: kind, message });
