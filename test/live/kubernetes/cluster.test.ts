import { describe, expect, it } from 'vitest';
import { type Cluster, type ClusterChange, openCluster } from '../../../src/live/kubernetes/cluster.ts';
import type { Kube } from '../../../src/live/kubernetes/kubeClient.ts';
import type { TaintRules } from '../../../src/live/kubernetes/lastingTaints.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { comesTrue } from '../../support/comesTrue.ts';
import { type ACluster, aCluster, aNode, aPod } from './aCluster.ts';

const MINUTE = 60_000;
const A = { name: 'node-a', instanceId: 'i-0a' };
const B = { name: 'node-b', instanceId: 'i-0a' };

async function opened(
  { kube, clock, ending }: ACluster,
  otherPods: 'evict' | 'leave' = 'evict',
  taints: Partial<TaintRules> = {},
): Promise<Cluster & { readonly told: readonly ClusterChange[] }> {
  const cluster = openCluster({
    ...{ kube, clock, otherPods, telemetry: silent, signal: ending.signal, jobs: ['run-once'], ...taints },
    limits: { listEveryMs: 100 * 60 * MINUTE },
  });
  const told: ClusterChange[] = [];
  cluster.onChange((change) => told.push(change));
  await cluster.synced();
  return { ...cluster, told };
}

const typesOf = (told: readonly ClusterChange[]): readonly string[] => told.map(({ type }) => type);

describe('the cluster', () => {
  it('meets instances by provider id, tells of jobs as they come and go, and of nothing twice', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a'));
    const { uid } = store.put('pods', aPod('build', { startTime: '2026-05-11T08:00:00Z' })).metadata;
    const cluster = await opened(world);
    expect(cluster.nodeOf('i-0a')).toMatchObject({ name: 'node-a', ready: true, cordoned: false });
    expect(cluster.jobsOn('node-a')).toEqual([uid]);

    const ended = { state: { terminated: { finishedAt: '2026-05-11T08:07:00Z' } } };
    const pod = aPod('build', { startTime: '2026-05-11T08:00:00Z', phase: 'Succeeded' });
    store.put('pods', { ...pod, status: { ...pod.status, containerStatuses: [ended] } });
    await comesTrue(() => {
      expect(typesOf(cluster.told)).toContain('job.finished');
    });
    store.remove('pods', 'build', 'ci');
    store.remove('nodes', 'node-a');
    await comesTrue(() => {
      expect(typesOf(cluster.told)).toContain('node.removed');
    });

    expect([...typesOf(cluster.told)].sort()).toEqual(['job.finished', 'job.started', 'node.changed', 'node.removed']);
    expect(cluster.told.find(({ type }) => type === 'job.finished')).toMatchObject({
      ...{ instanceId: 'i-0a', job: uid, durationMs: 7 * MINUTE },
    });
    expect(cluster.nodeOf('i-0a')).toBeUndefined();
  });

  it('cannot tell what runs on a node while the server is away', async () => {
    await using world = await aCluster();
    world.store.put('nodes', aNode('node-a'));
    const cluster = await opened(world);
    expect(cluster.jobsOn('node-a')).toEqual([]);
    world.server.faults.add({ verb: '*', resource: '*', kind: 'gone', as: 'http' });
    world.server.endWatches({ torn: true });
    await comesTrue(() => {
      expect(cluster.jobsOn('node-a')).toBeUndefined();
    });
    expect(await cluster.listJobs(A)).toMatchObject({ kind: 'failed' });
  });
});

