import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/live/kubernetes/kubeObject.ts';
import { reflectedSet } from '../../../../src/live/kubernetes/watch/reflectedSet.ts';

const node = (resourceVersion: string, closed: boolean, uid = 'u1'): KubeObject & { readonly closed: boolean } => ({
  metadata: { name: 'node-a', uid, resourceVersion },
  closed,
});

/** A set that was listed at version 10 and tells whether the node is closed, each time that it hears. */
function aSet() {
  const told: string[] = [];
  const set = reflectedSet((object) => (object as ReturnType<typeof node>).closed, {
    listed: () => undefined,
    changed: (closed) => told.push(closed ? 'closed' : 'open'),
    removed: () => told.push('removed'),
  });
  const list = (resourceVersion: string, one: KubeObject) => set.replace({ resourceVersion, items: [set.pruned(one)] });
  list('10', node('7', false));
  return { set, told, list };
}

describe('a write of ours', () => {
  it('shows at once, and older events of the watch do not undo it', () => {
    const { set, told } = aSet();
    set.wrote(node('15', true));
    expect(set.apply({ type: 'MODIFIED', object: node('12', false) })).toBe('repeated');
    expect(set.items()).toEqual([true]);
    expect(told).toEqual(['open', 'closed']);
  });

  it('is not undone by a list that was taken before it', () => {
    const { set, told, list } = aSet();
    set.wrote(node('15', true));
    list('13', node('12', false));
    expect(set.items()).toEqual([true]);
    expect(told).toEqual(['open', 'closed']);
  });

  it('does not move the watch on: what it has not told yet is still to come', () => {
    const { set, told } = aSet();
    set.wrote(node('15', true));
    expect(set.version()).toBe('10');
    expect(set.apply({ type: 'MODIFIED', object: node('16', false) })).toBe('applied');
    expect(told).toEqual(['open', 'closed', 'open']);
  });

  it('says nothing of a node that was made anew under the name, or that is held in a newer state', () => {
    const { set } = aSet();
    set.wrote(node('15', true, 'u2'));
    expect(set.items()).toEqual([false]);
    set.apply({ type: 'MODIFIED', object: node('20', false) });
    set.wrote(node('15', true));
    expect(set.items()).toEqual([false]);
  });

  it('is not undone by a list or an event of unknown age, until it was shown itself', () => {
    const { set, told, list } = aSet();
    set.wrote(node('b-own', true));
    list('c-list', node('a-old', false));
    expect(set.apply({ type: 'MODIFIED', object: node('a-older', false) })).toBe('repeated');
    expect(told).toEqual(['open', 'closed']);
    expect(set.apply({ type: 'MODIFIED', object: node('b-own', true) })).toBe('repeated');
    expect(set.apply({ type: 'MODIFIED', object: node('a-next', false) })).toBe('applied');
    expect(told).toEqual(['open', 'closed', 'open']);
  });

  it('gives way to the second list after it, which was asked for when it stood', () => {
    const { set, told, list } = aSet();
    set.wrote(node('b-own', true));
    list('c-list', node('a-old', false));
    list('d-list', node('a-new', false));
    expect(set.items()).toEqual([false]);
    expect(told).toEqual(['open', 'closed', 'open']);
  });

  it('is not taken for gone because an older list lacks it', () => {
    const { set, told } = aSet();
    set.wrote(node('15', true));
    set.replace({ resourceVersion: '13', items: [] });
    expect(told).toEqual(['open', 'closed']);
    set.replace({ resourceVersion: '16', items: [] });
    expect(told).toEqual(['open', 'closed', 'removed']);
  });
});
