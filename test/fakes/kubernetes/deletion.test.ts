import { describe, expect, it } from 'vitest';
import { seconds } from '../../../src/domain/time.ts';
import { type Cluster, cluster, pod, refusalOf } from './cluster.ts';

const evict = ({ core }: Cluster, name: string, deleteOptions: object = {}) =>
  core.createNamespacedPodEviction({ namespace: 'ci', name, body: { metadata: { name }, deleteOptions } });

const budget = (name: string, spec: object, labels: Record<string, string> = { app: 'web' }) => ({
  metadata: { name, namespace: 'ci' },
  spec: { selector: { matchLabels: labels }, ...spec },
});

const web = { labels: { app: 'web' } };

describe('the deletion of a pod', () => {
  it('begins with its grace and ends after it', async () => {
    const { core, store, pass, server } = await cluster();
    store.put('pods', pod('p'));
    await core.deleteNamespacedPod({ namespace: 'ci', name: 'p', gracePeriodSeconds: 10 });
    const { metadata } = await core.readNamespacedPod({ namespace: 'ci', name: 'p' });
    expect(metadata).toMatchObject({ deletionGracePeriodSeconds: 10 });
    expect(metadata?.deletionTimestamp).toEqual(new Date('2026-05-11T08:00:10Z'));
    pass(seconds(9));
    server.tick();
    expect(store.get('pods', 'p', 'ci')).toBeDefined();
    pass(seconds(1));
    expect(await refusalOf(core.readNamespacedPod({ namespace: 'ci', name: 'p' }))).toMatchObject({ code: 404 });
  });

  it('takes the grace of the pod, and only ever less', async () => {
    const { core, store } = await cluster();
    store.put('pods', { ...pod('p'), spec: { nodeName: 'a', terminationGracePeriodSeconds: 60 } });
    const endAfter = async (options: { gracePeriodSeconds?: number }) => {
      await core.deleteNamespacedPod({ namespace: 'ci', name: 'p', ...options });
      return store.get('pods', 'p', 'ci')?.metadata.deletionTimestamp;
    };
    expect(await endAfter({})).toBe('2026-05-11T08:01:00Z');
    expect(await endAfter({ gracePeriodSeconds: 90 })).toBe('2026-05-11T08:01:00Z');
    expect(await endAfter({ gracePeriodSeconds: 5 })).toBe('2026-05-11T08:00:05Z');
    expect(await endAfter({ gracePeriodSeconds: 0 })).toBeUndefined();
  });

  it('is over at once where nothing runs', async () => {
    const { core, store } = await cluster();
    store.put('pods', pod('done', { status: { phase: 'Succeeded' } }));
    store.put('pods', { ...pod('homeless'), spec: {} });
    await core.deleteCollectionNamespacedPod({ namespace: 'ci' });
    expect(store.list('pods')).toEqual([]);
  });

  it('is held by finalizers, whatever the grace', async () => {
    const { core, store } = await cluster();
    const metadata = { name: 'p', namespace: 'ci', finalizers: ['actions.github.com/cleanup-protection'] };
    store.put('pods', { ...pod('p'), metadata });
    await core.deleteNamespacedPod({ namespace: 'ci', name: 'p' });
    store.settle();
    expect(store.get('pods', 'p', 'ci')?.metadata.deletionTimestamp).toBeDefined();
    const body = [{ op: 'remove', path: '/metadata/finalizers' }];
    await core.patchNamespacedPod({ namespace: 'ci', name: 'p', body });
    expect(store.get('pods', 'p', 'ci')).toBeUndefined();
  });
});

