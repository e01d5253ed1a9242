import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../fakes/kubernetes/faults.ts';
import { comesTrue } from '../../support/comesTrue.ts';
import { stillness } from '../../support/stillness.ts';
import { cluster, inShort, refusalOf, watch } from './cluster.ts';

/** A watch of nodes under a fault, after three nodes came. */
async function watched(fault: Fault) {
  const all = await cluster();
  all.server.faults.add(fault);
  const one = await watch(
    all,
    '/api/v1/nodes',
    `resourceVersion=${all.store.resourceVersion}&allowWatchBookmarks=true`,
  );
  for (const name of ['a', 'b', 'c']) all.store.put('nodes', { metadata: { name } });
  return { ...all, one };
}

const nodes = { verb: 'watch', resource: 'nodes', times: 1 } as const;

describe('a fault of a request', () => {
  it.each([
    [429, 'TooManyRequests', 3],
    [500, 'InternalError', undefined],
    [503, 'ServiceUnavailable', 1],
    [403, 'Forbidden', undefined],
  ])('answers %i', async (code, reason, retryAfterSeconds) => {
    const { core, server } = await cluster();
    const after = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    server.faults.add({ verb: 'list', resource: 'nodes', times: 1, kind: 'error', code, reason, ...after });
    const refused = await refusalOf(core.listNode());
    expect(refused).toMatchObject({ code, reason });
    expect(refused.headers['retry-after']).toBe(
      retryAfterSeconds === undefined ? undefined : String(retryAfterSeconds),
    );
    await core.listNode();
    expect(server.calls.get('list nodes')).toBe(2);
  });

  it('meets only the requests that it is placed for, until it is taken away', async () => {
    const { core, store, server } = await cluster();
    for (const name of ['a', 'b']) store.put('nodes', { metadata: { name } });
    const takeAway = server.faults.add({ verb: 'get', resource: 'nodes', name: 'a', kind: 'error', code: 500 });
    await core.readNode({ name: 'b' });
    await core.listNode();
    for (let count = 0; count < 3; count++) await refusalOf(core.readNode({ name: 'a' }));
    takeAway();
    await core.readNode({ name: 'a' });
  });

  it('tears the connection before anything is done, or after', async () => {
    const { core, store, server } = await cluster();
    const body = { metadata: { name: 'a' } };
    server.faults.add({ verb: 'create', resource: 'nodes', times: 1, kind: 'reset' });
    await expect(core.createNode({ body })).rejects.toThrow();
    expect(store.get('nodes', 'a')).toBeUndefined();
    server.faults.add({ verb: 'create', resource: 'nodes', times: 1, kind: 'reset', afterEffect: true });
    await expect(core.createNode({ body })).rejects.toThrow();
    expect(store.get('nodes', 'a')).toBeDefined();
  });

  it('never answers', async () => {
    const { fetch, server } = await cluster();
    server.faults.add({ verb: '*', resource: '*', kind: 'hang' });
    const giveUp = new AbortController();
    const asked = fetch('/version', { signal: giveUp.signal });
    const state = (): string => String(server.calls.get('get /version'));
    await comesTrue(() => {
      expect(state()).toBe('1');
    });
    // Nothing is on its way any more, and yet there is no answer.
    await stillness(state, () => false);
    expect(await Promise.race([asked, Promise.resolve('silent')])).toBe('silent');
    giveUp.abort();
    await expect(asked).rejects.toThrow();
  });

  it.each([
    ['nothing', ''],
    ['HTML', '<html>gateway</html>'],
    ['half of some JSON', '{"kind":"NodeList","items":[{"met'],
  ])('answers %s', async (_, text) => {
    const { fetch, server } = await cluster();
    server.faults.add({ verb: 'list', resource: 'nodes', kind: 'body', text, contentType: 'text/html' });
    const answer = await fetch('/api/v1/nodes');
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/html', text]);
  });

  it('lists what was there some versions ago, under its old version', async () => {
    const { core, store, server } = await cluster();
    store.put('nodes', { metadata: { name: 'a' } });
    store.put('nodes', { metadata: { name: 'b' } });
    server.faults.add({ verb: 'list', resource: 'nodes', times: 2, kind: 'staleList', behind: 1 });
    const stale = await core.listNode();
    expect(stale.items.map(({ metadata }) => metadata?.name)).toEqual(['a']);
    expect(stale.metadata?.resourceVersion).toBe(String(store.resourceVersion - 1));
    // No further back than the history goes.
    store.compact();
    expect((await core.listNode()).items).toHaveLength(2);
  });

  it('says that a version is gone', async () => {
    const all = await cluster();
    all.server.faults.add({ verb: 'list', resource: 'nodes', times: 1, kind: 'gone' });
    expect(await refusalOf(all.core.listNode())).toMatchObject({ code: 410, reason: 'Expired' });
    all.server.faults.add({ ...nodes, kind: 'gone' });
    const [error] = await (await watch(all, '/api/v1/nodes')).next(1);
    expect(error).toMatchObject({ type: 'ERROR', object: { code: 410 } });
    all.server.faults.add({ ...nodes, kind: 'gone', as: 'http' });
    expect((await watch(all, '/api/v1/nodes')).code).toBe(410);
  });
});

describe('a fault of a watch', () => {
  it('closes it at once', async () => {
    const { one } = await watched({ ...nodes, kind: 'closeAtOnce' });
    expect(one.code).toBe(200);
    expect(await one.rest()).toEqual([]);
  });

  it('loses an event', async () => {
    const { one } = await watched({ ...nodes, name: 'b', kind: 'dropEvent' });
    expect(inShort(await one.next(2))).toEqual(['ADDED a', 'ADDED c']);
  });

  it('repeats an event', async () => {
    const { one } = await watched({ ...nodes, kind: 'duplicateEvent' });
    expect(inShort(await one.next(4))).toEqual(['ADDED a', 'ADDED a', 'ADDED b', 'ADDED c']);
  });

  it('tells an event after the next one', async () => {
    const { one } = await watched({ ...nodes, kind: 'reorder' });
    expect(inShort(await one.next(3))).toEqual(['ADDED b', 'ADDED a', 'ADDED c']);
  });

  it('tells an event without metadata, or as some other line', async () => {
    const { one } = await watched({ ...nodes, name: 'b', kind: 'malformedEvent' });
    const [, broken] = await one.next(3);
    expect(broken?.object).toEqual({ apiVersion: 'v1', kind: 'Node' });
    const { one: other, server } = await watched({ ...nodes, name: 'b', kind: 'malformedEvent', line: '{"type":"ADD' });
    server.endWatches();
    expect((await other.rest())[1]).toBe('{"type":"ADD');
  });

  it('keeps it open and silent, from the start or from some event on', async () => {
    const { one, server } = await watched({ ...nodes, kind: 'silence' });
    server.bookmark();
    expect([server.watchEventsSent, server.openWatches]).toEqual([0, 1]);
    server.endWatches();
    expect(await one.rest()).toEqual([]);

    const all = await cluster();
    const later = await watch(all, '/api/v1/nodes', 'allowWatchBookmarks=true');
    all.store.put('nodes', { metadata: { name: 'a' } });
    all.server.faults.add({ ...nodes, kind: 'silence' });
    all.store.put('nodes', { metadata: { name: 'b' } });
    all.store.put('nodes', { metadata: { name: 'c' } });
    all.server.bookmark();
    all.server.endWatches();
    expect(await later.rest()).toHaveLength(1);
  });
});
