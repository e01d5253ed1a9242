import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../fakes/kubernetes/json.ts';
import { jsonPatched } from '../../../fakes/kubernetes/jsonPatch.ts';
import { mergePatched, strategicallyPatched } from '../../../fakes/kubernetes/mergePatch.ts';
import { cluster, refusalOf } from './cluster.ts';

const mine = { key: 'spot-keeper.io/draining', effect: 'NoSchedule' };
const theirs = { key: 'other', effect: 'NoExecute' };

const as = (strategy: PatchStrategy) => setHeaderOptions('Content-Type', strategy);

async function tainted() {
  const all = await cluster();
  all.store.put('nodes', { metadata: { name: 'a', labels: { keep: 'me' } }, spec: { taints: [theirs] } });
  return all;
}

describe('a patch of a node', () => {
  it('by JSON patch adds a taint under a test of the version', async () => {
    const { core, store } = await tainted();
    const cordon = (version: string) =>
      core.patchNode({
        name: 'a',
        body: [
          { op: 'test', path: '/metadata/resourceVersion', value: version },
          { op: 'add', path: '/spec/unschedulable', value: true },
          { op: 'add', path: '/spec/taints/-', value: mine },
          { op: 'add', path: '/metadata/labels/spot-keeper.io~1pool', value: 'ci' },
        ],
      });
    const version = String(store.resourceVersion);
    expect(await cordon(version)).toMatchObject({
      metadata: { labels: { keep: 'me', 'spot-keeper.io/pool': 'ci' } },
      spec: { unschedulable: true, taints: [theirs, mine] },
    });
    // A test that fails is no conflict: the API server calls it an unfit request.
    expect(await refusalOf(cordon(version))).toMatchObject({ code: 422, reason: 'Invalid' });
  });

  it('that brings an old version along is a conflict', async () => {
    const { core, store } = await tainted();
    const body = { metadata: { resourceVersion: String(store.resourceVersion - 1) }, spec: { unschedulable: true } };
    expect(await refusalOf(core.patchNode({ name: 'a', body }, as(PatchStrategy.MergePatch)))).toMatchObject({
      ...{ code: 409, reason: 'Conflict' },
    });
  });

  it.each([PatchStrategy.MergePatch, PatchStrategy.StrategicMergePatch])(
    'by %s replaces all taints',
    async (strategy) => {
      const { core } = await tainted();
      const patched = await core.patchNode({ name: 'a', body: { spec: { taints: [mine] } } }, as(strategy));
      expect(patched.spec?.taints).toEqual([mine]);
      expect(patched.metadata?.labels).toEqual({ keep: 'me' });
    },
  );

  it('by strategic merge patch of its status changes one condition', async () => {
    const { core, store } = await tainted();
    const conditions = [
      { type: 'Ready', status: 'True' },
      { type: 'DiskPressure', status: 'False' },
    ];
    store.put('nodes', { metadata: { name: 'a' }, status: { conditions } });
    const body = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    await core.patchNodeStatus({ name: 'a', body }, as(PatchStrategy.StrategicMergePatch));
    expect((await core.readNode({ name: 'a' })).status?.conditions).toEqual([
      { type: 'Ready', status: 'Unknown' },
      { type: 'DiskPressure', status: 'False' },
    ]);
  });

  it('is refused where it cannot be read, does not fit, or changes the name', async () => {
    const { core, fetch } = await tainted();
    const patch = (...body: readonly object[]) => refusalOf(core.patchNode({ name: 'a', body }));
    expect(await patch({ op: 'remove', path: '/spec/none' })).toMatchObject({ code: 422 });
    expect(await patch({ op: 'replace', path: '/spec/taints/7', value: mine })).toMatchObject({ code: 422 });
    expect(await patch({ op: 'spoil', path: '/spec' })).toMatchObject({ code: 400 });
    expect(await patch({ op: 'replace', path: '/metadata/name', value: 'b' })).toMatchObject({ code: 422 });
    expect(await refusalOf(core.patchNode({ name: 'b', body: [] }))).toMatchObject({ code: 404 });
    const asYaml = { method: 'PATCH', body: '{}', headers: { 'content-type': 'application/apply-patch+yaml' } };
    expect((await fetch('/api/v1/nodes/a', asYaml)).status).toBe(415);
  });
});

