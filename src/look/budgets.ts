import { z } from 'zod';
import type { Kube } from '../live/kubernetes/kubeClient.ts';
import { type LabelTest, labelSelector } from '../live/kubernetes/selector.ts';
import { listAll } from '../live/kubernetes/watch/listing.ts';
import { type Found, known, unknown } from './found.ts';

/** A disruption budget that lets nobody go at the moment. */
export interface TightBudget {
  readonly namespace: string;
  readonly name: string;
  readonly covers: LabelTest;
}

/** The budgets that allow no eviction now. The keeper has no right to read them; whoever looks may have it. */
export async function tightBudgets(kube: Kube, signal: AbortSignal): Promise<Found<readonly TightBudget[]>> {
  const path = '/apis/policy/v1/poddisruptionbudgets';
  const keep = (object: unknown): TightBudget | undefined => tightIn(BUDGET.parse(object));
  const list = await listAll(kube, { resource: 'poddisruptionbudgets', path, keep, signal });
  if (list.kind === 'failed') return unknown(`${list.class}: ${list.message}`);
  return known(list.value.items.filter((budget) => budget !== undefined));
}

function tightIn({ metadata, spec, status }: z.infer<typeof BUDGET>): TightBudget | undefined {
  if ((status?.disruptionsAllowed ?? 0) > 0) return undefined;
  const parts = [
    ...Object.entries(spec?.selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(spec?.selector?.matchExpressions ?? []).map(queryOf),
  ];
  // An empty selector covers every pod of its namespace.
  return { ...metadata, covers: parts.length === 0 ? () => true : labelSelector(parts.join(',')) };
}

/** A requirement in the words of a label query. */
function queryOf({ key, operator, values }: z.infer<typeof EXPRESSION>): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'In':
    case 'NotIn':
      return `${key} ${operator.toLowerCase()} (${(values ?? []).join(',')})`;
  }
}

const EXPRESSION = z.object({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z.array(z.string()).nullish(),
});
const BUDGET = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z
    .object({
      selector: z
        .object({
          matchLabels: z.record(z.string(), z.string()).nullish(),
          matchExpressions: z.array(EXPRESSION).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  status: z.object({ disruptionsAllowed: z.int().nullish() }).nullish(),
});
