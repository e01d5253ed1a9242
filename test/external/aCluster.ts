import {
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  V1ConfigMap,
  V1Container,
  V1Namespace,
  V1NamespaceSpec,
  V1Node,
  V1NodeSpec,
  V1ObjectMeta,
  V1OwnerReference,
  V1Pod,
  V1PodSpec,
  V1ServiceAccount,
  V1Toleration,
} from '@kubernetes/client-node';
import { expect, vi } from 'vitest';
import { type Kube, kubeClient } from '../../src/live/kubernetes/kubeClient.ts';
import { silent } from '../../src/live/ports/telemetry.ts';
import { PATIENCE_MS } from '../support/comesTrue.ts';
import { runName, Undo } from './undo.ts';

/** A namespace of a test's own in a real cluster, with nodes without machines and pods without processes. */
export interface ACluster {
  readonly kube: Kube;
  readonly namespace: string;
  /** A Ready node of an instance, which stays so: somebody plays its kubelet. Answers its name. */
  joins(instanceId: string, zone: string): Promise<string>;
  /** A pod that runs on a node: a job, or else one that a controller would make anew. Answers its uid. */
  runs(name: string, node: string, what: 'job' | 'service'): Promise<string>;
  /** A job's pod ends well, and stays to be looked at. */
  succeeds(name: string): Promise<void>;
  node(name: string): Promise<V1Node>;
  pod(name: string): Promise<V1Pod | undefined>;
  close(): Promise<void>;
}

/** How long something may take that another process has to notice. */
export const PATIENT = { timeout: PATIENCE_MS, interval: 200 };

/** Nodes of which nothing is heard for 40 seconds are given up by a cluster's own controllers. */
const HEARTBEAT_MS = 5_000;

/** Makes the namespace. `close` takes away all that was made, the namespace too. */
export async function aCluster(kubeconfig: string): Promise<ACluster> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const kube = kubeClient({ telemetry: silent, config });
  const { core } = kube;
  const namespace = `spot-keeper-${runName()}`;
  const undo = new Undo();
  const nodes = new Set<string>();

  await core.createNamespace({ body: of(V1Namespace, { metadata: of(V1ObjectMeta, { name: namespace }) }) });
  undo.add(`namespace ${namespace}`, () => removeNamespace(kube, namespace));
  const ownerUid = await furnished(kube, namespace).catch(async (error: unknown) => {
    // The trouble is what is told.
    await undo.all().catch(() => undefined);
    throw error;
  });

  // A real timer: the cluster's controllers keep real time.
  const beating = setInterval(() => {
    for (const name of nodes) void beat(kube, name).catch(() => undefined);
  }, HEARTBEAT_MS);

  return {
    kube,
    namespace,
    async joins(instanceId, zone) {
      const name = `${namespace}-${instanceId}`;
      const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone };
      await core.createNode({
        body: of(V1Node, {
          metadata: of(V1ObjectMeta, { name, labels }),
          spec: of(V1NodeSpec, { providerID: `aws:///${zone}/${instanceId}` }),
        }),
      });
      undo.add(`node ${name}`, async () => {
        nodes.delete(name);
        await core.deleteNode({ name }).catch(unless(404));
      });
      await beat(kube, name);
      nodes.add(name);
      await vi.waitFor(() => withoutStartUpTaint(kube, name), PATIENT);
      return name;
    },
    async runs(name, node, what) {
      const body = what === 'job' ? jobPod(name, node) : servicePod(name, node, ownerUid);
      const pod = await core.createNamespacedPod({ namespace, body });
      undo.add(`pod ${name}`, () =>
        // No kubelet will ever say that it has ended.
        core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 }).catch(unless(404)),
      );
      await patchStatus(kube, namespace, name, { phase: 'Running', startTime: new Date().toISOString() });
      return pod.metadata?.uid ?? '';
    },
    succeeds: (name) => patchStatus(kube, namespace, name, { phase: 'Succeeded' }),
    node: (name) => core.readNode({ name }),
    pod: (name) => core.readNamespacedPod({ namespace, name }).catch(unless(404)),
    async close() {
      clearInterval(beating);
      await undo.all();
    },
  };
}

