import { before, type Instant, minutes, NEVER } from '../../../domain/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Kube } from '../kubeClient.ts';
import { type SeenNode, seenNode } from '../nodes.ts';
import { isBusy, type RoleOf, type SeenPod, seenPod } from '../pods.ts';
import { listAll } from './listing.ts';

/** Two machines' clocks differ by less. */
const SKEW_MS = minutes(1);

/**
 * Kubernetes deletes pods that are bound to a node that is not there after some forty seconds (pod garbage collector). One that
 * is there for so much longer is stuck, and says nothing of what runs.
 */
const STUCK_MS = minutes(15);

interface Finding {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly roleOf: RoleOf;
}

/**
 * Why it cannot be said that an instance has no node: by lists of nodes and pods that are asked for now, whole or not at all.
 * A job may be on it if its pod is bound to a node that is not there, or to one of which nobody has said what instance it is.
 */
export function doubtsOfNodes({ kube, clock, signal, roleOf }: Finding) {
  /** Jobs that are bound to nodes that are not there, and since when that is known. */
  const homeless = new Map<string, Instant>();

  return async (instanceId: string, startedAt: Instant): Promise<string | undefined> => {
    const now = clock.now();
    const [nodes, pods] = await Promise.all([
      listAll(kube, { resource: 'nodes', path: '/api/v1/nodes', keep: seenNode, signal }),
      listAll(kube, { resource: 'pods', path: '/api/v1/pods', keep: (object) => seenPod(object, roleOf), signal }),
    ]);
    if (nodes.kind === 'failed') return `nodes cannot be listed: ${nodes.message}`;
    if (pods.kind === 'failed') return `pods cannot be listed: ${pods.message}`;
    const byName = new Map(nodes.value.items.map((node) => [node.name, node]));
    if (nodes.value.items.some((node) => node.instanceId === instanceId))
      return 'a list has its node, which no watch has told';
    const jobs = pods.value.items.filter((pod) => pod !== undefined).filter((pod) => isBusy(pod, now));
    const lost = jobs.filter(({ node }) => !byName.has(node));
    note(lost, now);
    if (lost.some(({ uid }) => now < (homeless.get(uid) ?? now) + STUCK_MS))
      return 'jobs are bound to nodes that are not there';
    const unnamed = jobs.some(({ node }) => mayBeIts(byName.get(node), startedAt));
    return unnamed ? 'jobs run on nodes of which nobody has said what instances they are' : undefined;
  };

  function note(lost: readonly SeenPod[], now: Instant): void {
    const still = new Set(lost.map(({ uid }) => uid));
    for (const uid of homeless.keys()) if (!still.has(uid)) homeless.delete(uid);
    for (const uid of still) if (!homeless.has(uid)) homeless.set(uid, now);
  }
}

/** A node is no older than its instance; one of which nobody says how old it is may be young. */
const mayBeIts = (node: SeenNode | undefined, startedAt: Instant): boolean =>
  node !== undefined && node.instanceId === undefined && (node.createdAt ?? NEVER) >= before(startedAt, SKEW_MS);
