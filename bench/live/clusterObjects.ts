import type { NewObject } from '../../fakes/kubernetes/objects.ts';
import { type Instant, isoOf } from '../../src/domain/time.ts';

/** Nodes name at most so many of their images (Kubernetes documentation, nodeStatusMaxImages). */
const IMAGES = 50;

/** How many of five pods on a node are what: the usual agents, something that a controller keeps, and a job. */
const KINDS = ['agent', 'agent', 'agent', 'service', 'job'] as const;

/** A Node as an EKS cluster has them: most of it is of no interest to the keeper, and comes along all the same. */
export function nodeObject({
  name,
  instanceId,
  instanceType,
  zone,
  at,
}: {
  readonly name: string;
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly at: Instant;
}) {
  const time = isoOf(at);
  const condition = (type: string, status: string, reason: string) => ({
    ...{ type, status, reason, message: `kubelet says: ${reason}`, lastHeartbeatTime: time, lastTransitionTime: time },
  });
  return {
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'eks.amazonaws.com/capacityType': 'SPOT',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': instanceType,
        'topology.kubernetes.io/region': zone.slice(0, -1),
        'topology.kubernetes.io/zone': zone,
      },
      annotations: {
        'csi.volume.kubernetes.io/nodeid': `{"ebs.csi.aws.com":"${instanceId}"}`,
        'node.alpha.kubernetes.io/ttl': '0',
      },
      managedFields: managedFields(40, time),
    },
    spec: { providerID: `aws:///${zone}/${instanceId}` },
    status: {
      addresses: [{ type: 'Hostname', address: name }],
      capacity: { cpu: '8', memory: '32Gi', pods: '58' },
      allocatable: { cpu: '7910m', memory: '31Gi', pods: '58' },
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
        condition('Ready', 'True', 'KubeletReady'),
      ],
      images: Array.from({ length: IMAGES }, (_, index) => ({
        names: [
          `registry.example/ci/image-${index}@sha256:${hexOf(index, 64)}`,
          `registry.example/ci/image-${index}:1`,
        ],
        sizeBytes: 100_000_000 + index,
      })),
      nodeInfo: { kubeletVersion: 'v1.33.5', architecture: 'amd64', operatingSystem: 'linux' },
    },
  } satisfies NewObject;
}

/** The pod of that index: on each node the same mixture. */
export function podObject({
  index,
  node,
  at,
}: {
  readonly index: number;
  readonly node: string;
  readonly at: Instant;
}): NewObject {
  const kind = KINDS[index % KINDS.length] ?? 'job';
  const time = isoOf(at);
  const owner = { agent: 'DaemonSet', service: 'ReplicaSet', job: 'Job' }[kind];
  return {
    metadata: {
      name: `${kind}-${index}`,
      namespace: kind === 'job' ? 'ci' : 'kube-system',
      labels: { app: kind, 'pod-template-hash': hexOf(index, 10) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: kind, uid: hexOf(index, 36), controller: true }],
      managedFields: managedFields(40, time),
    },
    spec: {
      nodeName: node,
      restartPolicy: kind === 'job' ? 'Never' : 'Always',
      containers: ['main', 'sidecar'].map((name) => ({
        ...{ name, image: `registry.example/ci/${kind}@sha256:${hexOf(index, 64)}` },
        env: Array.from({ length: 20 }, (_, count) => ({ name: `SETTING_${count}`, value: hexOf(count, 32) })),
        resources: { requests: { cpu: '500m', memory: '1Gi' } },
      })),
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
    },
    status: {
      phase: 'Running',
      startTime: time,
      containerStatuses: ['main', 'sidecar'].map((name) => ({
        ...{ name, ready: true, restartCount: 0, containerID: `containerd://${hexOf(index, 64)}` },
        state: { running: { startedAt: time } },
      })),
    },
  };
}

const hexOf = (seed: number, length: number): string => (seed + 1).toString(16).padStart(length, '0');

/** Who wrote which field: commonly the largest part of an object. */
const managedFields = (fields: number, time: string) => [
  {
    ...{ manager: 'kubelet', operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1' },
    fieldsV1: {
      'f:status': Object.fromEntries(Array.from({ length: fields }, (_, index) => [`f:field${index}`, { '.': {} }])),
    },
  },
];
