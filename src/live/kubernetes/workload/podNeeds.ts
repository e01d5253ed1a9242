import { z } from 'zod';
import { NODE_LABEL } from '../../../domain/nodeLabels.ts';
import type { KubeObject } from '../kubeObject.ts';
import { alikeShared } from './alikeShared.ts';
import type { Amounts } from './amounts.ts';
import { NODE_TERM, type NodeTerm } from './nodeTerms.ts';
import { POD_RESOURCES, requestsOf } from './requests.ts';
import { TOLERATION, type Toleration } from './taints.ts';

/** What a pod needs of a node. Pods that need the same share one object. */
export interface PodNeeds {
  /** Labels that the node must have, with these values. */
  readonly selector: Readonly<Record<string, string>>;
  /** The node must meet one of them; undefined where nothing of the kind is asked. */
  readonly terms: readonly NodeTerm[] | undefined;
  readonly tolerations: readonly Toleration[];
  readonly requests: Amounts;
  /** The pools that it names, required or preferred: which of several that it fits it is meant for. */
  readonly pools: readonly string[];
}

/** Reads what a pod needs; undefined where that cannot be read: then it is not known where the pod fits. */
export function podNeeds(object: KubeObject): PodNeeds | undefined {
  // Reading it whole takes long, and of thousands of pods only a few say something new.
  const part = NEEDING_PART.safeParse(object);
  if (!part.success) return undefined;
  return shared(JSON.stringify(part.data), () => readNeeds(part.data));
}

const shared = alikeShared<PodNeeds | undefined>();

function readNeeds(part: unknown): PodNeeds | undefined {
  const pod = POD.safeParse(part);
  if (!pod.success) return undefined;
  const { spec } = pod.data;
  const affinity = spec.affinity?.nodeAffinity;
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const selector = spec.nodeSelector ?? {};
  const named = [...(terms ?? []), ...preferred.map(({ preference }) => preference)].flatMap(({ labels }) =>
    labels.flatMap(({ key, operator, values }) => (key === NODE_LABEL.pool && operator === 'In' ? values : [])),
  );
  return {
    selector,
    terms,
    tolerations: spec.tolerations ?? [],
    requests: requestsOf(spec),
    pools: [...(selector[NODE_LABEL.pool] === undefined ? [] : [selector[NODE_LABEL.pool] ?? '']), ...named],
  };
}

/** The part of a pod that `POD` reads, unread. */
const RESOURCES = z.object({ restartPolicy: z.unknown().optional(), resources: z.unknown().optional() });
const NEEDING_PART = z.object({
  spec: z.object({
    ...{
      nodeSelector: z.unknown().optional(),
      tolerations: z.unknown().optional(),
      overhead: z.unknown().optional(),
      resources: z.unknown().optional(),
    },
    affinity: z.object({ nodeAffinity: z.unknown().optional() }).nullish(),
    containers: z.array(RESOURCES).nullish(),
    initContainers: z.array(RESOURCES).nullish(),
  }),
});

const POD = z.object({
  spec: POD_RESOURCES.extend({
    nodeSelector: z.record(z.string(), z.string()).nullish(),
    tolerations: z.array(TOLERATION).nullish(),
    affinity: z
      .object({
        nodeAffinity: z
          .object({
            requiredDuringSchedulingIgnoredDuringExecution: z
              .object({ nodeSelectorTerms: z.array(NODE_TERM) })
              .nullish(),
            preferredDuringSchedulingIgnoredDuringExecution: z.array(z.object({ preference: NODE_TERM })).nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});