describe('a cordon', () => {
  it('closes the node, marks it as ours with the deadline, and keeps what others wrote', async () => {
    await using world = await aCluster();
    const { store, clock } = world;
    const taints = [{ key: 'ci-only', value: 'yes', effect: 'NoSchedule' }];
    store.put('nodes', aNode('node-a', { spec: { taints }, annotations: { theirs: 'stays' } }));
    const cluster = await opened(world);
    const before = clock.now();

    const answer = await cluster.cordon(A, { blockId: 'ci-0.3', deadline: 1_778_493_600_000 });

    expect(answer.kind === 'ok' && answer.value.ackAt >= before).toBe(true);
    const node = store.get('nodes', 'node-a');
    expect(node?.['spec']).toMatchObject({
      unschedulable: true,
      taints: [
        ...taints,
        { key: 'spot-keeper.io/draining', value: '1778493600', effect: 'NoSchedule' },
        { key: 'status-taint.cluster-autoscaler.kubernetes.io/spot-keeper-draining' },
      ],
    });
    expect(node?.metadata['annotations']).toMatchObject({ theirs: 'stays', 'spot-keeper.io/block': 'ci-0.3' });
    await comesTrue(() => {
      expect(cluster.nodeOf('i-0a')).toMatchObject({ cordoned: true, ours: true, drainBy: 1_778_493_600_000 });
    });
  });

  it('is decided again when somebody else writes at the same time, and undoes nothing of theirs', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a'));
    // Each of our first two readings is out of date before we can write.
    let collisions = 0;
    const call: Kube['call'] = async (action, send, options) => {
      const answer = await world.kube.call(action, send, options);
      if (action === 'get nodes' && collisions < 2) {
        collisions += 1;
        store.put(
          'nodes',
          aNode('node-a', { spec: { taints: [{ key: `theirs-${collisions}`, effect: 'NoSchedule' }] } }),
        );
      }
      return answer;
    };
    const cluster = await opened({ ...world, kube: { ...world.kube, call } });

    const answer = await cluster.cordon(A, { blockId: 'ci-0.3', deadline: MINUTE });

    expect(answer.kind).toBe('ok');
    expect(world.server.calls.get('patch nodes')).toBe(3);
    expect(store.get('nodes', 'node-a')?.['spec']).toMatchObject({
      unschedulable: true,
      taints: [{ key: 'theirs-2' }, { key: 'spot-keeper.io/draining' }, {}],
    });
  });

  it('done twice keeps the time of the first, and undone leaves no trace', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a', { annotations: { theirs: 'stays' } }));
    const cluster = await opened(world);
    const mark = { blockId: 'ci-0.3', deadline: MINUTE };
    await cluster.cordon(A, mark);
    const first = store.get('nodes', 'node-a')?.metadata['annotations'];
    await cluster.cordon(A, { ...mark, deadline: 2 * MINUTE });
    expect(store.get('nodes', 'node-a')?.metadata['annotations']).toEqual(first);

    expect(await cluster.uncordon(A)).toMatchObject({ kind: 'ok' });

    const node = store.get('nodes', 'node-a');
    // A block's node stays one, and keeps its labels.
    expect(node?.metadata['annotations']).toEqual({ theirs: 'stays', 'k8s.io/cluster-autoscaler-enabled': 'false' });
    expect(JSON.stringify(node?.['spec'])).not.toContain('spot-keeper');
    expect((node?.['spec'] as { unschedulable?: boolean }).unschedulable ?? false).toBe(false);
  });

  it('of somebody else stays, before ours and after it', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a', { spec: { unschedulable: true } }));
    const cluster = await opened(world);
    const isClosed = () => (store.get('nodes', 'node-a')?.['spec'] as { unschedulable?: boolean }).unschedulable;

    await cluster.uncordon(A);
    expect(isClosed()).toBe(true);
    expect(world.server.calls.get('patch nodes')).toBeUndefined();

    await cluster.cordon(A, { blockId: 'ci-0.3', deadline: MINUTE });
    await cluster.uncordon(A);
    expect(isClosed()).toBe(true);
  });

  it('never closes a node that only bears the name', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a'));
    const cluster = await opened(world);
    const mark = { blockId: 'ci-0.3', deadline: MINUTE };
    expect(await cluster.cordon({ ...A, instanceId: 'i-0b' }, mark)).toMatchObject({ class: 'conflict' });
    expect(await cluster.cordon({ ...A, name: 'node-z' }, mark)).toMatchObject({ class: 'not-found' });

    // The watch has not told yet that the name has come back with another uid.
    world.server.faults.add({ verb: 'watch', resource: 'nodes', kind: 'silence' });
    store.remove('nodes', 'node-a');
    store.put('nodes', aNode('node-a', { instanceId: 'i-0b' }));
    expect(await cluster.cordon(A, mark)).toMatchObject({ class: 'conflict' });
    expect(JSON.stringify(store.get('nodes', 'node-a'))).not.toContain('spot-keeper');
  });

  it('leaves a node alone whose name was that of a block once: it is not closed, opened or labelled, and no pod is moved', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a', { instanceId: 'i-0b', spec: { unschedulable: true } }));
    const dns = aPod('dns', { job: false, controller: true });
    store.put('pods', { ...dns, metadata: { ...dns.metadata, namespace: 'kube-system' } });
    const before = JSON.stringify(store.list('nodes'));
    const cluster = await opened(world);

    expect(await cluster.cordon(A, { blockId: 'ci-0.3', deadline: MINUTE })).toMatchObject({ class: 'conflict' });
    expect(await cluster.uncordon(A)).toMatchObject({ class: 'conflict' });
    expect(await cluster.label(A, { 'spot-keeper.io/pool': 'ci' })).toMatchObject({ class: 'conflict' });
    expect(cluster.leavingFrom(A)).toEqual([]);
    expect(await cluster.listJobs(A)).toMatchObject({ kind: 'ok', value: { leaving: [] } });

    expect(JSON.stringify(store.list('nodes'))).toBe(before);
    expect(cluster.leavingFrom({ ...A, instanceId: 'i-0b' })).toHaveLength(1);
  });

  it('that is forbidden says so', async () => {
    await using world = await aCluster();
    world.store.put('nodes', aNode('node-a'));
    const cluster = await opened(world);
    world.server.faults.add({ verb: 'patch', resource: 'nodes', kind: 'error', code: 403 });
    expect(await cluster.cordon(A, { blockId: 'ci-0.3', deadline: MINUTE })).toMatchObject({
      class: 'forbidden',
    });
    // The label, and the cordon: a cluster that refuses the one may let the other through.
    expect(world.server.calls.get('patch nodes')).toBe(2);
  });
});

