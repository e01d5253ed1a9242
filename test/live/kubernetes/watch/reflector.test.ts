import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../../fakes/kubernetes/faults.ts';
import type { Store } from '../../../../fakes/kubernetes/store.ts';
import { objectIn } from '../../../../src/live/kubernetes/kubeObject.ts';
import { comesTrue } from '../../../support/comesTrue.ts';
import { aCluster, aFastClock, aPod } from '../aCluster.ts';
import { type Line, truth, watchPods } from '../aWatch.ts';

const HOURS = 3_600_000;

describe('a reflection', () => {
  it('lists every page, and then hears of what is new, changed and gone', async () => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    for (let count = 0; count < 1_001; count += 1) store.put('pods', aPod(`pod-${count}`));
    const pods = watchPods(cluster, { limits: { listEveryMs: 100 * HOURS } });
    await pods.synced();
    expect(server.calls.get('list pods')).toBe(5);
    expect(pods.items()).toHaveLength(1_001);
    expect(pods.fresh()).toBe(true);

    store.put('pods', aPod('new'));
    store.put('pods', aPod('pod-7', { phase: 'Succeeded' }));
    store.remove('pods', 'pod-8', 'ci');

    await comesTrue(() => {
      expect(pods.told()).toEqual(truth(store));
    });
    expect([...pods.items()].sort()).toEqual(truth(store));
    expect(pods.watchEventsSeen()).toBe(3);
    expect(server.calls.get('list pods')).toBe(5);
  });

  const troubles: readonly (readonly [what: string, fault: Fault])[] = [
    ['an event without metadata', { verb: 'watch', resource: 'pods', kind: 'malformedEvent', times: 1 }],
    ['a deletion that is no JSON', { verb: 'watch', resource: 'pods', kind: 'malformedEvent', times: 1, line: '{"ty' }],
    ['an event told twice', { verb: 'watch', resource: 'pods', kind: 'duplicateEvent' }],
    ['events out of order', { verb: 'watch', resource: 'pods', kind: 'reorder', times: 1 }],
    ['410 in a watch', { verb: 'watch', resource: 'pods', kind: 'gone', times: 3 }],
    ['410 instead of a watch', { verb: 'watch', resource: 'pods', kind: 'gone', as: 'http', times: 3 }],
    ['watches that end at once', { verb: 'watch', resource: 'pods', kind: 'closeAtOnce', times: 20 }],
    ['a watch that is refused', { verb: 'watch', resource: 'pods', kind: 'error', code: 500, times: 3 }],
    ['too large a version', { verb: 'watch', resource: 'pods', kind: 'error', code: 504, times: 1 }],
    ['throttling', { verb: 'watch', resource: 'pods', kind: 'error', code: 429, retryAfterSeconds: 2, times: 2 }],
    ['a torn connection', { verb: 'watch', resource: 'pods', kind: 'reset', times: 3 }],
    ['a list that fails', { verb: 'list', resource: 'pods', kind: 'error', code: 500, times: 3 }],
    ['a list that is a page of HTML', { verb: 'list', resource: 'pods', kind: 'body', text: '<html>', times: 2 }],
    ['a list without items', { verb: 'list', resource: 'pods', kind: 'body', text: '{"kind":"PodList"}', times: 2 }],
    ['a list cut short', { verb: 'list', resource: 'pods', kind: 'body', text: '{"kind":"PodList","it', times: 2 }],
    ['a list from long ago', { verb: 'list', resource: 'pods', kind: 'staleList', behind: 3, times: 2 }],
  ];

  it.each(troubles)('comes to the truth again after %s', async (_, fault) => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.put('pods', aPod(name));
    const pods = watchPods(cluster, { limits: { idleMs: 60, listEveryMs: 100 * HOURS } });
    await pods.synced();
    await comesTrue(() => {
      expect(server.openWatches).toBe(1);
    });

    server.faults.add(fault);
    store.remove('pods', 'a', 'ci');
    store.put('pods', aPod('b', { phase: 'Succeeded' }));
    store.remove('pods', 'c', 'ci');
    store.put('pods', aPod('f'));
    // Whatever the fault, the connection is lost and something has to be asked anew; a list among it.
    server.endWatches({ torn: true });
    store.compact();
    store.put('pods', aPod('g'));

    await comesTrue(() => {
      expect(pods.told()).toEqual(truth(store));
      expect(pods.fresh()).toBe(true);
    });
    expect([...pods.items()].sort()).toEqual(truth(store));
  });

  it('keeps to what the server returned for a write of ours when the list after it is from before', async () => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    store.put('pods', aPod('a'));
    const versions: number[] = [];
    const note = (line: Line): void => {
      versions.push(Number(line.split(' ')[2]));
    };
    const pods = watchPods(cluster, { limits: { idleMs: 60, listEveryMs: 100 * HOURS }, on: { changed: note } });
    await pods.synced();
    await comesTrue(() => {
      expect(server.openWatches).toBe(1);
    });
    // The watch tells nothing of the write, and what is listed next is from before it.
    server.faults.add({ verb: 'watch', resource: 'pods', kind: 'silence', times: 1 });
    server.faults.add({ verb: 'watch', resource: 'pods', kind: 'gone', as: 'http', times: 1 });
    server.faults.add({ verb: 'list', resource: 'pods', kind: 'staleList', behind: 1, times: 1 });
    const lists = server.calls.get('list pods') ?? 0;
    const written = store.put('pods', aPod('a', { phase: 'Succeeded' }));
    pods.wrote(objectIn(JSON.parse(JSON.stringify(written))));
    server.endWatches({ torn: true });

    await comesTrue(() => {
      expect(server.calls.get('list pods')).toBeGreaterThan(lists);
      expect(server.openWatches).toBe(1);
    });
    expect([...pods.items()]).toEqual(truth(store));
    expect(versions).toEqual(versions.toSorted((one, other) => one - other));
  });

  it('gives up a connection that looks open and is silent', async () => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    const pods = watchPods(cluster, { limits: { idleMs: 60, listEveryMs: 100 * HOURS } });
    await pods.synced();
    await comesTrue(() => {
      expect(server.openWatches).toBe(1);
    });

    server.faults.add({ verb: 'watch', resource: 'pods', kind: 'silence', times: 1 });
    store.put('pods', aPod('a'));

    await comesTrue(() => {
      expect(pods.told()).toEqual(truth(store));
    });
    expect(server.calls.get('list pods')).toBe(1);
  });

  it('lists again when a watch was open and told nothing, though it came and went in good order', async () => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    const pods = watchPods(cluster, { limits: { silentMs: 50, idleMs: 10_000, listEveryMs: 100 * HOURS } });
    await pods.synced();
    await comesTrue(() => {
      expect(server.openWatches).toBe(1);
    });
    // Its watches tell nothing, whatever happens, and end as asked.
    server.faults.add({ verb: 'watch', resource: 'pods', kind: 'silence' });
    store.put('pods', aPod('a'));

    const [lists, watches] = [server.calls.get('list pods') ?? 0, server.calls.get('watch pods') ?? 0];
    await new Promise((resolve) => {
      cluster.clock.at(cluster.clock.now() + 100_000, () => {
        resolve(undefined);
      });
    });
    server.endWatches();
    await comesTrue(() => {
      expect(server.calls.get('watch pods')).toBeGreaterThan(watches);
    });
    expect(server.calls.get('list pods')).toBeGreaterThan(lists);
    expect(pods.told()).toEqual(truth(store));
  });

  it.each([
    ['brings nothing back that is gone', (store: Store) => store.remove('pods', 'a', 'ci')],
    ['makes nothing older', (store: Store) => store.put('pods', aPod('a', { phase: 'Succeeded' }))],
  ])('%s when events change places', async (_, then) => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    const pods = watchPods(cluster, { limits: { listEveryMs: 100 * HOURS } });
    await pods.synced();
    await comesTrue(() => {
      expect(server.openWatches).toBe(1);
    });

    server.faults.add({ verb: 'watch', resource: 'pods', kind: 'reorder', times: 1 });
    store.put('pods', aPod('a'));
    then(store);
    store.put('pods', aPod('z'));

    await comesTrue(() => {
      expect(pods.told().join()).toContain('z');
      expect(pods.told()).toEqual(truth(store));
    });
  });

  it('finds what a watch has lost without a word with the next full list', async () => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    store.put('pods', aPod('a'));
    const pods = watchPods(cluster);
    await pods.synced();

    server.faults.add({ verb: 'watch', resource: 'pods', kind: 'dropEvent', times: 1 });
    store.remove('pods', 'a', 'ci');

    await comesTrue(() => {
      expect(pods.told()).toEqual([]);
    });
  });

  it('is not fresh from a line that cannot be read until the next list, and holds what it had', async () => {
    await using cluster = await aCluster();
    const { store, server } = cluster;
    store.put('pods', aPod('a'));
    const pods = watchPods(cluster);
    await pods.synced();
    await comesTrue(() => {
      expect(server.openWatches).toBe(1);
    });

    const repair = server.faults.add({ verb: 'list', resource: 'pods', kind: 'error', code: 503 });
    server.faults.add({ verb: 'watch', resource: 'pods', kind: 'malformedEvent', times: 1 });
    store.remove('pods', 'a', 'ci');
    await comesTrue(() => {
      expect(pods.fresh()).toBe(false);
    });
    expect(pods.items()).toHaveLength(1);

    repair();
    await comesTrue(() => {
      expect(pods.fresh()).toBe(true);
    });
    expect(pods.items()).toHaveLength(0);
  });

  it('is not fresh when the server has said nothing for too long', async () => {
    await using cluster = await aCluster();
    const pods = watchPods(cluster, { limits: { freshMs: 0, listEveryMs: 100 * HOURS } });
    await pods.synced();
    expect(pods.fresh()).toBe(false);
  });

  it('tells a listener that throws nothing less, and goes on', async () => {
    await using cluster = await aCluster();
    const { store } = cluster;
    const told: Line[] = [];
    const changed = (item: Line): void => {
      told.push(item);
      throw new Error('not now');
    };
    const pods = watchPods(cluster, { on: { changed } });
    await pods.synced();
    for (const name of ['a', 'b']) store.put('pods', aPod(name));
    await comesTrue(() => {
      expect(told).toHaveLength(2);
    });
  });

  it('ends with its signal, with every connection', async () => {
    await using cluster = await aCluster();
    const pods = watchPods(cluster);
    await pods.synced();
    cluster.ending.abort();
    await pods.stopped;
    await comesTrue(() => {
      expect(cluster.server.openWatches).toBe(0);
    });
  });

  it('says so to whoever waits for its first list when it ends before', async () => {
    await using cluster = await aCluster();
    cluster.server.faults.add({ verb: 'list', resource: 'pods', kind: 'error', code: 403 });
    const pods = watchPods(cluster);
    cluster.ending.abort();
    await expect(pods.synced()).rejects.toThrow(/no longer watched/);
    expect(pods.fresh()).toBe(false);
  });
});

