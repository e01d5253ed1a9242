import { type Amounts, summed, without } from './amounts.ts';
import type { ClusterLook } from './countJobs.ts';
import type { PoolShape } from './fits.ts';
import type { NodeShape } from './nodeShape.ts';
import { isOnEveryNode } from './watched.ts';

/**
 * The kinds of nodes among some instances, by the key that `groupOf` gives an instance; those of no key are passed over. Only
 * nodes that are ready tell: before, labels and resources may be missing. What runs on every node takes its part of the
 * room; of nodes that are alike the fullest counts, for on a new one some of it is still on its way.
 */
export function shapesAmong(
  { nodes, pods }: ClusterLook,
  groupOf: (instanceId: string) => string | undefined,
): ReadonlyMap<string, readonly PoolShape[]> {
  const groups = new Map<string, Map<NodeShape, PoolShape>>();
  const shapeOf = new Map<string, { readonly group: string; readonly shape: NodeShape }>();
  for (const { name, instanceId, ready, shape } of nodes) {
    const group = instanceId === undefined || !ready || shape === undefined ? undefined : groupOf(instanceId);
    if (group !== undefined && shape !== undefined) shapeOf.set(name, { group, shape });
  }
  const taken = takenOn(pods, shapeOf);
  for (const [name, { group, shape }] of shapeOf) {
    const kinds = groups.get(group) ?? new Map<NodeShape, PoolShape>();
    groups.set(group, kinds);
    const room = without(shape.allocatable, taken.get(name) ?? {});
    const known = kinds.get(shape);
    kinds.set(shape, {
      shape,
      room: known === undefined ? room : least(known.room, room),
      nodes: (known?.nodes ?? 0) + 1,
    });
  }
  return new Map([...groups].map(([group, kinds]) => [group, [...kinds.values()]]));
}

/** What pods of the kind that runs everywhere take on each of some nodes. */
function takenOn(pods: ClusterLook['pods'], on: ReadonlyMap<string, unknown>): ReadonlyMap<string, Amounts> {
  const taken = new Map<string, Amounts>();
  for (const { bound, needs } of pods) {
    if (bound === undefined || needs === undefined || !isOnEveryNode(bound) || !on.has(bound.node)) continue;
    taken.set(bound.node, summed(taken.get(bound.node) ?? {}, needs.requests));
  }
  return taken;
}

const least = (one: Amounts, other: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(one).map(([resource, amount]) => [resource, Math.min(amount, other[resource] ?? 0)]),
  );
