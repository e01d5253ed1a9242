import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podRoles, podRules } from '../../../src/live/kubernetes/jobs.ts';
import { isOlder, objectIn } from '../../../src/live/kubernetes/kubeObject.ts';
import { instanceIdIn, nodesByInstance, type SeenNode, seenNode } from '../../../src/live/kubernetes/nodes.ts';
import { isBusy, jobsAmong, type SeenPod, seenPod } from '../../../src/live/kubernetes/pods.ts';
import { type ClusterChange, changes } from '../../../src/live/kubernetes/watch/changes.ts';
import { MOST_SKEW_MS } from '../../../src/live/ports/clock.ts';
import { aNode, aPod } from './aCluster.ts';

const T0 = Date.parse('2026-05-11T08:00:00Z');

const born = (object: { metadata: object }, metadata: object = {}) =>
  objectIn({
    ...object,
    metadata: {
      ...{ uid: 'u1', resourceVersion: '7', creationTimestamp: '2026-05-11T08:00:00Z' },
      ...object.metadata,
      ...metadata,
    },
  });

const nodeLike = (options: Parameters<typeof aNode>[1], metadata: object = {}): SeenNode =>
  seenNode(born(aNode('ip-10-0-0-1', options), metadata));

const podLike = (options: Parameters<typeof aPod>[1], metadata: object = {}): SeenPod => {
  const pod = seenPod(born(aPod('build', options), metadata), podRoles(podRules({ jobs: ['run-once'] })));
  if (pod === undefined) throw new Error('bound to no node');
  return pod;
};

describe('a node', () => {
  it.each([
    ['aws:///eu-west-1a/i-0abc', 'i-0abc'],
    ['aws:////i-0abc', 'i-0abc'],
    ['i-0abc', 'i-0abc'],
    ['', undefined],
    ['gce://project/zone/vm', undefined],
    ['aws:///eu-west-1a/fargate-10.0.0.1', undefined],
  ])('with the provider id %j is of the instance %s', (providerId, instanceId) => {
    expect(instanceIdIn(providerId)).toBe(instanceId);
  });

  it.each([
    'node.cloudprovider.kubernetes.io/uninitialized',
    'node.kubernetes.io/not-ready',
    'startup-taint.cluster-autoscaler.kubernetes.io/gpu',
    'ebs.csi.aws.com/agent-not-ready',
  ])('with the taint %s is not ready yet', (key) => {
    expect(nodeLike({ spec: { taints: [{ key, effect: 'NoSchedule' }] } }).ready).toBe(false);
  });

  it('is ready with taints of other kinds, and not when its condition is unknown', () => {
    expect(nodeLike({ spec: { taints: [{ key: 'ci-only', effect: 'NoSchedule' }] } }).ready).toBe(true);
    expect(nodeLike({ ready: false }).ready).toBe(false);
    expect(seenNode(born({ metadata: { name: 'bare' } })).ready).toBe(false);
  });

  it('does not know since when it is not ready where the time cannot be read', () => {
    const unready = (lastTransitionTime: string) => {
      const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime }];
      return seenNode(born(Object.assign(aNode('a'), { status: { conditions } })));
    };
    expect(unready('2026-05-11T08:01:00Z')).toMatchObject({ ready: false, unreadySince: T0 + 60_000 });
    expect(unready('yesterday')).toMatchObject({ ready: false, unreadySince: undefined });
  });

  it('tells our cordon from that of others', () => {
    expect(nodeLike({ spec: { unschedulable: true } })).toMatchObject({ cordoned: true, ours: false });
    const taints = [{ key: 'spot-keeper.io/draining', value: '1778493600', effect: 'NoSchedule' }];
    expect(nodeLike({ spec: { unschedulable: true, taints } })).toMatchObject({
      ...{ cordoned: true, ours: true, drainBy: 1_778_493_600_000 },
    });
    expect(nodeLike({ annotations: { 'spot-keeper.io/draining-since': 'x' } }).ours).toBe(true);
  });

  it.each([null, undefined, 'yesterday'])(
    'that was created %s is a node, and any other of its instance is newer',
    (at) => {
      const old = nodeLike({}, { uid: 'u2', creationTimestamp: at });
      expect(old).toMatchObject({ ready: true, createdAt: undefined });
      const one = nodesByInstance();
      const young = nodeLike({});
      for (const node of [young, old]) one.put(node);
      expect(one.of('i-0a')).toBe(young);
    },
  );

  it('that cannot be read is told with what cannot be read of it', () => {
    const spec = { taints: 'none' };
    expect(() => seenNode(born(Object.assign(aNode('a'), { spec })))).toThrow(
      /^a is no node that can be read: spec\.taints is not as documented$/,
    );
  });

  it('is held by anything but a plain no', () => {
    expect(nodeLike({ annotations: { 'spot-keeper.io/hold': 'debugging' } }).held).toBe(true);
    expect(nodeLike({ annotations: { 'spot-keeper.io/hold': 'false' } }).held).toBe(false);
  });

  it('keeps labels that somebody needs, and says when it runs short', () => {
    const node = nodeLike({});
    expect(node.labels).toEqual({ 'topology.kubernetes.io/zone': 'eu-west-1a' });
    const object = born({ ...aNode('n'), ...{ status: { conditions: [{ type: 'DiskPressure', status: 'True' }] } } });
    expect(seenNode(object).pressure).toBe(true);
  });

  it('that was created last is the one of an instance, in whatever order they come', () => {
    const claims = fc.uniqueArray(fc.record({ uid: fc.string({ minLength: 1 }), second: fc.nat(3) }), {
      minLength: 1,
      selector: ({ uid }) => uid,
    });
    fc.assert(
      fc.property(claims, fc.nat(), (all, turn) => {
        const nodes = all.map(({ uid, second }) => ({ ...nodeLike({}), uid, createdAt: T0 + second }));
        const [one, other] = [nodesByInstance(), nodesByInstance()];
        nodes.forEach(one.put);
        const cut = turn % nodes.length;
        [...nodes.slice(cut), ...nodes.slice(0, cut)].forEach(other.put);
        const last = Math.max(...nodes.map(({ createdAt }) => createdAt));
        expect(one.of('i-0a')?.createdAt).toBe(last);
        expect(other.of('i-0a')?.uid).toBe(one.of('i-0a')?.uid);
      }),
    );
  });
});

