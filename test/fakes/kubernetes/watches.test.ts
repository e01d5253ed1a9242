import { EventEmitter, once } from 'node:events';
import { Watch } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { cluster, inShort, pod, watch } from './cluster.ts';

describe('a watch', () => {
  it('goes on from a version', async () => {
    const all = await cluster();
    const { store } = all;
    store.put('nodes', { metadata: { name: 'a' } });
    const from = store.resourceVersion;
    store.put('nodes', { metadata: { name: 'b' } });
    store.put('pods', pod('p'));
    const watched = await watch(all, '/api/v1/nodes', `resourceVersion=${from}`);
    expect(inShort(await watched.next(1))).toEqual(['ADDED b']);
    store.put('nodes', { metadata: { name: 'a' }, spec: { unschedulable: true } });
    store.remove('nodes', 'b');
    const [cordoned, gone] = await watched.next(2);
    expect(cordoned).toMatchObject({ type: 'MODIFIED', object: { kind: 'Node', spec: { unschedulable: true } } });
    // The last one carries the version of its deletion.
    expect(gone).toMatchObject({
      type: 'DELETED',
      object: { metadata: { resourceVersion: String(store.resourceVersion) } },
    });
    expect(all.server.watchEventsSent).toBe(3);
  });

  it('without a version tells first what there is', async () => {
    const all = await cluster();
    all.store.put('nodes', { metadata: { name: 'a' } });
    const watched = await watch(all, '/api/v1/nodes');
    all.store.put('nodes', { metadata: { name: 'b' } });
    expect(inShort(await watched.next(2))).toEqual(['ADDED a', 'ADDED b']);
  });

  it('sees by its selector: what begins to fit is added, what fits no more is deleted', async () => {
    const all = await cluster();
    const { store } = all;
    const query = `resourceVersion=${store.resourceVersion}&fieldSelector=spec.nodeName%3Da&labelSelector=ci`;
    const watched = await watch(all, '/api/v1/namespaces/ci/pods', query);
    const labels = { ci: 'x' };
    store.put('pods', pod('p', { node: 'b', labels }));
    store.put('pods', pod('p', { labels }));
    store.put('pods', { ...pod('q', { labels }), metadata: { name: 'q', namespace: 'other', labels } });
    store.put('pods', pod('p', { labels, status: { phase: 'Succeeded' } }));
    store.put('pods', pod('p'));
    const seen = await watched.next(3);
    expect(inShort(seen)).toEqual(['ADDED p', 'MODIFIED p', 'DELETED p']);
    expect(seen[2]?.object).toMatchObject({ metadata: { labels, resourceVersion: String(store.resourceVersion) } });
  });

  it('from before the history says so in the stream, and from the future not at all', async () => {
    const all = await cluster();
    all.store.compact();
    const watched = await watch(all, '/api/v1/nodes', 'resourceVersion=1');
    expect(watched.code).toBe(200);
    const [error] = await watched.next(1);
    expect(error).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    expect(await watched.rest()).toEqual([]);
    expect((await watch(all, '/api/v1/nodes', 'resourceVersion=999')).code).toBe(504);
    expect((await watch(all, '/api/v1/nodes', 'sendInitialEvents=true')).code).toBe(422);
  });

  it('forgets as much as it has to', async () => {
    const all = await cluster({ keptChanges: 10 });
    for (let count = 0; count < 50; count++) all.store.put('nodes', { metadata: { name: `n${count}` } });
    const { oldestVersion, resourceVersion } = all.store;
    expect(resourceVersion - oldestVersion).toBeGreaterThanOrEqual(10);
    const watched = await watch(all, '/api/v1/nodes', `resourceVersion=${oldestVersion}`);
    expect(await watched.next(resourceVersion - oldestVersion)).toHaveLength(resourceVersion - oldestVersion);
    const late = await watch(all, '/api/v1/nodes', `resourceVersion=${oldestVersion - 1}`);
    expect(inShort(await late.next(1))).toEqual(['ERROR']);
  });

  it('gets bookmarks if it wants any, every minute and at its end', async () => {
    const all = await cluster();
    const { store, server, pass } = all;
    const from = `resourceVersion=${store.resourceVersion}`;
    const watched = await watch(all, '/api/v1/nodes', `${from}&allowWatchBookmarks=true&timeoutSeconds=90`);
    const plain = await watch(all, '/api/v1/nodes', `${from}&timeoutSeconds=90`);
    store.put('pods', pod('p'));
    pass(minutes(1));
    server.tick();
    expect(await watched.next(1)).toMatchObject([
      { type: 'BOOKMARK', object: { kind: 'Node', metadata: { resourceVersion: String(store.resourceVersion) } } },
    ]);
    server.bookmark();
    expect(inShort(await watched.next(1))).toEqual(['BOOKMARK']);
    pass(seconds(30));
    server.tick();
    expect(await watched.rest()).toHaveLength(1);
    expect(await plain.rest()).toEqual([]);
    expect(server.openWatches).toBe(0);
  });

  it('ends when the server wants it to, in good order or torn', async () => {
    const all = await cluster();
    const first = await watch(all, '/api/v1/nodes');
    all.server.endWatches();
    expect(await first.rest()).toEqual([]);
    const second = await watch(all, '/api/v1/nodes');
    all.server.endWatches({ torn: true });
    await expect(second.rest()).rejects.toThrow();
  });

  it('speaks of events in the words of the group that is watched', async () => {
    const all = await cluster();
    const watched = await watch(all, '/apis/events.k8s.io/v1/events');
    all.store.put('events', { metadata: { name: 'e' }, message: 'drained', involvedObject: { name: 'a' } });
    expect(await watched.next(1)).toMatchObject([
      { object: { apiVersion: 'events.k8s.io/v1', note: 'drained', regarding: { name: 'a' } } },
    ]);
  });

  it('is understood by the client', async () => {
    const { kubeConfig, store } = await cluster();
    const seen: string[] = [];
    const told = new EventEmitter();
    const second = once(told, 'second');
    const request = await new Watch(kubeConfig).watch(
      '/api/v1/nodes',
      { allowWatchBookmarks: true },
      (phase, { metadata }: { metadata: { name: string } }) => {
        if (seen.push(`${phase} ${metadata.name}`) === 2) told.emit('second');
      },
      () => undefined,
    );
    store.put('nodes', { metadata: { name: 'a' } });
    store.remove('nodes', 'a');
    await second;
    request.abort();
    expect(seen).toEqual(['ADDED a', 'DELETED a']);
  });
});