describe('a node that bears a taint of which nobody has spoken', () => {
  const tainted = (key: string, labels: Record<string, string> = {}) => {
    const node = aNode('node-a', { spec: { taints: [{ key, value: 'true', effect: 'NoSchedule' }] } });
    return { ...node, metadata: { ...node.metadata, labels } };
  };
  const tolerating = (key: string, options: Parameters<typeof aPod>[1]) => {
    const pod = aPod('build', options);
    return { ...pod, spec: { ...pod.spec, tolerations: [{ key, operator: 'Exists' }] } };
  };
  const KEY = 'nidhogg.example.com/ci.agent';

  it('is not ready until it has gone', async () => {
    await using world = await aCluster();
    world.store.put('nodes', tainted(KEY));
    const cluster = await opened(world);
    expect(cluster.nodeOf('i-0a')).toMatchObject({ ready: false, strangeTaints: [KEY] });
    world.store.put('nodes', aNode('node-a'));
    await comesTrue(() => {
      expect(cluster.nodeOf('i-0a')).toMatchObject({ ready: true, strangeTaints: [] });
    });
  });

  it('is ready with one that work tolerates, that the pools file names, or with which it served before', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', tainted('dedicated'));
    // A pod that runs on every node tolerates what it meets, and says nothing.
    store.put('pods', tolerating(KEY, { job: false }));
    const cluster = await opened(world);
    expect(cluster.nodeOf('i-0a')?.ready).toBe(false);
    store.put('pods', tolerating('dedicated', { node: 'node-b' }));
    await comesTrue(() => {
      expect(cluster.nodeOf('i-0a')?.ready).toBe(true);
    });
    const named = await opened(world, 'evict', { nodeTaints: [KEY] });
    store.put('nodes', tainted(KEY));
    await comesTrue(() => {
      expect(named.nodeOf('i-0a')).toMatchObject({ ready: true, strangeTaints: [] });
      expect(cluster.nodeOf('i-0a')?.ready).toBe(false);
    });
    store.put('nodes', tainted(KEY, { 'spot-keeper.io/block': 'ci-0.1' }));
    expect((await opened(world)).nodeOf('i-0a')?.ready).toBe(true);
    expect((await opened(world, 'evict', { startUpTaints: [KEY] })).nodeOf('i-0a')?.ready).toBe(false);
  });

  it.each(['node.kubernetes.io/disk-pressure', 'aws-node-termination-handler/spot-itn', 'spot-keeper.io/anything'])(
    'is not one for %s, which is known',
    async (key) => {
      await using world = await aCluster();
      world.store.put('nodes', tainted(key));
      expect((await opened(world)).nodeOf('i-0a')).toMatchObject({ ready: true, strangeTaints: [] });
    },
  );
});

