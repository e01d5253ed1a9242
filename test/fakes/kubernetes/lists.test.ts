import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldSelector } from '../../../fakes/kubernetes/fields.ts';
import { labelSelector, objectSelector } from '../../../fakes/kubernetes/labels.ts';
import { cluster, pod, refusalOf } from './cluster.ts';

const namesOf = ({ items }: { items: readonly { metadata?: { name?: string } }[] }) =>
  items.map(({ metadata }) => metadata?.name);

describe('lists', () => {
  it('select by labels', async () => {
    const { core, store } = await cluster();
    store.put('nodes', { metadata: { name: 'a', labels: { pool: 'ci', zone: 'x' } } });
    store.put('nodes', { metadata: { name: 'b', labels: { pool: 'ci', zone: 'y' } } });
    store.put('nodes', { metadata: { name: 'c', labels: { pool: 'web' } } });
    const by = async (selector: string) => namesOf(await core.listNode({ labelSelector: selector })).join('');
    expect(await by('')).toBe('abc');
    expect(await by('pool=ci')).toBe('ab');
    expect(await by('pool==ci,zone!=x')).toBe('b');
    expect(await by('pool in (web, other)')).toBe('c');
    expect(await by('zone notin (x,y)')).toBe('c');
    expect(await by('zone')).toBe('ab');
    expect(await by('!zone')).toBe('c');
    expect(await refusalOf(core.listNode({ labelSelector: 'a=b=c' }))).toMatchObject({ code: 400 });
  });

  it('select by fields', async () => {
    const { core, store } = await cluster();
    store.put('pods', pod('p', { node: 'a' }));
    store.put('pods', pod('q', { node: 'b' }));
    store.put('pods', pod('r', { node: 'a', status: { phase: 'Succeeded' } }));
    store.put('nodes', { metadata: { name: 'a' }, spec: { unschedulable: true } });
    store.put('nodes', { metadata: { name: 'b' } });
    const by = async (selector: string) =>
      namesOf(await core.listPodForAllNamespaces({ fieldSelector: selector })).join('');
    expect(await by('spec.nodeName=a')).toBe('pr');
    expect(await by('spec.nodeName=a,status.phase!=Succeeded,status.phase!=Failed')).toBe('p');
    expect(await by('metadata.namespace=ci,metadata.name=q')).toBe('q');
    expect(namesOf(await core.listNode({ fieldSelector: 'spec.unschedulable=false' }))).toEqual(['b']);
    expect(await refusalOf(core.listNode({ fieldSelector: 'spec.nodeName=a' }))).toMatchObject({
      ...{ code: 400, message: 'field label not supported: spec.nodeName' },
    });
  });

  it('keep to their namespace', async () => {
    const { core, store } = await cluster();
    store.put('pods', pod('p'));
    store.put('pods', { metadata: { name: 'q', namespace: 'kube-system' } });
    expect(namesOf(await core.listNamespacedPod({ namespace: 'ci' }))).toEqual(['p']);
    expect(namesOf(await core.listPodForAllNamespaces())).toEqual(['p', 'q']);
  });

  it('go on, page after page, from the moment of the first page', async () => {
    const { core, store } = await cluster();
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.put('nodes', { metadata: { name } });
    const first = await core.listNode({ limit: 2 });
    expect(first.metadata).toMatchObject({ remainingItemCount: 3 });
    store.remove('nodes', 'd');
    store.put('nodes', { metadata: { name: 'cc' } });
    const second = await core.listNode({ limit: 2, _continue: first.metadata?._continue ?? '' });
    const third = await core.listNode({ limit: 2, _continue: second.metadata?._continue ?? '' });
    expect([first, second, third].flatMap(namesOf)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(third.metadata?._continue).toBeUndefined();
    expect(third.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
  });

  it('cannot go on from what is compacted away, nor from nonsense', async () => {
    const { core, store } = await cluster();
    for (const name of ['a', 'b']) store.put('nodes', { metadata: { name } });
    const { metadata } = await core.listNode({ limit: 1 });
    store.put('nodes', { metadata: { name: 'c' } });
    store.compact();
    expect(await refusalOf(core.listNode({ limit: 1, _continue: metadata?._continue ?? '' }))).toMatchObject({
      ...{ code: 410, reason: 'Expired' },
    });
    expect(await refusalOf(core.listNode({ _continue: 'nonsense' }))).toMatchObject({ code: 400 });
  });

  it('are of the version that was insisted on', async () => {
    const { core, store } = await cluster();
    store.put('nodes', { metadata: { name: 'a' } });
    const resourceVersion = String(store.resourceVersion);
    store.put('nodes', { metadata: { name: 'b' } });
    const at = (version: string, resourceVersionMatch?: string) =>
      core.listNode({ resourceVersion: version, ...(resourceVersionMatch ? { resourceVersionMatch } : {}) });
    expect(namesOf(await at(resourceVersion, 'Exact'))).toEqual(['a']);
    expect(namesOf(await at(resourceVersion, 'NotOlderThan'))).toEqual(['a', 'b']);
    expect(namesOf(await at('0'))).toEqual(['a', 'b']);
    expect(await refusalOf(at('9999'))).toMatchObject({ code: 504, reason: 'Timeout' });
    store.compact();
    expect(await refusalOf(at(resourceVersion, 'Exact'))).toMatchObject({ code: 410 });
  });
});

describe('selectors', () => {
  const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y'));

  it('of opposite demands split any labels in two', () => {
    const opposites = [
      ['a=x', 'a!=x'],
      ['a in (x,y)', 'a notin (x,y)'],
      ['a', '!a'],
    ] as const;
    fc.assert(
      fc.property(labels, fc.constantFrom(...opposites), (some, [yes, no]) => {
        expect(labelSelector(yes)(some)).toBe(!labelSelector(no)(some));
      }),
    );
  });

  it('of objects: none selects nothing, an empty one everything', () => {
    expect(objectSelector(undefined)({ a: 'x' })).toBe(false);
    expect(objectSelector({})({ a: 'x' })).toBe(true);
    const both = { matchLabels: { a: 'x' }, matchExpressions: [{ key: 'b', operator: 'NotIn', values: ['y'] }] };
    expect(objectSelector(both)({ a: 'x' })).toBe(true);
    expect(objectSelector(both)({ a: 'x', b: 'y' })).toBe(false);
  });

  it('of fields know only some', () => {
    expect(() => fieldSelector('configmaps', 'data.a=b')).toThrow('not supported');
    expect(() => fieldSelector('pods', 'spec.nodeName')).toThrow('invalid selector');
  });
});
