import type { Store } from '../../../fakes/kubernetes/store.ts';
import type { ItemListener } from '../../../src/live/kubernetes/watch/reflectedSet.ts';
import { type Reflection, type ReflectionLimits, reflect } from '../../../src/live/kubernetes/watch/reflector.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import type { ACluster } from './aCluster.ts';

/** `name uid version` of each pod. */
export type Line = string;

const lineOf = ({ name, uid, resourceVersion }: { name: string; uid: string; resourceVersion: string }): Line =>
  `${name} ${uid} ${resourceVersion}`;

export const truth = (store: Store): readonly Line[] =>
  store
    .list('pods')
    .map(({ metadata }) => lineOf(metadata))
    .sort();

/** Reflects the pods of a cluster; `told` is what a listener that only hears of differences has put together. */
export function watchPods(
  { kube, clock, ending }: Pick<ACluster, 'kube' | 'clock' | 'ending'>,
  { limits = {}, on = {} }: { limits?: Partial<ReflectionLimits>; on?: Partial<ItemListener<Line>> } = {},
): Reflection<Line> & { readonly told: () => readonly Line[] } {
  const told = new Set<Line>();
  const reflection = reflect<Line>(
    {
      ...{ kube, clock, limits, signal: ending.signal, telemetry: silent },
      ...{ resource: 'pods', path: '/api/v1/pods', prune: ({ metadata }) => lineOf(metadata) },
    },
    {
      listed: () => undefined,
      changed: (item, before) => {
        if (before !== undefined) told.delete(before);
        told.add(item);
      },
      removed: (item) => told.delete(item),
      ...on,
    },
  );
  return { ...reflection, told: () => [...told].sort() };
}
