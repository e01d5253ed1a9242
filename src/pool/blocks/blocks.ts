import type { Block, BlockView } from '../../block/block.ts';
import type { Instant } from '../../domain/time.ts';
import { chosen, find, noBlocks, withoutStanding, withStanding } from './branch.ts';
import type { PoolBlocks } from './poolBlocks.ts';
import { READS_JOBS } from './reads.ts';
import { newStanding, type Standing, withBlock } from './standing.ts';
import type { Tally } from './tally.ts';

/**
 * All blocks that live, by id, in the order of their births. Never changed in place; another block costs the branches from the root of its pool to it, and not a
 * copy of all. One that has just gone stays for the turn in which it went.
 */
export class Blocks implements ReadonlyMap<string, Block> {
  readonly pools: readonly PoolBlocks[];
  /** How many were ever born. */
  readonly births: number;

  constructor(pools: readonly PoolBlocks[], births: number) {
    this.pools = pools;
    this.births = births;
  }

  /** The blocks of a pool. */
  of(pool: string): PoolBlocks {
    for (const one of this.pools) if (one.pool === pool) return one;
    return { pool, root: noBlocks, moves: 0, calm: null };
  }

  /** With these blocks of a pool in the place of those that it had. */
  withPool(blocks: PoolBlocks): Blocks {
    const place = this.pools.findIndex(({ pool }) => pool === blocks.pool);
    const pools = [...this.pools];
    pools[place < 0 ? pools.length : place] = blocks;
    return new Blocks(pools, this.births);
  }

  /** With a block as it is now; one of an id that is not there is born. */
  with(block: Block): Blocks {
    const { id, pool } = block.context;
    const before = this.of(pool);
    const known = find(before.root, block.context.slot, id);
    if (known?.block === block) return this;
    const standing = known === undefined ? newStanding(block, this.births) : withBlock(known, block, READS_JOBS);
    const root = withStanding(before.root, standing);
    const after = this.withPool({ pool, root, moves: before.moves, calm: before.calm });
    return known === undefined ? new Blocks(after.pools, this.births + 1) : after;
  }

  /** Without those that went. */
  withoutGone(): Blocks {
    if (!this.pools.some(({ root }) => root.gone > 0)) return this;
    const pools = this.pools.map((one): PoolBlocks => {
      let { root } = one;
      for (const standing of chosen(root, ({ gone }) => gone > 0)) root = withoutStanding(root, standing);
      return root === one.root ? one : { ...one, root };
    });
    return new Blocks(pools, this.births);
  }

  /** Those that time alone moves at an instant, by id. */
  dueAt(at: Instant): readonly string[] {
    if (!this.pools.some(({ root }) => root.nextAt <= at)) return [];
    return this.#chosen(({ nextAt }) => nextAt <= at).map(({ view }) => view.id);
  }

  get(id: string): Block | undefined {
    return this.#find(id)?.block;
  }

  /** As its pool sees it. */
  viewOf(id: string): BlockView | undefined {
    return this.#find(id)?.view;
  }

  has(id: string): boolean {
    return this.#find(id) !== undefined;
  }

  get size(): number {
    let size = 0;
    for (const { root } of this.pools) size += root.living + root.gone;
    return size;
  }

  *entries(): MapIterator<[string, Block]> {
    for (const { view, block } of this.#all()) yield [view.id, block];
  }

  *keys(): MapIterator<string> {
    for (const { view } of this.#all()) yield view.id;
  }

  *values(): MapIterator<Block> {
    for (const { block } of this.#all()) yield block;
  }

  [Symbol.iterator](): MapIterator<[string, Block]> {
    return this.entries();
  }

  forEach(tell: (block: Block, id: string, blocks: ReadonlyMap<string, Block>) => void): void {
    for (const { view, block } of this.#all()) tell(block, view.id, this);
  }

  #all(): readonly Standing[] {
    return this.#chosen(() => true);
  }

  #chosen(wants: (tally: Tally) => boolean): readonly Standing[] {
    const all = this.pools.flatMap(({ root }) => chosen(root, wants));
    return this.pools.length < 2 ? all : all.sort((a, b) => a.born - b.born);
  }

  #find(id: string): Standing | undefined {
    const dot = id.lastIndexOf('.');
    const dash = id.lastIndexOf('-', dot);
    if (dash < 1) return undefined;
    for (const { pool, root } of this.pools)
      if (pool.length === dash && id.startsWith(pool)) return find(root, slotBetween(id, dash + 1, dot), id);
    return undefined;
  }
}

export const noBlocksYet = new Blocks([], 0);

/** A number that is written in a text; Infinity, in whose slot nothing is, where it is none. Without a text of its own: it is asked for with every fact. */
function slotBetween(text: string, from: number, to: number): number {
  let slot = 0;
  for (let place = from; place < to; place += 1) {
    const digit = text.charCodeAt(place) - 48;
    if (digit < 0 || digit > 9) return Number.POSITIVE_INFINITY;
    slot = slot * 10 + digit;
  }
  return to > from ? slot : Number.POSITIVE_INFINITY;
}