describe('patches', () => {
  it('in JSON move, copy, insert and escape', () => {
    const patch = [
      { op: 'add', path: '/list/1', value: 'b' },
      { op: 'copy', from: '/list/0', path: '/first' },
      { op: 'move', from: '/old', path: '/a~1b~0' },
      { op: 'replace', path: '/list/0', value: null },
    ];
    expect(jsonPatched({ list: ['a', 'c'], old: 1 }, patch)).toEqual({ list: [null, 'b', 'c'], first: 'a', 'a/b~': 1 });
  });

  it('by merge remove with null, at any depth', () => {
    expect(mergePatched({ a: 1, b: { c: 2, d: 3 } }, { a: null, b: { c: null }, e: { f: null, g: 4 } })).toEqual({
      b: { d: 3 },
      e: { g: 4 },
    });
  });

  it('by strategic merge know lists by their keys, and their directives', () => {
    const containers = [
      { name: 'job', image: 'a', env: [{ name: 'X', value: '1' }] },
      { name: 'side', image: 'b' },
    ];
    const patch = {
      containers: [
        { name: 'job', env: [{ name: 'Y', value: '2' }] },
        { name: 'side', $patch: 'delete' },
        { name: 'new' },
      ],
      finalizers: ['b'],
      '$deleteFromPrimitiveList/finalizers': ['a'],
      labels: { $patch: 'replace', only: 'this' },
      volumes: [{ $patch: 'replace' }, { name: 'v' }],
    };
    const document = { containers, finalizers: ['a'], labels: { x: 'y' }, volumes: [{ name: 'w' }] };
    expect(strategicallyPatched(document, patch)).toEqual({
      containers: [
        {
          ...{ name: 'job', image: 'a' },
          env: [
            { name: 'X', value: '1' },
            { name: 'Y', value: '2' },
          ],
        },
        { name: 'new' },
      ],
      finalizers: ['b'],
      labels: { only: 'this' },
      volumes: [{ name: 'v' }],
    });
  });

  it('by merge say the same a second time', () => {
    // What JSON values of fast-check are is what JSON is.
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, (document, patch) => {
        const once = mergePatched(document, patch);
        expect(mergePatched(once, patch)).toEqual(once);
      }),
    );
  });
});

describe('a merge patch of the status of a pod', () => {
  it('may change its annotations and labels, and leaves its spec and its owners as they are', async () => {
    const { core, store } = await cluster();
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'job', uid: 'o' };
    store.put('pods', {
      metadata: { name: 'a', namespace: 'ci', annotations: { keep: 'me', drop: 'me' }, ownerReferences: [owner] },
      spec: { containers: [{ name: 'main', image: 'theirs' }] },
    });
    const { uid } = store.get('pods', 'a', 'ci')!.metadata;
    const body = {
      metadata: { uid, annotations: { drop: null, more: 'x' }, labels: { new: 'y' }, ownerReferences: [] },
      spec: { containers: [{ name: 'main', image: 'ours' }] },
    };
    const asked = { name: 'a', namespace: 'ci', body };
    await core.patchNamespacedPodStatus(asked, as(PatchStrategy.MergePatch));
    expect(store.get('pods', 'a', 'ci')).toMatchObject({
      metadata: { uid, labels: { new: 'y' }, ownerReferences: [owner] },
      spec: { containers: [{ name: 'main', image: 'theirs' }] },
    });
    expect(store.get('pods', 'a', 'ci')?.metadata['annotations']).toEqual({ keep: 'me', more: 'x' });
  });

  it('of another pod of that name is a conflict', async () => {
    const { core, store } = await cluster();
    store.put('pods', { metadata: { name: 'a', namespace: 'ci' }, spec: {} });
    const body = { metadata: { uid: 'another', annotations: { more: 'x' } } };
    const patching = core.patchNamespacedPodStatus({ name: 'a', namespace: 'ci', body }, as(PatchStrategy.MergePatch));
    expect(await refusalOf(patching)).toMatchObject({ code: 409 });
  });
});
