import { createHash } from 'node:crypto';
import type { Fact } from '../src/domain/facts.ts';
import { after, type Instant, isoOf, minutes } from '../src/domain/time.ts';
import type { World } from '../src/world/world.ts';
import type { Account } from './aws/account.ts';
import { objectAt, textAt } from './kubernetes/json.ts';
import type { Store } from './kubernetes/store.ts';

/** The cluster's part of a world on the wire. */
export interface ClusterSide {
  /** What happened shows in the cluster. */
  show(fact: Fact, account: Account): void;
}

/** Where the simulated jobs run. */
const NAMESPACE = 'ci';

/** How long a finished job's pod stays to be looked at, as CI systems leave it. */
const KEPT_MS = minutes(5);

/** Lets nodes and pods of the store show the facts of the simulated world, and cordons of the store happen in it. */
export function clusterSide(world: World, store: Store): ClusterSide {
  const nodeOf = new Map<string, string>();
  const blockOf = new Map<string, string>();
  /** The pod of a job's last start: a job that was killed starts again in another. */
  const podOfJob = new Map<string, string>();
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
        store.remove('pods', finished.shift()?.pod ?? '', NAMESPACE);
      switch (fact.type) {
        case 'capacity.granted':
          // A node is found by its instance id, which the account knows by then.
          nodeOf.set(fact.blockId, `node-${fact.lease.instanceId}`);
          return;
        case 'node.ready':
          join(fact, account);
          return;
        case 'job.started':
          store.put('pods', podOf(fact.job, fact.blockId, fact.at));
          return;
        case 'job.finished':
          finish(fact.job, fact.at);
          return;
        case 'instance.gone':
          leave(fact.blockId);
          return;
        // Nothing of these shows in a cluster, or the store was told it by whoever did it.
        case 'clock.reached':
        case 'inventory.taken':
        case 'offers.quoted':
        case 'capacity.refused':
        case 'instance.interrupted':
        case 'instance.atRisk':
        case 'node.unready':
        case 'node.cordoned':
        case 'node.uncordoned':
        case 'node.emptied':
        case 'template.changed':
        case 'effect.failed':
        case 'effect.untried':
        case 'offers.unknown':
          return;
      }
    },
  };

  function join({ blockId, node, at }: Extract<Fact, { readonly type: 'node.ready' }>, account: Account): void {
    const instanceId = node.replace(/^node-/, '');
    const instance = account.instances.get(instanceId);
    if (instance === undefined || store.get('nodes', node) !== undefined) return;
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

  function podOf(job: string, blockId: string, at: Instant) {
    starts += 1;
    const name = podNameOf(job, starts);
    podOfJob.set(job, name);
    return {
      metadata: {
        name,
        namespace: NAMESPACE,
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

  function finish(job: string, at: Instant): void {
    const name = podOfJob.get(job) ?? '';
    podOfJob.delete(job);
    const pod = store.get('pods', name, NAMESPACE);
    if (pod === undefined) return;
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
    blockOf.delete(node);
    store.remove('nodes', node);
    for (const pod of store.list('pods'))
      if (textAt(pod, 'spec', 'nodeName') === node) store.remove('pods', pod.metadata.name, NAMESPACE);
  }
}

/** A pod's name is a DNS label, which a recorded job's need not be. */
const podNameOf = (job: string, start: number): string =>
  `job-${createHash('sha256').update(`${job} ${start}`).digest('hex').slice(0, 16)}`;