describe('an eviction', () => {
  it('begins the end of the pod, which comes when the owner lets it', async () => {
    const all = await cluster();
    all.store.put('pods', pod('p'));
    // The client reads the answer as an Eviction; what the server says is a Status.
    expect(await evict(all, 'p')).toMatchObject({ kind: 'Status' });
    expect(all.store.get('pods', 'p', 'ci')?.metadata.deletionTimestamp).toBe('2026-05-11T08:00:30Z');
    all.store.settle();
    expect(await refusalOf(evict(all, 'p'))).toMatchObject({ code: 404, reason: 'NotFound' });
    expect(all.server.calls.get('create pods/eviction')).toBe(2);
  });

  it('is refused as long as the budget wants all pods', async () => {
    const all = await cluster();
    for (const name of ['p', 'q']) all.store.put('pods', pod(name, web));
    all.store.put('poddisruptionbudgets', budget('calm', { minAvailable: 2 }));
    expect(await refusalOf(evict(all, 'p'))).toMatchObject({
      ...{ code: 429, reason: 'TooManyRequests' },
      status: { details: { causes: [{ reason: 'DisruptionBudget' }] } },
    });
    all.store.put('pods', pod('r', web));
    await evict(all, 'p');
    // The pod that is on its way out counts no longer.
    expect(await refusalOf(evict(all, 'q'))).toMatchObject({ code: 429 });
  });

  it.each([
    ['maxUnavailable: 1', { maxUnavailable: 1 }, 1],
    ['maxUnavailable: 50 %', { maxUnavailable: '50%' }, 2],
    ['minAvailable: 100 %', { minAvailable: '100%' }, 0],
  ])('counts by %s', async (_, spec, allowed) => {
    const all = await cluster();
    const names = ['p', 'q', 'r', 's'];
    for (const name of names) all.store.put('pods', pod(name, web));
    all.store.put('poddisruptionbudgets', budget('calm', spec));
    let evicted = 0;
    for (const name of names)
      await evict(all, name).then(
        () => evicted++,
        () => undefined,
      );
    expect(evicted).toBe(allowed);
  });

  it('is a fault of the configuration under two budgets, but not for a finished pod', async () => {
    const all = await cluster();
    all.store.put('pods', pod('p', web));
    all.store.put('pods', pod('done', { ...web, status: { phase: 'Failed' } }));
    all.store.put('poddisruptionbudgets', budget('one', { minAvailable: 0 }));
    all.store.put('poddisruptionbudgets', budget('two', { minAvailable: 0 }));
    expect(await refusalOf(evict(all, 'p'))).toMatchObject({ code: 500, reason: undefined });
    await evict(all, 'done');
    expect(all.store.get('pods', 'done', 'ci')).toBeUndefined();
  });

  it('lets an unready pod go where the budget is met without it', async () => {
    const all = await cluster();
    const unready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] };
    all.store.put('pods', pod('p', web));
    all.store.put('pods', pod('q', { ...web, status: unready }));
    all.store.put('poddisruptionbudgets', budget('calm', { minAvailable: 1 }));
    expect(await refusalOf(evict(all, 'p'))).toMatchObject({ code: 429 });
    await evict(all, 'q');
  });

  it('of another life, or only tried, changes nothing', async () => {
    const all = await cluster();
    all.store.put('pods', pod('p'));
    expect(await refusalOf(evict(all, 'p', { preconditions: { uid: 'other' } }))).toMatchObject({ code: 409 });
    await evict(all, 'p', { dryRun: ['All'] });
    expect(all.store.get('pods', 'p', 'ci')?.metadata.deletionTimestamp).toBeUndefined();
  });
});

describe('a namespace on its way out', () => {
  it('takes nothing new, refuses evictions, and goes when it is empty', async () => {
    const all = await cluster();
    all.store.put('pods', pod('p'));
    await all.core.deleteNamespace({ name: 'ci' });
    const body = { metadata: { name: 'm' } };
    expect(await refusalOf(all.core.createNamespacedConfigMap({ namespace: 'ci', body }))).toMatchObject({
      ...{ code: 403, reason: 'Forbidden' },
      status: { details: { causes: [{ reason: 'NamespaceTerminating' }] } },
    });
    expect(await refusalOf(evict(all, 'p'))).toMatchObject({ code: 403 });
    all.pass(seconds(30));
    expect(await refusalOf(all.core.readNamespace({ name: 'ci' }))).toMatchObject({ code: 404 });
  });
});