describe('whatever is lost, repeated, moved or cut off', () => {
  type Step =
    | { readonly do: 'put' | 'remove'; readonly name: string }
    | { readonly do: 'fault'; readonly fault: Fault }
    | { readonly do: 'tear' | 'compact' | 'breathe' };

  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const watchFault = fc.constantFrom(
    ...([
      'dropEvent',
      'duplicateEvent',
      'malformedEvent',
      'reorder',
      'silence',
      'gone',
      'closeAtOnce',
      'reset',
    ] as const),
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('put' as const, 'remove' as const), name }) },
    {
      weight: 3,
      arbitrary: watchFault.map(
        (kind): Step => ({ do: 'fault', fault: { verb: 'watch', resource: 'pods', kind, times: 1 } }),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom('tear' as const, 'compact' as const, 'breathe' as const) }),
    },
  );

  it('the picture is the truth after the next list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        await using cluster = await aCluster({ clock: aFastClock(8_000) });
        const { store, server } = cluster;
        const pods = watchPods(cluster);
        await pods.synced();
        for (const one of steps) {
          if (one.do === 'put') store.put('pods', aPod(one.name));
          else if (one.do === 'remove') store.remove('pods', one.name, 'ci');
          else if (one.do === 'fault') server.faults.add(one.fault);
          else if (one.do === 'tear') server.endWatches({ torn: true });
          else if (one.do === 'compact') store.compact();
          else await new Promise((resolve) => setImmediate(resolve));
        }
        server.faults.clear();
        await comesTrue(() => {
          expect(pods.told()).toEqual(truth(store));
          expect([...pods.items()].sort()).toEqual(truth(store));
        });
      }),
      { numRuns: 20 },
    );
  });
});