/** What pods need in a namespace. Answers the uid of what stands for their controller. */
async function furnished({ core }: Kube, namespace: string): Promise<string> {
  // Where no controller makes it, no pod could be created.
  await core
    .createNamespacedServiceAccount({
      namespace,
      body: of(V1ServiceAccount, { metadata: of(V1ObjectMeta, { name: 'default' }) }),
    })
    .catch(unless(409));
  const { metadata } = await core.createNamespacedConfigMap({
    namespace,
    body: of(V1ConfigMap, { metadata: of(V1ObjectMeta, { name: 'controller' }) }),
  });
  return metadata?.uid ?? '';
}

const jobPod = (name: string, node: string): V1Pod =>
  of(V1Pod, {
    metadata: of(V1ObjectMeta, { name, labels: { app: name } }),
    spec: of(V1PodSpec, { ...specOn(node), restartPolicy: 'Never' }),
  });

/** Its controller is an object that exists, for a garbage collector would take a pod whose owner does not. */
function servicePod(name: string, node: string, uid: string): V1Pod {
  const owner = of(V1OwnerReference, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'controller',
    uid,
    controller: true,
  });
  return of(V1Pod, {
    metadata: of(V1ObjectMeta, { name, labels: { app: name }, ownerReferences: [owner] }),
    spec: of(V1PodSpec, { ...specOn(node), restartPolicy: 'Always' }),
  });
}

const specOn = (node: string) => ({
  nodeName: node,
  containers: [of(V1Container, { name: 'main', image: 'registry.k8s.io/pause:3.10' })],
  tolerations: [of(V1Toleration, { operator: 'Exists' })],
});

/** An object of the client's classes. */
const of = <Kind extends object>(kind: new () => Kind, fields: Partial<Kind>): Kind =>
  Object.assign(new kind(), fields);

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** What a kubelet says now and then. */
async function beat({ core }: Kube, name: string): Promise<void> {
  const now = new Date().toISOString();
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' };
  const conditions = [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }];
  await core.patchNodeStatus({ name, body: { status: { conditions } } }, MERGE);
}

/** The taint of a node that is not ready is taken off by a controller, and where there is none by us. */
async function withoutStartUpTaint({ core }: Kube, name: string): Promise<void> {
  const node = await core.readNode({ name });
  const taints = node.spec?.taints ?? [];
  const left = taints.filter(({ key }) => !key.startsWith('node.kubernetes.io/not-'));
  if (left.length === taints.length) return;
  const metadata = { resourceVersion: node.metadata?.resourceVersion };
  await core.patchNode({ name, body: { metadata, spec: { taints: left } } }, MERGE);
}

async function patchStatus({ core }: Kube, namespace: string, name: string, status: object): Promise<void> {
  await core.patchNamespacedPodStatus({ namespace, name, body: { status } }, MERGE);
}

/** Deletes what the keeper and its tests write, then the namespace, also where nobody else would empty it. */
async function removeNamespace({ core, coordination, events }: Kube, namespace: string): Promise<void> {
  const names = ({ items }: { readonly items: readonly { readonly metadata?: { readonly name?: string } }[] }) =>
    items.flatMap(({ metadata }) => metadata?.name ?? []);
  for (const name of names(await coordination.listNamespacedLease({ namespace })))
    await coordination.deleteNamespacedLease({ namespace, name }).catch(unless(404));
  for (const name of names(await core.listNamespacedConfigMap({ namespace })))
    await core.deleteNamespacedConfigMap({ namespace, name }).catch(unless(404));
  for (const name of names(await events.listNamespacedEvent({ namespace })))
    await events.deleteNamespacedEvent({ namespace, name }).catch(unless(404));
  await core.deleteNamespacedServiceAccount({ namespace, name: 'default' }).catch(unless(404));
  await core.deleteNamespace({ name: namespace }).catch(unless(404));
  await vi.waitFor(async () => {
    const left = await core.readNamespace({ name: namespace }).catch(unless(404));
    if (left === undefined) return;
    // Without a namespace controller nobody but us says that it is empty.
    const body = Object.assign(left, { spec: of(V1NamespaceSpec, { finalizers: [] }) });
    await core.replaceNamespaceFinalize({ name: namespace, body });
    expect(left.status?.phase).toBe('gone');
  }, PATIENT);
}

/** Answers undefined for a refusal with that code, and rejects for everything else. */
const unless =
  (code: number) =>
  (error: unknown): undefined => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === code) return undefined;
    throw error;
  };
