import { z } from 'zod';
import type { Instant } from '../../domain/time.ts';
import type { KubeObject } from '../kubernetes/kubeObject.ts';
import { isFinished, type RoleOf, seenPod } from '../kubernetes/pods.ts';

/** A pod that is a job, also while it waits for a node. */
export interface JobPod {
  /** The pod's uid: what names a job. Nothing else of it is kept, so that a recording tells no project's name. */
  readonly uid: string;
  readonly queuedAt: Instant;
  /** Undefined while it waits. */
  readonly run: JobRun | undefined;
}

export interface JobRun {
  /** The node's name. */
  readonly node: string;
  /** When kubelet took it on: from here on it keeps its node busy, also while images are pulled. */
  readonly startedAt: Instant;
  readonly isOver: boolean;
  /** Undefined while it runs, and where no container says when it ended. */
  readonly endedAt: Instant | undefined;
}

/** What is kept of a pod; undefined for one that is no job. Throws TypeError for an object that is no pod. */
export function jobPod(object: KubeObject, roleOf: RoleOf): JobPod | undefined {
  const pod = POD.safeParse(object);
  if (!pod.success) throw new TypeError(`${object.metadata.name} is no pod that can be read`);
  const { uid, creationTimestamp } = pod.data.metadata;
  const queuedAt = Date.parse(creationTimestamp);
  const bound = seenPod(object, roleOf);
  // A pod that waits for a node is seen by the same rules once it has one; until then only its waiting matters.
  if (bound === undefined) return { uid, queuedAt, run: undefined };
  if (bound.role.kind !== 'job') return undefined;
  const { node, startedAt, finishedAt } = bound;
  if (startedAt === undefined) return { uid, queuedAt, run: undefined };
  return {
    uid,
    queuedAt,
    run: { node, startedAt, isOver: isFinished(bound) || finishedAt !== undefined, endedAt: finishedAt },
  };
}

const POD = z.object({
  metadata: z.object({ uid: z.string(), creationTimestamp: z.iso.datetime({ offset: true }) }),
});
