import { NODE_LABEL } from '../../domain/nodeLabels.ts';
import type { SeenNode } from './nodes.ts';

/** What pools.yaml says of taints, by key. */
export interface TaintRules {
  /** Those of a node's start: it serves nobody until they are gone. */
  readonly startUpTaints: readonly string[];
  /** Those that nodes bear for good, and that jobs tolerate. */
  readonly nodeTaints: readonly string[];
}

/** Learns which taints nodes bear for good, so that one that bears no other is free to serve. */
export interface LastingTaints {
  /** Work tolerates these keys: what bears them is no less free for it. */
  readonly tolerated: (keys: readonly string[]) => void;
  /** A node is seen for the first time: one that served already did so with the taints that it bears. */
  readonly found: (node: SeenNode) => void;
  /** The node as it may be counted on: not ready while a taint is on it that nobody has spoken for. */
  readonly judged: <Node extends SeenNode>(node: Node) => Node;
}

export function lastingTaints({ startUpTaints, nodeTaints }: TaintRules): LastingTaints {
  const passing = new Set(startUpTaints);
  const lasting = new Set(nodeTaints);
  const learn = (keys: readonly string[]): void => {
    for (const key of keys) if (!passing.has(key)) lasting.add(key);
  };
  return {
    tolerated: learn,
    found(node) {
      if (node.ready && NODE_LABEL.block in node.labels) learn(node.strangeTaints);
    },
    judged(node) {
      if (node.strangeTaints.length === 0) return node;
      const strangeTaints = node.strangeTaints.filter((key) => !lasting.has(key));
      return { ...node, strangeTaints, ready: node.ready && strangeTaints.length === 0 };
    },
  };
}
