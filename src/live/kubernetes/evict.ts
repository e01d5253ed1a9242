import { V1DeleteOptions, V1Eviction, V1ObjectMeta, V1Preconditions } from '@kubernetes/client-node';
import type { Instant } from '../../domain/time.ts';
import type { Kube, KubeAnswer } from './kubeClient.ts';
import { isFinished, isStuck, type SeenPod } from './pods.ts';

/**
 * Asks one pod to leave its node, by an eviction that keeps to its disruption budget and its own grace. Ok where the pod is on its
 * way out, or gone already; what the server says otherwise is returned, a budget's no as `throttled`. Never a job.
 */
export async function evictPod(kube: Kube, pod: SeenPod): Promise<KubeAnswer<undefined>> {
  if (!mayBeAsked(pod)) throw new Error(`${pod.namespace}/${pod.name} is not to be evicted`);
  const { uid, namespace, name } = pod;
  const answer = await kube.call(
    'create pods/eviction',
    () => kube.core.createNamespacedPodEviction({ namespace, name, body: evictionOf({ uid, namespace, name }) }),
    { mutating: true },
  );
  const isGone = answer.kind === 'failed' && (answer.class === 'not-found' || answer.class === 'gone');
  return answer.kind === 'ok' || isGone ? { kind: 'ok', value: undefined } : answer;
}

/**
 * Whether a pod is to leave before its node's instance ends: it is at no work, and a controller would make it anew. Pods of
 * DaemonSets and files are not, nor are those that say that they must not be moved: those leave with the node. One that should have
 * ended long ago will not leave by waiting.
 */
export const isToLeave = (pod: SeenPod, now: Instant): boolean =>
  !pod.job && pod.evictable && !isFinished(pod) && !isStuck(pod, now);

/** Whether a pod may be asked to leave. */
export const mayBeAsked = (pod: SeenPod): boolean => !pod.job && pod.evictable && !pod.terminating && !isFinished(pod);

function evictionOf({ uid, namespace, name }: Pick<SeenPod, 'uid' | 'namespace' | 'name'>): V1Eviction {
  const preconditions = Object.assign(new V1Preconditions(), { uid });
  return Object.assign(new V1Eviction(), {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: Object.assign(new V1ObjectMeta(), { namespace, name }),
    // Another pod may bear the name by now, and that one might be a job.
    deleteOptions: Object.assign(new V1DeleteOptions(), { preconditions }),
  });
}
