import type { JobSeen } from '../../domain/facts.ts';
import { type Instant, type Millis, seconds } from '../../domain/time.ts';
import { MOST_SKEW_MS } from '../ports/clock.ts';
import { isWork, type PodRole } from './jobs.ts';
import type { KubeObject } from './kubeObject.ts';
import { POD_MARK } from './marks.ts';
import type { PodDelay } from './podDelay.ts';
import { containersOf, podIn, traitsOf } from './podObject.ts';
import type { PodTraits } from './podTraits.ts';
import { endOfWork } from './workEnd.ts';

/** A pod on a node, as far as the keeper needs it. */
export interface SeenPod {
  /** What names a job: another pod may bear the name later. */
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** The name of the node that it is bound to. */
  readonly node: string;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`, or what else the server says. */
  readonly phase: string;
  /** Whether it is at work, as far as is known: a job, or a pod of which that is unknown. It is never asked to leave. */
  readonly job: boolean;
  /** What it is for, and by which rule. */
  readonly role: PodRole;
  /** The object that controls it, as `ReplicaSet/web-7d9`; undefined for a bare pod. */
  readonly controller: string | undefined;
  readonly daemonSet: boolean;
  readonly mirror: boolean;
  /** Whether it may be evicted at all, once it is known to be no job: a controller makes it anew, and nothing on it says no. */
  readonly evictable: boolean;
  readonly terminating: boolean;
  /** When its grace ends, if it is terminating. */
  readonly graceEndsAt?: Instant;
  /** When it was made, which is the earliest that it may have been bound. */
  readonly createdAt?: Instant;
  readonly startedAt?: Instant;
  /** When its work ended: containers that only help may live on. */
  readonly finishedAt?: Instant;
}

/** A pod that may wait for a node yet. */
export interface AnyPod extends Omit<SeenPod, 'node'> {
  readonly node: string | undefined;
}

/** A pod, and how long it is held, as it stands on it. */
export interface ReadPod {
  readonly pod: AnyPod;
  readonly delay: PodDelay;
}

/** Tells what a pod is for. */
export type RoleOf = (pod: PodTraits) => PodRole;

/**
 * What is kept of a pod; undefined for one that is bound to no node yet. Throws TypeError for an object that is no pod.
 */
export function seenPod(object: KubeObject, roleOf: RoleOf): SeenPod | undefined {
  const { pod } = anyPod(object, roleOf);
  return isBound(pod) ? pod : undefined;
}

export const isBound = (pod: AnyPod): pod is SeenPod => pod.node !== undefined;

/** What is kept of a pod, bound to a node or not. Throws TypeError for an object that is no pod. */
export function anyPod(object: KubeObject, roleOf: RoleOf): ReadPod {
  const { metadata, spec, status } = podIn(object);
  const traits = traitsOf({ metadata, spec, status });
  const { namespace, name, annotations, restartPolicy, owner, daemonSet, mirror } = traits;
  const role = roleOf(traits);
  const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
  const finishedAt = endOfWork(containersOf({ metadata, spec, status }), restartPolicy, isOver, role.works);
  const { uid, deletionTimestamp } = metadata;
  const read: AnyPod = {
    ...{ uid, namespace, name, daemonSet, mirror },
    node: spec.nodeName == null || spec.nodeName === '' ? undefined : spec.nodeName,
    phase: status.phase ?? 'Unknown',
    job: isWork(role),
    role,
    controller: owner === undefined ? undefined : `${owner.kind}/${owner.name}`,
    evictable:
      !daemonSet &&
      !mirror &&
      owner !== undefined &&
      !KEEPING_ANNOTATIONS.some(([key, value]) => annotations[key] !== undefined && value.test(annotations[key])),
    terminating: typeof deletionTimestamp === 'string',
    // The server writes the time at which the grace ends, not the time of the request.
    ...(typeof deletionTimestamp === 'string' && { graceEndsAt: Date.parse(deletionTimestamp) }),
    ...(typeof metadata.creationTimestamp === 'string' && { createdAt: Date.parse(metadata.creationTimestamp) }),
    ...(typeof status.startTime === 'string' && { startedAt: Date.parse(status.startTime) }),
    ...(finishedAt !== undefined && { finishedAt }),
  };
  return { pod: read, delay: { value: annotations[POD_MARK.delay], mark: annotations[POD_MARK.held] } };
}

/** Whether its containers have all ended for good. */
export const isFinished = ({ phase }: SeenPod): boolean => phase === 'Succeeded' || phase === 'Failed';

/**
 * Whether a pod keeps its node busy: it is at work, bound, and its work has not ended. That it is still pulling images, or that
 * nobody knows its phase, makes it no less busy. One that should have ended long ago, on a dead node or held by a
 * finalizer, will not end by waiting.
 */
export const isBusy = (pod: SeenPod, now: Instant): boolean =>
  pod.job && !isFinished(pod) && pod.finishedAt === undefined && !isStuck(pod, now);

/** Whether it should have ended long ago, and will not by waiting. */
export const isStuck = ({ graceEndsAt }: SeenPod, now: Instant): boolean =>
  graceEndsAt !== undefined && now > graceEndsAt + STUCK_AFTER_MS;

/**
 * The jobs among some pods, as the keeper is shown them: those that keep their node busy, and those that ended and whose pods
 * are still there. Where kubelet has not said when it began, a job began when its pod was made.
 */
export const jobsAmong = (pods: readonly SeenPod[], now: Instant): readonly JobSeen[] =>
  pods.flatMap((pod): readonly JobSeen[] => {
    if (!pod.job) return [];
    const { uid: id, startedAt = pod.createdAt ?? now, finishedAt, graceEndsAt } = pod;
    if (isBusy(pod, now)) return [{ id, startedAt }];
    // One that should have ended long ago has ended by its grace at the latest; of some nobody says when.
    if (finishedAt === undefined && graceEndsAt === undefined) return [];
    return [{ id, startedAt, endedAt: finishedAt ?? Math.min(graceEndsAt ?? now, now) }];
  });

/** What kubelet needs to report an end after the grace, and what the clock by which the server wrote its end may differ by. */
const STUCK_AFTER_MS: Millis = seconds(30) + MOST_SKEW_MS;

/** What says on a pod that it is not to be moved: to Cluster Autoscaler, to its newer versions, and to Karpenter. */
const KEEPING_ANNOTATIONS: readonly (readonly [key: string, value: RegExp])[] = [
  ['cluster-autoscaler.kubernetes.io/safe-to-evict', /^(?:false|on-completion)$/],
  ['karpenter.sh/do-not-disrupt', /^(?!false$)/],
];
