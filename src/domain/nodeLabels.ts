/** The labels that the node of a block gets: its pool, by which jobs prefer blocks, and the block itself. */
export const NODE_LABEL = { pool: 'spot-keeper.io/pool', block: 'spot-keeper.io/block' } as const;

/** The labels of a block's node, by key. */
export const labelsOfBlock = (pool: string, blockId: string): Readonly<Record<string, string>> => ({
  [NODE_LABEL.pool]: pool,
  [NODE_LABEL.block]: blockId,
});
