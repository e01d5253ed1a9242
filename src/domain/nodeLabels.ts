/** The labels that the node of a block gets: its pool, by which jobs prefer blocks, and the block itself. */
export const NODE_LABEL = { pool: 'spot-keeper.io/pool', block: 'spot-keeper.io/block' } as const;

/** The keys of the taints that the keeper puts on the nodes of blocks. */
export const TAINT = {
  /** The node of a block that drains; its value is the deadline in epoch seconds. */
  draining: 'spot-keeper.io/draining',
  /** The node of a block that is to be given back, and that pods are to avoid. */
  givingBack: 'spot-keeper.io/giving-back',
  /** The node of a block that takes only jobs which tolerate it; its value is the pool. */
  routing: 'spot-keeper.io/routing',
} as const;

/** A node that bears it has served as a block's: the keeper puts it there when a block begins to serve. */
export const SERVED = NODE_LABEL.block;

/** The labels of a block's node, by key. */
export const labelsOfBlock = (pool: string, blockId: string): Readonly<Record<string, string>> => ({
  [NODE_LABEL.pool]: pool,
  [NODE_LABEL.block]: blockId,
});
