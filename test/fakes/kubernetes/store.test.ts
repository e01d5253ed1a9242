import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../fakes/kubernetes/history.ts';
import { Store } from '../../../fakes/kubernetes/store.ts';
import { cluster, MONDAY, watch } from './cluster.ts';

const names = ['a', 'b', 'c', 'd'] as const;

/** Something that happens to the nodes of a cluster. */
const deeds = fc.array(
  fc.record({
    name: fc.constantFrom(...names),
    does: fc.constantFrom('put' as const, 'put' as const, 'remove' as const),
    pool: fc.constantFrom('ci', 'web'),
    beat: fc.nat(3),
  }),
  { maxLength: 40 },
);

const fresh = () => new Store({ now: () => MONDAY });

function happen(
  store: Store,
  { name, does, pool, beat }: { name: string; does: 'put' | 'remove'; pool: string; beat: number },
) {
  if (does === 'remove') store.remove('nodes', name);
  else store.put('nodes', { metadata: { name, labels: { pool } }, status: { beat } });
}

describe('the store', () => {
  it('has one version that grows by one with every change, and gives none for nothing', () => {
    const store = fresh();
    const before = store.resourceVersion;
    const { metadata } = store.put('nodes', { metadata: { name: 'a' } });
    store.put('pods', { metadata: { name: 'p' } });
    store.put('nodes', { metadata: { name: 'a' } });
    expect(store.resourceVersion).toBe(before + 2);
    expect(store.get('nodes', 'a')?.metadata).toEqual(metadata);
    expect(metadata).toMatchObject({ resourceVersion: String(before + 1), creationTimestamp: '2026-05-11T08:00:00Z' });
    expect(store.get('pods', 'p')?.metadata.namespace).toBe('default');
  });

  it('gives a name that comes back another uid, and the same history the same uids', () => {
    const live = () => {
      const store = fresh();
      const first = store.put('nodes', { metadata: { name: 'a' } }).metadata.uid;
      store.remove('nodes', 'a');
      return [first, store.put('nodes', { metadata: { name: 'a' } }).metadata.uid];
    };
    const [first, second] = live();
    expect(second).not.toBe(first);
    expect(live()).toEqual([first, second]);
  });

  it('gives out nothing that can be changed', () => {
    const store = fresh();
    const labels = { pool: 'ci' };
    const node = store.put('nodes', { metadata: { name: 'a', labels } });
    labels.pool = 'web';
    expect(node.metadata['labels']).toEqual({ pool: 'ci' });
    expect(() => Object.assign(node.metadata, { name: 'b' })).toThrow(TypeError);
  });

  it('tells every listener all changes in their order, even if one of them writes', () => {
    const store = fresh();
    const heard: number[][] = [[], []];
    store.onChange(({ version, object, resource }) => {
      heard[0]!.push(version);
      if (resource === 'nodes') store.put('leases', { metadata: { name: object.metadata.name } });
    });
    const stop = store.onChange(({ version }) => heard[1]!.push(version));
    store.put('nodes', { metadata: { name: 'a' } });
    store.put('nodes', { metadata: { name: 'b' } });
    expect(heard[0]).toEqual(heard[1]);
    expect(heard[0]).toEqual(heard[0]!.toSorted((x, y) => x - y));
    expect(heard[0]).toHaveLength(4);
    stop();
    store.remove('nodes', 'a');
    expect(heard[1]).toHaveLength(4);
  });

  it('keeps no unknown resource', () => {
    expect(() => fresh().list('endpoints')).toThrow(RangeError);
  });

  it('knows how it was at every version', () => {
    fc.assert(
      fc.property(deeds, (some) => {
        const store = fresh();
        const versions = new Map<number, unknown>();
        for (const deed of some) {
          happen(store, deed);
          versions.set(store.resourceVersion, store.list('nodes'));
        }
        for (const [version, list] of versions) expect(store.snapshot('nodes', version)).toEqual(list);
      }),
    );
  });

  it('changes by what it tells, and by nothing else', () => {
    fc.assert(
      fc.property(deeds, (some) => {
        const store = fresh();
        const told = new Map<string, Change['object']>();
        store.onChange(({ type, object, before }) => {
          expect(told.get(object.metadata.name)).toEqual(before);
          if (type === 'DELETED') told.delete(object.metadata.name);
          else told.set(object.metadata.name, object);
        });
        for (const deed of some) happen(store, deed);
        expect([...told.values()].toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))).toEqual(
          store.list('nodes'),
        );
      }),
    );
  });
});

describe('a list and the watch after it', () => {
  it.each(['', 'pool=ci'])('come to what the store has (labelSelector=%s)', async (labelSelector) => {
    const all = await cluster();
    const query = `labelSelector=${encodeURIComponent(labelSelector)}`;
    await fc.assert(
      fc.asyncProperty(deeds, deeds, deeds, async (before, between, after) => {
        for (const deed of before) happen(all.store, deed);
        const list = await all.core.listNode(labelSelector === '' ? {} : { labelSelector });
        const seen = new Map(list.items.map(({ metadata }) => [metadata?.name ?? '', metadata?.resourceVersion]));
        for (const deed of between) happen(all.store, deed);
        const from = list.metadata?.resourceVersion ?? '';
        const one = await watch(all, '/api/v1/nodes', `${query}&resourceVersion=${from}`);
        for (const deed of after) happen(all.store, deed);
        all.server.endWatches();
        for (const line of await one.rest()) {
          // What a watch without faults says is events.
          const { type, object } = JSON.parse(line) as { type: string; object: Change['object'] };
          const { name, resourceVersion } = object.metadata;
          // An event is only ever about something that the reader can have.
          expect(seen.has(name)).toBe(type !== 'ADDED');
          if (type === 'DELETED') seen.delete(name);
          else seen.set(name, resourceVersion);
        }
        const truth = all.store
          .list('nodes')
          .filter(({ metadata }) => labelSelector === '' || JSON.stringify(metadata['labels']) === '{"pool":"ci"}');
        expect(Object.fromEntries(seen)).toEqual(
          Object.fromEntries(truth.map(({ metadata }) => [metadata.name, metadata.resourceVersion])),
        );
      }),
      { numRuns: 40 },
    );
  });
});
