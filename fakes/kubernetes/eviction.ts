import { isObject, type Json, listAt, numberAt, objectAt, textAt, textsAt } from './json.ts';
import { objectSelector } from './labels.ts';
import type { KubeObject } from './objects.ts';
import { badRequest, notFound, Refusal } from './refusal.ts';
import { resourceOf } from './resources.ts';
import type { Deleting, Store } from './store.ts';

/**
 * Evicts a pod: a deletion that asks the budgets first. Pods that run nowhere yet, have finished or are ending already are
 * nobody's loss.
 * @throws Refusal NotFound; TooManyRequests (429) where the budget allows no disruption; a bare 500 where two budgets want
 * a say; Conflict for another uid
 */
export function evict(store: Store, name: string, namespace: string, how: Deleting): void {
  const pod = store.get('pods', name, namespace);
  if (pod === undefined) throw notFound(resourceOf('pods'), name);
  const isExempt =
    ['Pending', 'Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '') ||
    pod.metadata.deletionTimestamp !== undefined;
  const budgets = isExempt ? [] : budgetsOf(store, pod);
  if (budgets.length > 1)
    throw new Refusal(
      500,
      '',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  for (const budget of budgets) ask(store, pod, budget);
  store.delete('pods', name, namespace, how);
}

/** How an Eviction (or DeleteOptions) wants the pod deleted. @throws Refusal BadRequest */
export function deletingAs(options: Json | undefined, query: URLSearchParams): Deleting {
  if (options !== undefined && !isObject(options)) throw badRequest('the body is no DeleteOptions object');
  const inQuery = query.get('gracePeriodSeconds');
  return {
    graceSeconds: inQuery === null ? numberAt(options, 'gracePeriodSeconds') : Number(inQuery),
    uid: textAt(options, 'preconditions', 'uid'),
    resourceVersion: textAt(options, 'preconditions', 'resourceVersion'),
    dryRun: isDryRun(query) || listAt(options, 'dryRun').includes('All'),
  };
}

export const isDryRun = (query: URLSearchParams): boolean => query.getAll('dryRun').includes('All');

const budgetsOf = (store: Store, pod: KubeObject): readonly KubeObject[] =>
  store
    .list('poddisruptionbudgets')
    .filter((budget) => budget.metadata.namespace === pod.metadata.namespace && covers(budget, pod));

const covers = (budget: KubeObject, pod: KubeObject): boolean =>
  objectSelector(objectAt(budget, 'spec')['selector'])(textsAt(pod, 'metadata', 'labels'));

function ask(store: Store, pod: KubeObject, budget: KubeObject): void {
  const { healthy, needed } = healthOf(store, budget);
  // A pod that is not well does not count towards the budget, so that its end costs nothing.
  const costsNothing = !isHealthy(pod) && (isAlwaysAllowed(budget) || (needed > 0 && healthy >= needed));
  if (costsNothing || healthy > needed) return;
  throw new Refusal(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${budget.metadata.name} needs ${needed} healthy pods and has ${healthy} currently`,
      },
    ],
  });
}

const isAlwaysAllowed = (budget: KubeObject): boolean =>
  textAt(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow';

/**
 * What the disruption controller would have written into the budget's status by now. A budget that says neither
 * `minAvailable` nor `maxUnavailable` is taken by the status that its owner gave it.
 */
function healthOf(store: Store, budget: KubeObject): { readonly healthy: number; readonly needed: number } {
  const pods = store
    .list('pods')
    .filter((pod) => pod.metadata.namespace === budget.metadata.namespace && covers(budget, pod));
  const healthy = pods.filter(isHealthy).length;
  const { minAvailable, maxUnavailable } = objectAt(budget, 'spec');
  if (minAvailable !== undefined) return { healthy, needed: counted(minAvailable, pods.length) };
  if (maxUnavailable !== undefined)
    return { healthy, needed: Math.max(0, pods.length - counted(maxUnavailable, pods.length)) };
  return { healthy, needed: healthy - (numberAt(budget, 'status', 'disruptionsAllowed') ?? 0) };
}

/** A number of pods, or a share of them; shares are rounded up. */
const counted = (value: Json, of: number): number =>
  typeof value === 'string' && value.endsWith('%') ? Math.ceil((Number(value.slice(0, -1)) / 100) * of) : Number(value);

/** Running, not ending, and not said to be unready. */
function isHealthy(pod: KubeObject): boolean {
  const ready = listAt(pod, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  return (
    textAt(pod, 'status', 'phase') === 'Running' &&
    pod.metadata.deletionTimestamp === undefined &&
    (ready === undefined || textAt(ready, 'status') === 'True')
  );
}
