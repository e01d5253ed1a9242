import { V1DeleteOptions, V1Eviction, V1ObjectMeta, V1Preconditions } from '@kubernetes/client-node';
import { type Instant, type Millis, minutes, seconds } from '../../domain/time.ts';
import { type Clock, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Kube, KubeAnswer } from './kubeClient.ts';
import { isFinished, type SeenPod } from './pods.ts';

export interface Eviction {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** The pods of the node by a consistent list. */
  readonly podsThere: () => Promise<KubeAnswer<readonly SeenPod[]>>;
  /** After which nothing more is tried. */
  readonly deadline: Instant;
}

/** What an eviction came to, by uid. */
export interface Evicted {
  /** Pods whose end was accepted, or that were gone already. */
  readonly evicted: readonly string[];
  /** Pods that the server would not evict, whatever is tried. */
  readonly stuck: readonly string[];
}

/**
 * Asks pods other than jobs to leave a node, within their disruption budgets, until none is left that may be moved or
 * the deadline comes. Pods of jobs, DaemonSets and files are never asked, nor are pods that no controller would make
 * anew or that say that they must not be moved: those leave with the node. A list that fails evicts nobody.
 */
export async function evictPods(eviction: Eviction): Promise<Evicted> {
  const { clock, signal, podsThere, deadline } = eviction;
  const evicted = new Set<string>();
  const stuck = new Set<string>();
  const isOver = (): boolean => signal.aborted || clock.now() >= deadline;
  while (!isOver()) {
    let waitMs: Millis = AGAIN_AFTER_MS;
    const there = await podsThere();
    if (there.kind === 'failed') waitMs = Math.max(waitMs, there.retryAfterMs ?? 0);
    else {
      const asked = there.value.filter((pod) => mayBeAsked(pod) && !evicted.has(pod.uid) && !stuck.has(pod.uid));
      if (asked.length === 0) break;
      for (const pod of asked) {
        if (isOver()) break;
        const outcome = await evict(eviction, pod);
        if (outcome === 'evicted') evicted.add(pod.uid);
        else if (outcome === 'stuck') stuck.add(pod.uid);
        else waitMs = Math.max(waitMs, outcome.retryAfterMs);
      }
    }
    await until(clock, Math.min(deadline, clock.now() + Math.min(waitMs, LONGEST_WAIT_MS)), signal);
  }
  return { evicted: [...evicted], stuck: [...stuck] };
}

/** Whether a pod may be asked to leave. */
export const mayBeAsked = (pod: SeenPod): boolean => !pod.job && pod.evictable && !pod.terminating && !isFinished(pod);

/** As kubectl does after a disruption budget has said no. */
const AGAIN_AFTER_MS = seconds(5);
/** A server that asks for more is asked again all the same: the node's time runs out. */
const LONGEST_WAIT_MS = minutes(1);

async function evict(
  { kube, telemetry }: Eviction,
  { uid, namespace, name }: SeenPod,
): Promise<'evicted' | 'stuck' | { readonly retryAfterMs: Millis }> {
  const answer = await kube.call(
    'create pods/eviction',
    () => kube.core.createNamespacedPodEviction({ namespace, name, body: evictionOf({ uid, namespace, name }) }),
    { mutating: true },
  );
  if (answer.kind === 'ok') return 'evicted';
  switch (answer.class) {
    case 'not-found':
    case 'gone':
      return 'evicted';
    // Either something changed meanwhile or the name means another pod: the next list will tell.
    case 'conflict':
    case 'throttled':
    case 'malformed':
      return { retryAfterMs: answer.retryAfterMs ?? 0 };
    case 'unreachable':
      // With 500 the server says that it cannot decide, as for a pod with two disruption budgets. Asking again is no use.
      if (answer.code !== 500) return { retryAfterMs: answer.retryAfterMs ?? 0 };
      break;
    case 'forbidden':
    case 'refused':
      break;
  }
  telemetry.noted('warn', 'a pod cannot be evicted', { namespace, pod: name, code: answer.code, why: answer.message });
  return 'stuck';
}

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
