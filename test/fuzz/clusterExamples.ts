import { textOf } from '../../src/live/kubernetes/ledger/ledgerObject.ts';

const AT = Date.parse('2026-03-02T08:00:00Z');

const born = (name: string, version: number) => ({
  ...{ name, uid: `uid-${name}`, resourceVersion: String(version), creationTimestamp: '2026-03-02T08:00:00Z' },
});

const node = (version: number, ready: boolean) => ({
  ...{ kind: 'Node', apiVersion: 'v1' },
  metadata: {
    ...born('ip-10-0-0-1', version),
    labels: { 'topology.kubernetes.io/zone': 'eu-central-1a', 'spot-keeper.io/pool': 'ci' },
    annotations: { 'spot-keeper.io/hold': 'false' },
  },
  spec: {
    providerID: 'aws:///eu-central-1a/i-0a',
    unschedulable: true,
    taints: [{ key: 'spot-keeper.io/draining', value: '1772438400', effect: 'NoSchedule' }],
  },
  status: {
    allocatable: { cpu: '3920m', memory: '14Gi', pods: '58' },
    conditions: [
      { type: 'Ready', status: ready ? 'True' : 'Unknown', lastTransitionTime: '2026-03-02T08:01:00Z' },
      { type: 'MemoryPressure', status: 'False' },
    ],
  },
});

const pod = (version: number, phase: string) => ({
  ...{ kind: 'Pod', apiVersion: 'v1' },
  metadata: {
    ...{ ...born('build-1', version), namespace: 'ci', labels: { 'job-name': 'build' } },
    annotations: { 'cluster-autoscaler.kubernetes.io/pod-scale-up-delay': '10s' },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'build', controller: true }],
  },
  spec: {
    ...(phase === 'Pending' ? {} : { nodeName: 'ip-10-0-0-1' }),
    restartPolicy: 'Never',
    nodeSelector: { 'spot-keeper.io/pool': 'ci' },
    tolerations: [{ key: 'ci', operator: 'Exists', effect: 'NoSchedule' }],
    containers: [
      { name: 'build', image: 'a:1', args: ['make'], resources: { requests: { cpu: '500m', memory: '1Gi' } } },
    ],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }] }],
        },
      },
    },
  },
  status: {
    ...{ phase, startTime: '2026-03-02T08:02:00Z' },
    containerStatuses:
      phase === 'Succeeded'
        ? [{ name: 'build', state: { terminated: { finishedAt: '2026-03-02T08:09:00Z', exitCode: 0 } } }]
        : [],
  },
});

const lines = (...events: readonly (readonly [type: string, object: object])[]): string =>
  `${events.map(([type, object]) => JSON.stringify({ type, object })).join('\n')}\n`;

const bookmark = (kind: string, version: number) =>
  ['BOOKMARK', { kind, apiVersion: 'v1', metadata: { resourceVersion: String(version) } }] as const;
const gone = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410, message: 'too old' };

const configMap = (data: object): string =>
  JSON.stringify({
    ...{ kind: 'ConfigMap', apiVersion: 'v1' },
    metadata: { ...born('spot-keeper-ci', 7), namespace: 'spot-keeper' },
    data,
  });

const ledger = textOf('ci', {
  writer: { identity: 'keeper-0', term: 3, opening: 'a-b' },
  write: 12,
  state: {
    generations: { 'ci-0': 4, 'ci-1': 1 },
    launches: { 'ci-0.4.1': { kind: 'run-instances', offer: { instanceType: 'm5.large', usdPerHour: 0.1 } } },
    terminations: { 'i-0a': { blockId: 'ci-1.1', at: AT } },
    launchedAt: [AT, AT + 60_000],
  },
});

/** What an API server says, as it goes over the wire. */
export const CLUSTER_EXAMPLES = {
  nodes: [
    lines(['ADDED', node(8, true)], ['MODIFIED', node(9, false)], bookmark('Node', 12), ['DELETED', node(13, false)]),
    lines(['MODIFIED', node(8, false)], ['ERROR', gone]),
  ],
  pods: [
    lines(['ADDED', pod(8, 'Pending')], ['MODIFIED', pod(9, 'Running')], bookmark('Pod', 11), [
      'MODIFIED',
      pod(12, 'Succeeded'),
    ]),
    lines(['ADDED', pod(8, 'Running')], ['DELETED', pod(9, 'Running')], bookmark('Pod', 20)),
  ],
  lists: [
    JSON.stringify({
      ...{ kind: 'PodList', apiVersion: 'v1' },
      metadata: { resourceVersion: '12', continue: '' },
      items: [
        pod(8, 'Running'),
        { ...pod(9, 'Pending'), metadata: { ...pod(9, 'Pending').metadata, name: 'build-2' } },
      ],
    }),
  ],
  ledgers: [configMap({ 'ledger.json': ledger, 'observations.json': '{}' })],
  leases: [
    JSON.stringify({
      ...{ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1' },
      metadata: { ...born('spot-keeper-ci', 7), namespace: 'spot-keeper' },
      spec: {
        ...{ holderIdentity: 'keeper-0', leaseDurationSeconds: 15, leaseTransitions: 3 },
        ...{ acquireTime: '2026-03-02T08:00:00.000000Z', renewTime: '2026-03-02T08:10:00.000000Z' },
      },
    }),
  ],
} as const;
