import { objectIn } from '../../../../src/live/kubernetes/kubeObject.ts';
import type { Amounts } from '../../../../src/live/kubernetes/workload/amounts.ts';
import type { PoolShape } from '../../../../src/live/kubernetes/workload/fits.ts';
import { type NodeShape, nodeShape } from '../../../../src/live/kubernetes/workload/nodeShape.ts';
import { type PodNeeds, podNeeds } from '../../../../src/live/kubernetes/workload/podNeeds.ts';

/** What a pod with that `spec` needs. */
export function needsOf(spec: object): PodNeeds {
  const needs = podNeeds(objectWith({ spec: { containers: [{ name: 'build' }], ...spec } }));
  if (needs === undefined) throw new Error('a pod whose needs cannot be read');
  return needs;
}

/** The shape of a node with four processors and sixteen GiB. */
export function shapeOf({
  labels = {},
  taints = [],
  allocatable = {},
}: {
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly object[];
  readonly allocatable?: Readonly<Record<string, string>>;
} = {}): NodeShape {
  const shape = nodeShape(
    objectWith({
      metadata: { labels },
      spec: { taints },
      status: { allocatable: { ...ALLOCATABLE, ...allocatable } },
    }),
  );
  if (shape === undefined) throw new Error('a node whose shape cannot be read');
  return shape;
}

/** A pool whose nodes are all of one shape. */
export const aPoolShape = (node: Parameters<typeof shapeOf>[0] = {}, room?: Amounts): PoolShape => {
  const shape = shapeOf(node);
  return { shape, room: room ?? shape.allocatable, nodes: 1 };
};

export const ALLOCATABLE = { cpu: '4', memory: '16Gi', pods: '58' } as const;

const objectWith = ({ metadata = {}, ...rest }: { readonly metadata?: object } & Readonly<Record<string, unknown>>) =>
  objectIn({ ...rest, metadata: { name: 'one', uid: 'u1', resourceVersion: '7', ...metadata } });
