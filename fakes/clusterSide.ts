import type { ClusterSettings } from '../sim/scenario/scenario.ts';
import type { Fact, JobSeen } from '../src/domain/facts.ts';
import { after, type Instant, isoOf, minutes } from '../src/domain/time.ts';
import type { World } from '../src/world/world.ts';
import type { Account } from './aws/account.ts';
import { objectAt, textAt } from './kubernetes/json.ts';
import type { Store } from './kubernetes/store.ts';
import { allocatableOf, podNameOf, RUNNER_NAMESPACE } from './simulatedPods.ts';

/** The cluster's part of a world on the wire. */
export interface ClusterSide {
  /** What happened shows in the cluster. */
  show(fact: Fact, account: Account): void;
}

/** How long a finished job's pod stays to be looked at, as CI systems leave it. */
const KEPT_MS = minutes(5);

/**
 * Lets nodes and pods of the store show the facts of the simulated world, and cordons of the store happen in it. Without
 * `showsJobs` the pods are shown by another.
 */
export function clusterSide(
  world: World,
  store: Store,
  { cluster, showsJobs }: { readonly cluster: ClusterSettings; readonly showsJobs: boolean },
): ClusterSide {
  const nodeOf = new Map<string, string>();
  const blockOf = new Map<string, string>();
  const joined = new Set<string>();
  /** The pods of each block's jobs: a job that was killed starts again in another pod, on another block. */
  const podsOfBlock = new Map<string, Map<string, string>>();
  let starts = 0;
  const finished: { readonly pod: string; readonly removeAt: Instant }[] = [];

  store.onChange(({ resource, object, before, type }) => {
    if (resource !== 'nodes' || type === 'DELETED' || before === undefined) return;
    const node = object.metadata.name;
    const blockId = blockOf.get(node);
    const is = objectAt(object, 'spec')['unschedulable'] === true;
    const was = objectAt(before, 'spec')['unschedulable'] === true;
    if (blockId === undefined || is === was) return;
    world.perform([{ type: is ? 'cordonNode' : 'uncordonNode', blockId, node }]);
  });

  return {
    show(fact, account) {
      while ((finished[0]?.removeAt ?? Number.POSITIVE_INFINITY) <= fact.at)
        store.remove('pods', finished.shift()?.pod ?? '', RUNNER_NAMESPACE);
      switch (fact.type) {
        case 'capacity.granted':
          // A node is found by its instance id, which the account knows by then.
          nodeOf.set(fact.blockId, `node-${fact.lease.instanceId}`);
          return;
        case 'node.seen':
          if (fact.node === null) return;
          join(fact.blockId, fact.node.name, fact.takenAt, account);
          // Not after its end: a level may be told late.
          if (showsJobs && blockOf.has(fact.node.name))
            for (const job of fact.node.jobs ?? []) showJob(fact.blockId, job);
          return;
        case 'instance.gone':
          leave(fact.blockId);
          return;
        // Nothing of the others shows in a cluster.
        default:
          return;
      }
    },
  };

  /** A cordon was told to the store before it happened: only what runs there is news to it. */
  function showJob(blockId: string, { id, startedAt, endedAt }: JobSeen): void {
    const shown = podsOfBlock.get(blockId) ?? new Map<string, string>();
    podsOfBlock.set(blockId, shown);
    const pod = shown.get(id);
    if (endedAt !== undefined) {
      if (pod !== undefined) finish(pod, endedAt);
      return;
    }
    if (pod !== undefined) return;
    starts += 1;
    const name = podNameOf(id, starts);
    shown.set(id, name);
    store.put('pods', podOf(id, name, blockId, startedAt));
  }

  function join(blockId: string, node: string, at: Instant, account: Account): void {
    const instanceId = node.replace(/^node-/, '');
    const instance = account.instances.get(instanceId);
    // Once: a level is told again and again, and what is deleted here stays deleted.
    if (instance === undefined || joined.has(node)) return;
    joined.add(node);
    nodeOf.set(blockId, node);
    blockOf.set(node, blockId);
    store.put('nodes', {
      metadata: {
        name: node,
        labels: {
          'kubernetes.io/hostname': node,
          'node.kubernetes.io/instance-type': instance.instanceType,
          'topology.kubernetes.io/zone': instance.zone,
        },
      },
      spec: { providerID: `aws:///${instance.zone}/${instanceId}` },
      status: {
        ...(showsJobs ? {} : { allocatable: allocatableOf(cluster, instance.instanceType) }),
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'KubeletReady',
            lastHeartbeatTime: isoOf(at),
            lastTransitionTime: isoOf(at),
          },
        ],
      },
    });
  }

  function podOf(job: string, name: string, blockId: string, at: Instant) {
    return {
      metadata: {
        name,
        namespace: RUNNER_NAMESPACE,
        labels: { 'job.runner.gitlab.com/pod': name },
        annotations: { 'spot-keeper.io/simulated-job': job },
      },
      spec: {
        nodeName: nodeOf.get(blockId) ?? '',
        restartPolicy: 'Never',
        containers: [{ name: 'build', image: 'ci' }],
      },
      status: { phase: 'Running', startTime: isoOf(at) },
    };
  }

  function finish(name: string, at: Instant): void {
    const pod = store.get('pods', name, RUNNER_NAMESPACE);
    if (pod === undefined || textAt(pod, 'status', 'phase') === 'Succeeded') return;
    store.put('pods', {
      ...pod,
      status: {
        ...objectAt(pod, 'status'),
        phase: 'Succeeded',
        containerStatuses: [
          {
            name: 'build',
            state: {
              terminated: {
                exitCode: 0,
                finishedAt: isoOf(at),
                startedAt: textAt(pod, 'status', 'startTime') ?? isoOf(at),
              },
            },
          },
        ],
      },
    });
    finished.push({ pod: name, removeAt: after(at, KEPT_MS) });
  }

  /** What the cloud controller manager does for a node whose instance is gone, and its garbage collector for the pods. */
  function leave(blockId: string): void {
    const node = nodeOf.get(blockId);
    if (node === undefined) return;
    nodeOf.delete(blockId);
    podsOfBlock.delete(blockId);
    blockOf.delete(node);
    store.remove('nodes', node);
    for (const pod of store.list('pods'))
      if (textAt(pod, 'spec', 'nodeName') === node) store.remove('pods', pod.metadata.name, RUNNER_NAMESPACE);
  }
}
