import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { minutes, seconds } from '../../src/domain/time.ts';
import { type Cluster, openCluster } from '../../src/live/kubernetes/cluster.ts';
import { kubeClient } from '../../src/live/kubernetes/kubeClient.ts';
import { MARK } from '../../src/live/kubernetes/marks.ts';
import type { ReflectionLimits } from '../../src/live/kubernetes/watch/reflector.ts';
import { systemClock } from '../../src/live/ports/clock.ts';
import { silent } from '../../src/live/ports/telemetry.ts';
import { type ACluster, aCluster, PATIENT } from './aCluster.ts';
import { targets } from './targets.ts';

const { kubeconfig = '' } = targets();
const ZONE = 'us-east-1a';
const BLOCK = 'ci-0.1';

describe.skipIf(kubeconfig === '')('the cluster, behind a real API server', () => {
  let world: ACluster;
  let ending = new AbortController();

  beforeAll(async () => {
    world = await aCluster(kubeconfig);
  });
  afterAll(() => world.close());
  afterEach(() => {
    ending.abort();
    ending = new AbortController();
  });

  const opened = async (limits: Partial<ReflectionLimits> = {}): Promise<Cluster> => {
    const { signal } = ending;
    // A client of its own, as the keeper is another process than whoever plays the cluster.
    const kube = kubeClient({ telemetry: silent, config: world.kube.config });
    const cluster = openCluster({
      kube,
      clock: systemClock,
      telemetry: silent,
      jobs: ['run-once'],
      notJobs: [{ nameContains: 'web' }],
      otherPods: 'evict',
      signal,
      limits,
    });
    await cluster.synced();
    return cluster;
  };

  it('sees a node by its provider id, closes it, opens it, and labels it', async () => {
    const instanceId = 'i-0e0000000000000a1';
    const name = await world.joins(instanceId, ZONE);
    const cluster = await opened();
    await seen(() => {
      expect(cluster.nodeOf(instanceId)).toMatchObject({ name, ready: true, cordoned: false });
    });

    const deadline = systemClock.now() + minutes(10);
    expect(await cluster.cordon({ name, instanceId }, { blockId: BLOCK, deadline })).toMatchObject({ kind: 'ok' });
    const { spec, metadata } = await world.node(name);
    expect(spec).toMatchObject({ unschedulable: true });
    expect(spec?.taints).toContainEqual(
      expect.objectContaining({ key: MARK.draining, value: String(Math.ceil(deadline / seconds(1))) }),
    );
    expect(metadata?.annotations).toMatchObject({ [MARK.block]: BLOCK });
    await seen(() => {
      expect(cluster.nodeOf(instanceId)).toMatchObject({ cordoned: true, ours: true });
    });

    expect(await cluster.uncordon({ name, instanceId })).toMatchObject({ kind: 'ok' });
    expect(await cluster.label({ name, instanceId }, { 'spot-keeper.io/pool': 'ci' })).toMatchObject({ kind: 'ok' });
    await seen(() => {
      expect(cluster.nodeOf(instanceId)).toMatchObject({
        ...{ cordoned: false, ours: false },
        labels: { 'spot-keeper.io/pool': 'ci' },
      });
    });
    expect((await world.node(name)).spec?.taints ?? []).not.toContainEqual(
      expect.objectContaining({ key: MARK.draining }),
    );
  });

  it('counts jobs for as long as they run, by the watch and by a consistent list', async () => {
    const instanceId = 'i-0e0000000000000a2';
    const name = await world.joins(instanceId, ZONE);
    const cluster = await opened();
    const uid = await world.runs('build', name, 'job');
    await seen(() => {
      expect(cluster.jobsOn(name)).toEqual([uid]);
    });
    const before = systemClock.now();
    const listed = await cluster.listJobs({ name, instanceId });
    expect(listed).toMatchObject({ kind: 'ok', value: { jobs: [uid] } });
    expect(listed.kind === 'ok' && listed.value.takenAt).toBeGreaterThanOrEqual(before);

    await world.succeeds('build');
    expect(await cluster.listJobs({ name, instanceId })).toMatchObject({ kind: 'ok', value: { jobs: [] } });
    await seen(() => {
      expect(cluster.jobsOn(name)).toEqual([]);
    });
  });

  it('asks a pod that is no job to leave, and leaves jobs alone', async () => {
    const instanceId = 'i-0e0000000000000a3';
    const name = await world.joins(instanceId, ZONE);
    const service = await world.runs('web', name, 'service');
    await world.runs('test', name, 'job');
    const cluster = await opened({});
    await seen(() => {
      expect(cluster.jobsOn(name)).toHaveLength(1);
    });
    const list = await cluster.listJobs({ name, instanceId });
    const leaving = list.kind === 'ok' ? list.value.leaving : [];
    expect(leaving.map(({ uid }) => uid)).toEqual([service]);
    for (const pod of leaving) expect(await cluster.evict(pod)).toMatchObject({ kind: 'ok' });
    const web = await world.pod('web');
    expect(web === undefined || web.metadata?.deletionTimestamp !== undefined).toBe(true);
    expect((await world.pod('test'))?.metadata?.deletionTimestamp).toBeUndefined();
  });

  it('goes on seeing, over the end of one watch after another', async () => {
    const cluster = await opened({ watchMs: seconds(1), leastMs: 50 });
    for (const instanceId of ['i-0e0000000000000b1', 'i-0e0000000000000b2', 'i-0e0000000000000b3']) {
      const from = systemClock.now();
      // The server ends a watch after a second: this one begins when at least one has ended.
      await seen(() => {
        expect(systemClock.now() - from).toBeGreaterThan(seconds(1));
      });
      const name = await world.joins(instanceId, ZONE);
      await seen(() => {
        expect(cluster.nodeOf(instanceId)).toMatchObject({ name, ready: true });
      });
    }
    expect(cluster.fresh()).toBe(true);
  });
});

const seen = (check: () => void): Promise<void> => vi.waitFor(check, PATIENT);
