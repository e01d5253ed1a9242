import { z } from 'zod';
import type { Instant } from '../../domain/time.ts';
import { type KubeObject, unreadable } from '../kubernetes/kubeObject.ts';
import { isFinished, type RoleOf, seenPod } from '../kubernetes/pods.ts';

/** A pod that is a job, also while it waits for a node. */
export interface JobPod {
  /** The pod's uid: what names a job. Nothing else of it is kept, so that a recording tells no project's name. */
  readonly uid: string;
  readonly queuedAt: Instant;
  /** What kind of job it is, where a runner or a controller wrote it into the pod. */
  readonly class?: string | undefined;
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
  if (!pod.success) throw unreadable(object, 'pod', pod.error);
  const { uid, creationTimestamp } = pod.data.metadata;
  const queuedAt = Date.parse(creationTimestamp);
  const bound = seenPod(object, roleOf);
  // A pod that waits for a node is seen by the same rules once it has one; until then only its waiting matters.
  if (bound === undefined) return { uid, queuedAt, run: undefined };
  if (bound.role.kind !== 'job') return undefined;
  const { node, startedAt, finishedAt } = bound;
  if (startedAt === undefined) return { uid, queuedAt, run: undefined };
  const run = { node, startedAt, isOver: isFinished(bound) || finishedAt !== undefined, endedAt: finishedAt };
  return { uid, queuedAt, class: classIn(pod.data.metadata), run };
}

/** What is no such record says nothing of the job's kind, and the pod is a pod all the same. */
const NAMES = z.record(z.string(), z.string()).catch({});

const POD = z.object({
  metadata: z.object({
    uid: z.string(),
    creationTimestamp: z.iso.datetime({ offset: true }),
    labels: NAMES,
    annotations: NAMES,
  }),
});

/** Where CI systems write what kind of job a pod is: names of tasks, runner sets and jobs, and none of projects or branches. */
const CLASS_LABELS = [
  'tekton.dev/pipelineTask',
  'actions.github.com/scale-set-name',
  'runner-deployment-name',
  'jenkins/label',
  'batch.kubernetes.io/job-name',
  'job-name',
];

/** A CronJob numbers its jobs, and some runners the parts of one: the kind is the same. */
function classIn({ labels, annotations }: z.infer<typeof POD>['metadata']): string | undefined {
  const name = CLASS_LABELS.map((label) => labels[label]).find((value) => value !== undefined && value !== '');
  const found = (name ?? annotations['job.runner.gitlab.com/name'] ?? '')
    .replace(/-\d+$/, '')
    .replace(/ \d+\/\d+$|:? \[[^[\]]*\]$/, '');
  return found === '' ? undefined : found;
}