describe('the taint of routing', () => {
  const taintsOf = ({ store }: ACluster) =>
    store.get('nodes', 'node-a')?.['spec'] as { readonly taints: readonly object[] };
  const OTHER = { key: 'dedicated', value: 'ci', effect: 'NoSchedule' };
  const OWN = { key: 'spot-keeper.io/routing', value: 'ci', effect: 'NoSchedule' };

  it('goes beside those of others, once, and stays when the node is closed and opened', async () => {
    await using world = await aCluster();
    world.store.put('nodes', aNode('node-a', { spec: { taints: [OTHER] } }));
    const cluster = await opened(world);
    expect(await cluster.route(A, 'ci')).toMatchObject({ kind: 'ok' });
    expect(taintsOf(world).taints).toEqual([OTHER, OWN]);
    const patches = world.server.calls.get('patch nodes');
    expect(await cluster.route(A, 'ci')).toMatchObject({ kind: 'ok' });
    expect(world.server.calls.get('patch nodes')).toBe(patches);
    await cluster.cordon(A, { blockId: 'ci-0.1', deadline: 0 });
    expect(taintsOf(world).taints).toEqual(expect.arrayContaining([OTHER, OWN]));
    await cluster.uncordon(A);
    expect(taintsOf(world).taints).toEqual([OTHER, OWN]);
  });

  it('does not undo what others write meanwhile', async () => {
    await using world = await aCluster();
    const { store, server } = world;
    store.put('nodes', aNode('node-a'));
    const cluster = await opened(world);
    server.faults.add({ verb: 'patch', resource: 'nodes', kind: 'error', code: 409, reason: 'Conflict', times: 1 });
    const stop = store.onChange(() => undefined);
    store.put('nodes', aNode('node-a', { spec: { taints: [OTHER] } }));
    expect(await cluster.route(A, 'ci')).toMatchObject({ kind: 'ok' });
    expect(taintsOf(world).taints).toEqual([OTHER, OWN]);
    stop();
  });
});

describe('labels', () => {
  it('come with the word to Cluster Autoscaler that the node is none of its own', async () => {
    await using world = await aCluster();
    world.store.put('nodes', aNode('node-a'));
    const cluster = await opened(world);
    expect(await cluster.label(A, { 'spot-keeper.io/pool': 'ci' })).toMatchObject({ kind: 'ok' });
    expect(world.store.get('nodes', 'node-a')?.metadata).toMatchObject({
      labels: { 'spot-keeper.io/pool': 'ci', noise: 'yes' },
      annotations: { 'k8s.io/cluster-autoscaler-enabled': 'false' },
    });
  });
});

describe('the list of jobs on a node', () => {
  it('is asked of the server itself, and dated before the question', async () => {
    await using world = await aCluster();
    const { store, clock } = world;
    store.put('nodes', aNode('node-a'));
    const cluster = await opened(world);
    // A pod that no watch has told of: bound in the last moment before the cordon.
    world.server.faults.add({ verb: 'watch', resource: 'pods', kind: 'silence' });
    const uid = store.put('pods', aPod('late', { phase: 'Pending' })).metadata.uid;
    for (const phase of ['Succeeded', 'Failed']) store.put('pods', aPod(phase.toLowerCase(), { phase }));
    store.put('pods', aPod('elsewhere', { node: 'node-b' }));
    store.put('pods', aPod('service', { job: false }));
    const before = clock.now();

    const list = await cluster.listJobs(A);

    expect(list).toMatchObject({ kind: 'ok', value: { jobs: [uid] } });
    expect(list.kind === 'ok' && list.value.takenAt >= before && list.value.takenAt <= clock.now()).toBe(true);
  });

  it('is of every node that claims the instance: one that came back under another name may run jobs of both', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a'));
    const uid = store.put('pods', aPod('build')).metadata.uid;
    store.put('nodes', aNode('node-b'));
    const cluster = await opened(world);

    expect(await cluster.listJobs(B)).toMatchObject({ kind: 'ok', value: { jobs: [uid] } });
    expect(cluster.jobsOn('node-b')).toEqual([uid]);
  });

  it.each([
    ['an error', { kind: 'error', code: 500 }],
    ['a page of HTML', { kind: 'body', text: '<html>' }],
    ['a list of what is no pod', { kind: 'body', text: '{"metadata":{"resourceVersion":"9999"},"items":[{}]}' }],
    ['a list without items', { kind: 'body', text: '{"metadata":{"resourceVersion":"9999"}}' }],
    ['an older list', { kind: 'staleList', behind: 2 }],
  ] as const)('is never empty for %s', async (_, fault) => {
    await using world = await aCluster();
    world.store.put('nodes', aNode('node-a'));
    for (const name of ['a', 'b']) world.store.put('pods', aPod(name));
    const cluster = await opened(world);
    world.server.faults.add({ verb: 'list', resource: 'pods', ...fault });
    expect(await cluster.listJobs(A)).toMatchObject({ kind: 'failed' });
  });
});

