import { z } from 'zod';
import type { JobSeen } from '../../domain/facts.ts';
import { type Instant, type Millis, seconds } from '../../domain/time.ts';
import type { PodTraits } from './jobs.ts';
import type { KubeObject } from './kubeObject.ts';
import { POD_MARK } from './marks.ts';
import type { PodDelay } from './podDelay.ts';

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
  readonly job: boolean;
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

/**
 * What is kept of a pod; undefined for one that is bound to no node yet. Throws TypeError for an object that is no pod.
 */
export function seenPod(object: KubeObject, isJob: (pod: PodTraits) => boolean): SeenPod | undefined {
  const { pod } = anyPod(object, isJob);
  return isBound(pod) ? pod : undefined;
}

export const isBound = (pod: AnyPod): pod is SeenPod => pod.node !== undefined;

/** What is kept of a pod, bound to a node or not. Throws TypeError for an object that is no pod. */
export function anyPod(object: KubeObject, isJob: (pod: PodTraits) => boolean): ReadPod {
  const pod = POD.safeParse(object);
  if (!pod.success) throw new TypeError(`${object.metadata.name} is no pod that can be read`);
  const { metadata, spec, status } = pod.data;
  const annotations = metadata.annotations ?? {};
  const owners = metadata.ownerReferences ?? [];
  const daemonSet = owners.some(({ kind }) => kind === 'DaemonSet');
  const mirror = annotations['kubernetes.io/config.mirror'] !== undefined || owners.some(({ kind }) => kind === 'Node');
  const finishedAt = lastEndOf(status.containerStatuses ?? []);
  const { namespace, name, uid, deletionTimestamp } = metadata;
  const traits = { namespace, name, labels: metadata.labels ?? {}, annotations, daemonSet, mirror };
  const read: AnyPod = {
    ...{ uid, namespace, name, daemonSet, mirror },
    node: spec.nodeName == null || spec.nodeName === '' ? undefined : spec.nodeName,
    phase: status.phase ?? 'Unknown',
    job: isJob({ ...traits, restartPolicy: spec.restartPolicy ?? 'Always' }),
    evictable:
      !daemonSet &&
      !mirror &&
      owners.some(({ controller }) => controller === true) &&
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
 * Whether a pod keeps its node busy: it is a job, bound and not finished. That it is still pulling images, or that
 * nobody knows its phase, makes it no less busy. One that should have ended long ago, on a dead node or held by a
 * finalizer, will not end by waiting.
 */
export const isBusy = (pod: SeenPod, now: Instant): boolean =>
  pod.job && !isFinished(pod) && !(pod.graceEndsAt !== undefined && now > pod.graceEndsAt + STUCK_AFTER_MS);

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

/** What kubelet needs to report an end after the grace, and what two clocks may differ by. */
const STUCK_AFTER_MS: Millis = seconds(30);

/** What says on a pod that it is not to be moved: to Cluster Autoscaler, to its newer versions, and to Karpenter. */
const KEEPING_ANNOTATIONS: readonly (readonly [key: string, value: RegExp])[] = [
  ['cluster-autoscaler.kubernetes.io/safe-to-evict', /^(?:false|on-completion)$/],
  ['karpenter.sh/do-not-disrupt', /^(?!false$)/],
];

/** When the last of some containers ended; undefined while one of them has not, or if there are none. */
function lastEndOf(containers: readonly ContainerStatus[]): Instant | undefined {
  let last: Instant | undefined;
  for (const { state } of containers) {
    const finishedAt = state?.terminated?.finishedAt;
    if (typeof finishedAt !== 'string') return undefined;
    last = Math.max(last ?? 0, Date.parse(finishedAt));
  }
  return last;
}

const TEXTS = z.record(z.string(), z.string()).nullish();
const TIME = z.iso.datetime({ offset: true }).nullish();
const CONTAINER = z.object({
  state: z.object({ terminated: z.object({ finishedAt: TIME }).nullish() }).nullish(),
});
type ContainerStatus = z.infer<typeof CONTAINER>;

const POD = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: TEXTS,
    annotations: TEXTS,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    ownerReferences: z.array(z.object({ kind: z.string(), controller: z.boolean().nullish() })).nullish(),
  }),
  spec: z.object({ nodeName: z.string().nullish(), restartPolicy: z.string().nullish() }),
  // A pod without a status is one of which nobody knows the phase.
  status: z
    .object({
      phase: z.string().nullish(),
      startTime: TIME,
      containerStatuses: z.array(CONTAINER).nullish(),
    })
    .default({}),
});
