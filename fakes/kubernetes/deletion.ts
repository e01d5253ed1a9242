import { type Instant, seconds } from '../../src/domain/time.ts';
import { numberAt, objectAt, textAt } from './json.ts';
import { type KubeObject, timestamp, withMetadata } from './objects.ts';

/** The grace of a pod that names none: what the API server fills in. */
const DEFAULT_GRACE_S = 30;

/**
 * What becomes of an object whose deletion is asked for: undefined if it goes at once, else the object as it stays for now.
 * Pods go after their grace, namespaces once they are empty, and whatever has finalizers once it has lost them.
 * @param graceSeconds as the request says; a pod that runs nowhere, or has finished, gets none
 */
export function deleting(
  resource: string,
  object: KubeObject,
  now: Instant,
  graceSeconds: number | undefined,
): KubeObject | undefined {
  const grace = resource === 'pods' ? graceOf(object, graceSeconds) : 0;
  const over = now + seconds(grace);
  if (resource === 'namespaces') return terminating(object, over);
  if (grace === 0 && !isHeld(object)) return undefined;
  return ending(object, over, grace);
}

/** Whether a deletion that has begun leaves nothing to wait for. */
export const isDeletable = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined &&
  !isHeld(object) &&
  (object.metadata.deletionGracePeriodSeconds ?? 0) === 0;

/** Whether a grace has passed by `now`. */
export function isGraceOver(object: KubeObject, now: Instant): boolean {
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) <= now;
}

/** The object without a grace, as a kubelet leaves it that has stopped its containers; undefined if nothing holds it. */
export function afterGrace(object: KubeObject): KubeObject | undefined {
  return isHeld(object) ? withMetadata(object, { deletionGracePeriodSeconds: 0 }) : undefined;
}

const isHeld = (object: KubeObject): boolean => (object.metadata.finalizers ?? []).length > 0;

function graceOf(pod: KubeObject, asked: number | undefined): number {
  const phase = textAt(pod, 'status', 'phase');
  if (textAt(pod, 'spec', 'nodeName') === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
  const grace = asked ?? numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? DEFAULT_GRACE_S;
  return grace < 0 ? 1 : grace;
}

/** A second deletion can only bring the end forward. */
function ending(object: KubeObject, over: Instant, grace: number): KubeObject {
  const before = object.metadata.deletionTimestamp;
  if (before !== undefined && Date.parse(before) <= over && grace > 0) return object;
  return withMetadata(object, {
    // Rounding up: a grace is never cut short by the fraction of a second that the format cannot tell.
    deletionTimestamp: before !== undefined && Date.parse(before) <= over ? before : timestamp(over + seconds(1) - 1),
    deletionGracePeriodSeconds: grace,
  });
}

function terminating(namespace: KubeObject, now: Instant): KubeObject {
  if (namespace.metadata.deletionTimestamp !== undefined) return namespace;
  const status = { ...objectAt(namespace, 'status'), phase: 'Terminating' };
  return withMetadata({ ...namespace, status }, { deletionTimestamp: timestamp(now) });
}

/** Whether a namespace takes nothing new any more. */
export const isTerminating = (namespace: KubeObject): boolean => textAt(namespace, 'status', 'phase') === 'Terminating';
