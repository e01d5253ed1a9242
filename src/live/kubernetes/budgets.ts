import { z } from 'zod';
import type { KubeObject } from './kubeObject.ts';
import type { PodTraits } from './podTraits.ts';
import { meetsTerm, type Requirement } from './workload/nodeTerms.ts';

/** A PodDisruptionBudget. */
export interface Budget {
  readonly namespace: string;
  readonly name: string;
  /** What labels its pods have; undefined for a budget of no pod, and empty for one of every pod of its namespace. */
  readonly selector: readonly Requirement[] | undefined;
  /** How many of its pods may be evicted now; undefined where its controller has not said so. */
  readonly disruptionsAllowed: number | undefined;
}

/** Reads a PodDisruptionBudget. Throws for an object that is none. Source: API reference, policy/v1. */
export function budgetIn(object: KubeObject): Budget {
  const { metadata, spec, status } = BUDGET.parse(object);
  const { matchLabels, matchExpressions } = spec?.selector ?? {};
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    selector:
      spec?.selector == null
        ? undefined
        : [
            ...Object.entries(matchLabels ?? {}).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
            ...(matchExpressions ?? []).map(({ key, operator, values }) => ({ key, operator, values: values ?? [] })),
          ],
    disruptionsAllowed: status?.disruptionsAllowed ?? undefined,
  };
}

/** Whether a budget has a say in a pod's eviction. */
export const guards = (
  { namespace, selector }: Budget,
  pod: Pick<PodTraits, 'namespace' | 'name' | 'labels'>,
): boolean =>
  namespace === pod.namespace &&
  selector !== undefined &&
  (selector.length === 0 || meetsTerm({ labels: selector, fields: [] }, pod.labels, pod.name));

const BUDGET = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string() }),
  spec: z
    .object({
      selector: z
        .object({
          matchLabels: z.record(z.string(), z.string()).nullish(),
          matchExpressions: z
            .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
  status: z.object({ disruptionsAllowed: z.number().nullish() }).nullish(),
});
