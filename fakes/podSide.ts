import { createHash } from 'node:crypto';
import type { PodEvents } from '../sim/cluster/cluster.ts';
import type { Job } from '../sim/cluster/job.ts';
import type { ClusterSettings, Scenario } from '../sim/scenario/scenario.ts';
import { after, type Instant, isoOf, seconds } from '../src/domain/time.ts';
import type { Account } from './aws/account.ts';
import { GROUP_TAG } from './aws/groupOut.ts';
import { objectAt, textAt } from './kubernetes/json.ts';
import type { Store } from './kubernetes/store.ts';
import { allocatableOf, podNameOf, RUNNER_NAMESPACE } from './simulatedPods.ts';

/** A pod younger than this gets no node bought (Cluster Autoscaler, static_autoscaler.go, filterOutYoungPods; since 1.26). */
const DELAY = 'cluster-autoscaler.kubernetes.io/pod-scale-up-delay';

/** What nodes of the group bear and blocks do not, for jobs that must not run on blocks. */
const ON_DEMAND = 'simulated.spot-keeper.io/on-demand';

/** The pods of jobs from the moment in which they wait, and the nodes of the group: what a keeper sees that follows jobs. */
export interface PodSide {
  /** What the simulated world tells of its pods. */
  readonly events: PodEvents;
  /** Shows what has happened by now; what happens on a node that is not there yet is shown once it is. */
  show(): void;
}

interface World {
  delayPod(job: Job, heldUntil: Instant | undefined): void;
}

/** Lets the store show pods and nodes of the group, and the simulated world the delays that pods get. */
export function podSide(
  { cluster, onDemandGroup }: Scenario,
  store: Store,
  world: () => World,
  poke: () => void,
): PodSide {
  const told: (() => boolean)[] = [];
  const jobs = new Map<string, Job>();
  const nameOf = (job: Job): string => podNameOf(job.job, job.killed + 1);

  store.onChange(({ resource, object, type }) => {
    if (resource !== 'pods' || type === 'DELETED') return;
    const job = jobs.get(object.metadata.name);
    if (job?.waitingSince !== undefined)
      world().delayPod(job, heldUntil(textAt(object, 'metadata', 'annotations', DELAY), job));
  });

  return {
    events: {
      waits: (job) => {
        const name = nameOf(job);
        const since = job.waitingSince ?? 0;
        tell(() => {
          jobs.set(name, job);
          store.put('pods', waitingPod(job, name, since));
          return true;
        });
      },
      runs: (job, node) => {
        const name = nameOf(job);
        const at = job.runningSince ?? 0;
        tell(() => {
          if (store.get('nodes', node.name) === undefined) return false;
          runs(name, node.name, at);
          return true;
        });
      },
      ended: (job, how) => {
        const name = nameOf(job);
        tell(() => {
          jobs.delete(name);
          if (how === 'killed') store.remove('pods', name, RUNNER_NAMESPACE);
          else finish(name, job.finishedAt ?? 0);
          return true;
        });
      },
      groupNode: ({ name }, is) => {
        tell(() => {
          if (is === 'gone') store.remove('nodes', name);
          else store.put('nodes', readyNode(name, cluster, onDemandGroup.instanceType));
          return true;
        });
      },
    },
    show() {
      const waiting = told.splice(0);
      for (const [place, tellNow] of waiting.entries())
        if (!tellNow()) {
          // What is told of a pod is told in order.
          told.unshift(...waiting.slice(place));
          return;
        }
    },
  };

  function tell(show: () => boolean): void {
    told.push(show);
    poke();
  }

  /** What is beyond the delay that every pod is created with is a hold. */
  function heldUntil(delay: string | undefined, { waitingSince = 0 }: Job): Instant | undefined {
    const [, count] = /^(\d+)s$/.exec(delay ?? '') ?? [];
    if (count === undefined || seconds(Number(count)) <= cluster.holds.constantMs) return undefined;
    return after(waitingSince, seconds(Number(count)));
  }

  function waitingPod(job: Job, name: string, since: Instant) {
    return {
      metadata: {
        name,
        namespace: RUNNER_NAMESPACE,
        creationTimestamp: isoOf(since),
        labels: { 'job.runner.gitlab.com/pod': name },
        annotations: {
          'spot-keeper.io/simulated-job': job.job,
          ...(cluster.holds.constantMs === 0 ? {} : { [DELAY]: `${cluster.holds.constantMs / 1_000}s` }),
        },
      },
      spec: {
        ...(job.kind.onBlocks ? {} : { nodeSelector: { [ON_DEMAND]: 'true' } }),
        restartPolicy: 'Never',
        containers: [{ name: 'build', image: 'ci', resources: { requests: requestsOf(job) } }],
      },
      status: {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: isoOf(since) },
        ],
      },
    };
  }

  /** Slots are processors here: one for a job. */
  function requestsOf({ kind: { requests } }: Job): Readonly<Record<string, string>> {
    const [cpu = 0, memory = 0] = requests;
    return cluster.allocatable === undefined ? { cpu: `${cpu}` } : { cpu: `${cpu}m`, memory: `${memory}Mi` };
  }

  function runs(name: string, node: string, at: Instant): void {
    const pod = store.get('pods', name, RUNNER_NAMESPACE);
    if (pod === undefined) return;
    store.put('pods', {
      ...pod,
      spec: { ...objectAt(pod, 'spec'), nodeName: node },
      status: {
        phase: 'Running',
        startTime: isoOf(at),
        conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: isoOf(at) }],
      },
    });
  }

  function finish(name: string, at: Instant): void {
    const pod = store.get('pods', name, RUNNER_NAMESPACE);
    if (pod === undefined) return;
    const startedAt = textAt(pod, 'status', 'startTime') ?? isoOf(at);
    const terminated = { exitCode: 0, finishedAt: isoOf(at), startedAt };
    store.put('pods', {
      ...pod,
      status: {
        ...objectAt(pod, 'status'),
        phase: 'Succeeded',
        containerStatuses: [{ name: 'build', state: { terminated } }],
      },
    });
  }
}

/** An instance of each template group whose node takes no pods: what blocks will be like is known from it from the start. */
export function showTemplateNodes({ pools, onDemandGroup, cluster }: Scenario, account: Account, store: Store): void {
  const [subnet] = account.subnets.all();
  if (subnet === undefined) return;
  for (const group of new Set(pools.pools.map(({ template }) => template.autoScalingGroup))) {
    const { instanceId, zone } = account.addInstance({
      subnetId: subnet.subnetId,
      instanceType: onDemandGroup.instanceType,
      state: 'running',
      tags: { [GROUP_TAG]: group },
    });
    store.put('nodes', {
      ...readyNode(`template-${group}`, cluster, onDemandGroup.instanceType),
      spec: {
        providerID: `aws:///${zone}/${instanceId}`,
        unschedulable: true,
        taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
      },
    });
  }
}

const ANY_ZONE = 'eu-central-1a';

const readyNode = (name: string, cluster: ClusterSettings, instanceType: string) => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name, [ON_DEMAND]: 'true' } },
  // Of an instance that the account does not show: whose it is, nobody asks.
  spec: { providerID: `aws:///${ANY_ZONE}/i-${createHash('sha256').update(name).digest('hex').slice(0, 17)}` },
  status: { allocatable: allocatableOf(cluster, instanceType), conditions: [{ type: 'Ready', status: 'True' }] },
});
