import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { type Millis, seconds } from '../../domain/time.ts';
import type { Kube, KubeAnswer } from './kubeClient.ts';
import { asSent, type KubeObject } from './kubeObject.ts';
import { POD_MARK } from './marks.ts';
import type { DelayChange, WaitingPod } from './podDelay.ts';

/** A hold that comes later than the delay at creation ends has lost its race. */
const TIMEOUT_MS: Millis = seconds(5);

/**
 * Writes how long a pod is held. Through `pods/status`, of which the server takes metadata and status and leaves the spec as it is:
 * who may patch `pods` could give them another image. `wrote` is given the pod as the server returned it.
 */
export async function holdPod(
  { kube, wrote }: { readonly kube: Kube; readonly wrote: (pod: KubeObject) => void },
  { uid, namespace, name }: Pick<WaitingPod, 'uid' | 'namespace' | 'name'>,
  annotations: DelayChange,
): Promise<KubeAnswer<undefined>> {
  // The uid makes the server refuse the patch where the name means another pod by now.
  const body = { metadata: { uid, annotations } };
  const answer = await kube.call(
    annotations[POD_MARK.held] === null ? 'release pods' : 'hold pods',
    () =>
      kube.core.patchNamespacedPodStatus(
        { namespace, name, body },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      ),
    { mutating: true, timeoutMs: TIMEOUT_MS },
  );
  if (answer.kind === 'failed') return answer;
  const pod = asSent(answer.value);
  if (pod !== undefined) wrote(pod);
  return { kind: 'ok', value: undefined };
}
