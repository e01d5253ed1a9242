import { z } from 'zod';
import { AMOUNTS, type Amounts, largest, summed } from './amounts.ts';

/**
 * What the scheduler reckons a pod with: its containers and sidecars together, or the largest of its init containers with
 * the sidecars that run by then, whichever is more of each resource; what the pod itself asks for stands above that; its
 * overhead comes on top, and one place among the node's pods.
 * Sources: Kubernetes, "Init Containers" (resource sharing within containers), "Sidecar Containers" (the same), "Pod
 * Overhead", "Assign Pod-level CPU and memory resources".
 */
export function requestsOf(spec: PodResources): Amounts {
  let sidecars: Amounts = {};
  let starting: Amounts = {};
  for (const { restartPolicy, resources } of spec.initContainers ?? []) {
    const requests = resources?.requests ?? {};
    // They run one after the other, each beside the sidecars that were started before it.
    if (restartPolicy === 'Always') sidecars = summed(sidecars, requests);
    else starting = largest(starting, summed(sidecars, requests));
  }
  const running = summed(sidecars, ...(spec.containers ?? []).map(({ resources }) => resources?.requests ?? {}));
  const ofContainers = largest(starting, running);
  return summed({ ...ofContainers, ...spec.resources?.requests }, spec.overhead ?? {}, ONE_PLACE);
}

/** A node's `allocatable` counts its pods as a resource. */
const ONE_PLACE: Amounts = { pods: 1_000 };

const RESOURCES = z.object({ requests: AMOUNTS.nullish() }).nullish();

/** The fields of a pod's `spec` that say what it needs of a node's resources. */
export const POD_RESOURCES = z.object({
  containers: z.array(z.object({ resources: RESOURCES })).nullish(),
  initContainers: z.array(z.object({ restartPolicy: z.string().nullish(), resources: RESOURCES })).nullish(),
  overhead: AMOUNTS.nullish(),
  resources: RESOURCES,
});

type PodResources = z.infer<typeof POD_RESOURCES>;
