import { z } from 'zod';
import { NODE_LABEL } from '../../../domain/nodeLabels.ts';
import { isKnownTaint } from '../knownTaints.ts';
import type { KubeObject } from '../kubeObject.ts';
import { isKeepingOff, TAINT_WRITTEN, type Taint } from '../nodeTaint.ts';
import { alikeShared } from './alikeShared.ts';
import { AMOUNTS, type Amounts } from './amounts.ts';

/** What a node is like for pods, as far as the next one of its kind will be like it. Nodes that are alike share one object. */
export interface NodeShape {
  readonly labels: Readonly<Record<string, string>>;
  /** Those that keep pods off and stay. */
  readonly taints: readonly Taint[];
  /** What it has for pods. */
  readonly allocatable: Amounts;
}

/** Reads the shape of a Node; undefined where it does not say, or not yet, what it has for pods. */
export function nodeShape(object: KubeObject): NodeShape | undefined {
  const node = NODE.safeParse(object);
  if (!node.success) return undefined;
  const { metadata, spec, status } = node.data;
  const { allocatable } = status;
  if (allocatable['cpu'] === undefined || allocatable['memory'] === undefined) return undefined;
  const labels = Object.entries(metadata.labels ?? {})
    .filter(([key]) => key !== NODE_LABEL.pool && key !== NODE_LABEL.block)
    .map(([key, value]) => [key, key === HOSTNAME ? UNNAMED : value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const shape: NodeShape = {
    labels: Object.fromEntries(labels),
    taints: (spec?.taints ?? []).filter((taint) => isKeepingOff(taint) && !isKnownTaint(taint.key)),
    allocatable,
  };
  return shared(JSON.stringify(shape), () => shape);
}

/** The next node has another name, which no pod can ask for yet. */
export const UNNAMED = '';

const HOSTNAME = 'kubernetes.io/hostname';

const shared = alikeShared<NodeShape>();

const NODE = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).nullish() }),
  spec: z.object({ taints: z.array(TAINT_WRITTEN).nullish() }).nullish(),
  status: z.object({ allocatable: AMOUNTS }),
});