describe('eviction', () => {
  const ofTheCluster = (name: string, options: Parameters<typeof aPod>[1] = {}) => {
    const pod = aPod(name, { job: false, controller: true, ...options });
    return { ...pod, metadata: { ...pod.metadata, namespace: 'kube-system' } };
  };

  it('is for what is no work and a controller makes anew: never for a job, nor for what no rule names', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a'));
    store.put('pods', aPod('job', { controller: true }));
    store.put('pods', aPod('agent', { job: false, controller: true }));
    store.put('pods', aPod('bare', { job: false }));
    store.put('pods', ofTheCluster('dns'));
    store.put(
      'pods',
      ofTheCluster('stays', { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } }),
    );
    const cluster = await opened(world);

    const list = await cluster.listJobs(A);

    if (list.kind === 'failed') throw new Error(list.message);
    expect(list.value.jobs).toHaveLength(2);
    expect(list.value.leaving.map(({ name }) => name)).toEqual(['dns']);
    expect(cluster.leavingFrom(A).map(({ name }) => name)).toEqual(['dns']);
    const [dns] = list.value.leaving;
    if (dns === undefined) throw new Error('expected a pod');
    expect(await cluster.evict(dns)).toMatchObject({ kind: 'ok' });
    // It was made anew under its name: what is there now is another pod, and the server refuses.
    store.remove('pods', 'dns', 'kube-system');
    store.put('pods', ofTheCluster('dns'));
    expect(await cluster.evict(dns)).toMatchObject({ kind: 'failed', class: 'conflict' });
    await expect(cluster.evict({ ...dns, job: true })).rejects.toThrow(/not to be evicted/);
  });

  it('keeps to the disruption budget, and says that it was the budget', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', aNode('node-a'));
    store.put('pods', ofTheCluster('dns'));
    store.put('poddisruptionbudgets', {
      metadata: { name: 'dns', namespace: 'kube-system' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'dns' } } },
    });
    const cluster = await opened(world);
    const [dns] = cluster.leavingFrom(A);
    if (dns === undefined) throw new Error('expected a pod');
    expect(await cluster.evict(dns)).toMatchObject({ kind: 'failed', class: 'throttled', code: 429 });
    expect(store.get('pods', 'dns', 'kube-system')?.metadata).not.toHaveProperty('deletionTimestamp');
  });

  it('of a pod that the server cannot decide on says so, and leaves the pod', async () => {
    await using world = await aCluster();
    const { store, server } = world;
    store.put('nodes', aNode('node-a'));
    store.put('pods', ofTheCluster('dns'));
    const cluster = await opened(world);
    const [dns] = cluster.leavingFrom(A);
    if (dns === undefined) throw new Error('expected a pod');
    // As for a pod that two budgets select.
    server.faults.add({ verb: 'create', resource: 'pods/eviction', kind: 'error', code: 500 });
    expect(await cluster.evict(dns)).toMatchObject({ kind: 'failed', class: 'unreachable' });
    expect(store.get('pods', 'dns', 'kube-system')?.metadata).not.toHaveProperty('deletionTimestamp');
  });

  it('is for no pod where other pods are to be left', async () => {
    await using world = await aCluster();
    world.store.put('nodes', aNode('node-a'));
    world.store.put('pods', ofTheCluster('dns'));
    const cluster = await opened(world, 'leave');
    expect(cluster.leavingFrom(A)).toEqual([]);
    expect(await cluster.listJobs(A)).toMatchObject({ value: { jobs: [], leaving: [] } });
  });
});
