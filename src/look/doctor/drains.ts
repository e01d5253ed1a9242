import type { Kube } from '../../live/kubernetes/kubeClient.ts';
import { type TightBudget, tightBudgets } from '../budgets.ts';
import type { Look } from '../look.ts';
import { type DrainedPod, drainedPods, podText } from '../otherPods.ts';
import { lengthText } from '../words.ts';
import { checking, type Finding } from './finding.ts';

/** What a drain of each block would do to pods other than jobs, and why; and which of them would hold it up. */
export async function drainFindings(seen: Look, kube: Kube, signal: AbortSignal): Promise<readonly Finding[]> {
  const pods = drainedPods(seen);
  const evicted = pods.filter(({ fate }) => fate === 'evicted');
  const budgets = evicted.length === 0 ? undefined : await tightBudgets(kube, signal);
  return [
    ...(budgets?.kind === 'unknown'
      ? [
          checking('drains', 'budgets').unknown(
            `disruption budgets cannot be listed: ${budgets.why}`,
            'they say whether pods may leave a block; only the doctor needs to list them',
          ),
        ]
      : []),
    ...pods.map((one) => findingOf(one, seen, budgets?.kind === 'known' ? budgets.value : [])),
  ];
}

function findingOf({ pod, block, pool, fate }: DrainedPod, { file }: Look, budgets: readonly TightBudget[]): Finding {
  const check = checking('drains', block);
  const what = `${podText(pod)}: ${pod.role.rule}`;
  switch (fate) {
    case 'kept':
      return check.warn(
        `a drain waits for ${what}`,
        'name it under live.notJobs if it is no work, so that it is evicted; or under live.jobs if it is',
      );
    case 'lost':
      return check.warn(
        `a drain leaves ${what}; it ends with the instance`,
        'keep it off blocks, or name it under live.jobs if it is work',
      );
    case 'evicted': {
      const closed = budgets.filter(({ namespace, covers }) => namespace === pod.namespace && covers(pod.labels));
      if (closed.length === 0) return check.ok(`a drain evicts ${what}`);
      const evictMs = file.pools.find(({ name }) => name === pool)?.timeouts.evictMs ?? 0;
      return check.warn(
        `a drain waits up to ${lengthText(evictMs)} for ${what}; its budget ${closed.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')} allows no disruption now`,
        'let the budget allow one, or keep the pod off blocks',
      );
    }
  }
}
