import { z } from 'zod';
import type { Instant } from '../../../domain/time.ts';
import type { KubeObject } from '../kubeObject.ts';
import { type SeenNode, seenNode } from '../nodes.ts';
import type { WaitingPod } from '../podDelay.ts';
import { anyPod, isBound, type RoleOf, type SeenPod, seenPod } from '../pods.ts';
import { type NodeShape, nodeShape } from './nodeShape.ts';
import { type PodNeeds, podNeeds } from './podNeeds.ts';

/** A node with what the next one of its kind will be like. */
export interface WatchedNode extends SeenNode {
  /** Undefined where it does not say. */
  readonly shape: NodeShape | undefined;
}

/** A pod on a node, or a job that waits for one. */
export interface WatchedPod {
  readonly uid: string;
  readonly createdAt: Instant | undefined;
  /** The pod on its node; undefined while it waits. */
  readonly bound: SeenPod | undefined;
  /** What a hold needs of one that waits; undefined for one on a node. */
  readonly waits: WaitingPod | undefined;
  /** What it needs of a node. Kept of jobs, and of what runs on every node; undefined where it cannot be read. */
  readonly needs: PodNeeds | undefined;
}

/** What is kept of a Node. Throws TypeError for an object that is none. */
export const watchedNode = (object: KubeObject): WatchedNode => ({ ...seenNode(object), shape: nodeShape(object) });

/** What is kept of a Node where nobody counts jobs. */
export const plainNode = (object: KubeObject): WatchedNode => ({ ...seenNode(object), shape: undefined });

/** What is kept of a pod where nobody counts jobs: nothing of those without a node. */
export function plainPod(object: KubeObject, roleOf: RoleOf): WatchedPod | undefined {
  const bound = seenPod(object, roleOf);
  if (bound === undefined) return undefined;
  return { uid: bound.uid, createdAt: bound.createdAt, bound, waits: undefined, needs: undefined };
}

/**
 * What is kept of a pod: of those without a node only jobs that the scheduler tries to place. One that is held by a
 * scheduling gate is not ready to be placed (Kubernetes, "Pod Scheduling Readiness"). Throws TypeError for an object that is no pod.
 */
export function watchedPod(object: KubeObject, roleOf: RoleOf): WatchedPod | undefined {
  const { pod, delay } = anyPod(object, roleOf);
  const { uid, createdAt, namespace, name } = pod;
  if (isBound(pod)) {
    const needs = pod.role.kind === 'job' || isOnEveryNode(pod) ? podNeeds(object) : undefined;
    return { uid, createdAt, bound: pod, waits: undefined, needs };
  }
  if (pod.role.kind !== 'job' || pod.phase !== 'Pending' || pod.terminating || isGated(object)) return undefined;
  const waits = { uid, namespace, name, createdAt, delay };
  return { uid, createdAt, bound: undefined, waits, needs: podNeeds(object) };
}

/** Whether the next node of the kind will have such a pod too. */
export const isOnEveryNode = ({ daemonSet, mirror }: SeenPod): boolean => daemonSet || mirror;

const isGated = (object: KubeObject): boolean => {
  const gated = GATED.safeParse(object);
  return gated.success && (gated.data.spec.schedulingGates ?? []).length > 0;
};

const GATED = z.object({ spec: z.object({ schedulingGates: z.array(z.unknown()).nullish() }) });