describe('a pod', () => {
  it('without a status is at work', () => {
    const job = podLike({}, {});
    for (const status of [null, undefined]) {
      const pod = seenPod(born(Object.assign(aPod('build'), { status })), podRoles(podRules({ jobs: ['run-once'] })));
      expect(pod).toMatchObject({ uid: job.uid, job: true, phase: 'Unknown' });
      expect(pod !== undefined && isBusy(pod, T0)).toBe(true);
    }
  });

  it.each(['Pending', 'Running', 'Unknown'])('of a job keeps its node busy while it is %s', (phase) => {
    expect(isBusy(podLike({ phase }), T0)).toBe(true);
  });

  it.each(['Succeeded', 'Failed'])('that has %s keeps nothing busy', (phase) => {
    expect(isBusy(podLike({ phase }), T0)).toBe(false);
  });

  it('that is terminating is busy for its grace, and no longer', () => {
    const pod = podLike({}, { deletionTimestamp: '2026-05-11T08:05:00Z' });
    expect(isBusy(pod, T0 + 300_000)).toBe(true);
    expect(isBusy(pod, T0 + 600_000)).toBe(false);
  });

  it('that is terminating is busy to the end of its grace by the clock of the cluster, though ours is ahead by all that it may be', () => {
    const pod = podLike({}, { deletionTimestamp: '2026-05-11T08:05:00Z' });
    // Ours shows that time three minutes early.
    expect(isBusy(pod, T0 + 300_000 + MOST_SKEW_MS)).toBe(true);
    expect(jobsAmong([pod], T0 + 300_000 + MOST_SKEW_MS)).toMatchObject([{ id: pod.uid }]);
  });

  it('without a status is of no phase that is known, and busy', () => {
    const { metadata, spec } = aPod('build');
    const pod = seenPod(born({ metadata, spec } as { metadata: object }), podRoles(podRules({ jobs: ['run-once'] })));
    expect(pod).toMatchObject({ phase: 'Unknown', job: true });
  });

  it('that is bound to no node is not on any', () => {
    expect(seenPod(born(aPod('build', { node: '' })), podRoles(podRules({ jobs: ['run-once'] })))).toBeUndefined();
  });

  it('that is none is no empty pod', () => {
    expect(() => seenPod(born({ metadata: { name: 'x' } }), podRoles(podRules({ jobs: ['run-once'] })))).toThrow(
      TypeError,
    );
    expect(() => objectIn({ metadata: { name: 'x', uid: '' } })).toThrow(TypeError);
  });

  it('may be evicted only if a controller makes it anew and nothing on it says no', () => {
    expect(podLike({ controller: true }).evictable).toBe(true);
    expect(podLike({ controller: false }).evictable).toBe(false);
    const keeps = { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' };
    expect(podLike({ controller: true, annotations: keeps }).evictable).toBe(false);
    expect(podLike({ controller: true, annotations: { 'karpenter.sh/do-not-disrupt': '30m' } }).evictable).toBe(false);
  });
});

describe('what changes', () => {
  it('waits with a job until the instance of its node is known', () => {
    const told: ClusterChange[] = [];
    const seen = changes(
      () => T0,
      (change) => told.push(change),
    );
    const [unknown, known] = [nodeLike({ spec: { providerID: '' } }), nodeLike({})];
    seen.podChanged(podLike({ node: unknown.name }));
    seen.nodeChanged(unknown);
    expect(told.map(({ type }) => type)).toEqual(['node.changed']);
    seen.nodeChanged(known, unknown);
    expect(told.slice(1)).toMatchObject([
      { type: 'node.changed' },
      { type: 'job.started', instanceId: 'i-0a', job: 'u1' },
    ]);
  });

  it('leaves out heartbeats, and nodes that another has replaced', () => {
    const told: ClusterChange[] = [];
    const seen = changes(
      () => T0,
      (change) => told.push(change),
    );
    const older = nodeLike({});
    const newer = { ...older, uid: 'u2', name: 'other', createdAt: T0 + 1_000 };
    seen.nodeChanged(older);
    seen.nodeChanged({ ...older }, older);
    seen.nodeChanged(newer);
    seen.nodeChanged({ ...older, ready: false }, older);
    seen.nodeRemoved({ ...older, ready: false });
    expect(told).toEqual([
      { type: 'node.changed', node: older },
      { type: 'node.changed', node: newer },
    ]);
  });
});

describe('a resourceVersion', () => {
  it('is older as its number is smaller, and cannot be compared if it is none', () => {
    const versions = fc.bigInt({ min: 1n, max: 2n ** 64n });
    fc.assert(
      fc.property(versions, versions, (one, other) => {
        expect(isOlder(String(one), String(other))).toBe(one < other);
      }),
    );
    expect(isOlder('abc', '7')).toBeUndefined();
    expect(isOlder('abc', 'abc')).toBe(false);
  });
});
