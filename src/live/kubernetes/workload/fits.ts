import { NODE_LABEL } from '../../../domain/nodeLabels.ts';
import type { Taint } from '../nodeTaint.ts';
import type { Amounts } from './amounts.ts';
import { type NodeShape, UNNAMED } from './nodeShape.ts';
import { meetsTerm } from './nodeTerms.ts';
import type { PodNeeds } from './podNeeds.ts';
import { tolerates } from './taints.ts';

/** A kind of node that a pool has. */
export interface PoolShape {
  readonly shape: NodeShape;
  /** What one has for jobs, when nothing but what runs on every node is there. */
  readonly room: Amounts;
  /** How many nodes are like that. */
  readonly nodes: number;
}

/**
 * Whether a pod fits an empty node of a pool: selector, required node affinity, taints and resources. The pool's label
 * counts as there. What depends on other pods (affinity to them, spreading, ports, volumes) is not looked at.
 * Source: Kubernetes, "Assigning Pods to Nodes", "Taints and Tolerations" and the scheduler's filters NodeAffinity,
 * TaintToleration and NodeResourcesFit.
 */
export function fits(needs: PodNeeds, pool: string, { shape, room }: PoolShape): boolean {
  const labels: Readonly<Record<string, string>> = {
    ...shape.labels,
    [NODE_LABEL.pool]: pool,
    [NODE_LABEL.block]: UNNAMED,
  };
  return (
    Object.entries(needs.selector).every(([key, value]) => labels[key] === value) &&
    (needs.terms?.some((term) => meetsTerm(term, labels, UNNAMED)) ?? true) &&
    toleratesAll(needs, shape.taints) &&
    Object.entries(needs.requests).every(([resource, amount]) => amount === 0 || amount <= (room[resource] ?? 0))
  );
}

/** Whether none of these taints keeps a pod off. */
export const toleratesAll = ({ tolerations }: Pick<PodNeeds, 'tolerations'>, taints: readonly Taint[]): boolean =>
  taints.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
