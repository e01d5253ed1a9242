import type { Instant } from '../../domain/time.ts';
import type { Condition } from '../../world/recording.ts';
import type { SeenNode } from '../kubernetes/nodes.ts';
import type { Kept } from './kept.ts';

/** Makes conditions of the nodes that belong to on-demand groups. */
export interface NodeBook {
  readonly changed: (node: SeenNode) => void;
  readonly removed: (node: SeenNode) => void;
  readonly listed: (nodes: readonly SeenNode[]) => void;
  /** The instances that a group has now; they stay its own for as long as they exist. */
  readonly members: (group: string, instanceIds: readonly string[]) => void;
}

/** A node is told of once both are known, that it is there and that its instance is the group's, whichever comes first. */
export function nodeBook({
  kept,
  now,
  write,
}: {
  readonly kept: Kept;
  readonly now: () => Instant;
  readonly write: (condition: Condition) => void;
}): NodeBook {
  const told = new Set(kept.nodes.keys());
  const present = new Map<string, SeenNode>();
  const groupOf = new Map<string, string>();
  let inherited: ReadonlySet<string> = new Set(told);

  function changed(node: SeenNode): void {
    present.set(node.name, node);
    const group = groupOf.get(node.instanceId ?? '');
    if (group === undefined || told.has(node.name)) return;
    told.add(node.name);
    const instanceType = node.labels['node.kubernetes.io/instance-type'];
    const zone = node.labels['topology.kubernetes.io/zone'];
    write({
      ...{ type: 'node.joined', at: node.createdAt ?? now(), node: node.name, group },
      ...(instanceType === undefined ? {} : { instanceType }),
      ...(zone === undefined ? {} : { zone }),
    });
  }

  function left(name: string, at: Instant): void {
    if (told.delete(name)) write({ type: 'node.left', at, node: name });
  }

  return {
    changed,
    removed: ({ name, instanceId }) => {
      present.delete(name);
      groupOf.delete(instanceId ?? '');
      left(name, now());
    },
    listed: (nodes) => {
      const there = new Set(nodes.map(({ name }) => name));
      for (const name of inherited) if (!there.has(name)) left(name, kept.lastAt);
      inherited = new Set();
    },
    members: (group, instanceIds) => {
      for (const id of instanceIds) groupOf.set(id, group);
      for (const node of present.values()) changed(node);
    },
  };
}
