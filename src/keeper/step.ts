import { adoptBlock, advanceBlock, type Block, type BlockEvent, type BlockView, openBlock } from '../block/block.ts';
import type { Effect } from '../domain/effects.ts';
import type { Fact, Sighting } from '../domain/facts.ts';
import { type Instant, latest, NEVER } from '../domain/time.ts';
import { blockIdOf, type Lease, placeOf } from '../domain/words.ts';
import type { Blocks } from '../pool/blocks/blocks.ts';
import { hasEnded, withEnded } from '../pool/ended.ts';
import { leftoverPool, leftoverRules } from '../pool/leftover.ts';
import { learnLife } from '../pool/lives.ts';
import { noMemory, type PoolMemory, remember, withGeneration, withInstance } from '../pool/memory.ts';
import type { Order } from '../pool/orders.ts';
import type { Pool } from '../pool/pool.ts';
import { reconcile } from '../pool/reconcile.ts';
import type { Keeper, Step } from './keeper.ts';
import { route, sightingsIn } from './route.ts';

/** One turn of the circle: a fact reaches its block, pools reconcile, blocks obey, effects leave. Pure. */
export const step = (before: Keeper, fact: Fact): Step<Keeper> => new Turning(before, fact).taken();

/** One turn on its way: what it is given is never changed, what it comes to is put together here. */
class Turning {
  readonly #fact: Fact;
  readonly #effects: Effect[] = [];
  readonly #touched: string[] = [];
  /** The block that the fact is about, as it was. */
  readonly #seen: BlockView | undefined;
  #pools: readonly Pool[];
  #memories: ReadonlyMap<string, PoolMemory>;
  /** The memories once something was learned in this turn: a map of its own. */
  #learned: Map<string, PoolMemory> | undefined;
  #blocks: Blocks;

  constructor({ pools, memories, blocks }: Keeper, fact: Fact) {
    this.#fact = fact;
    this.#pools = pools;
    this.#memories = memories;
    // A block that went in the last turn was left in it for observers to see how it ended.
    this.#blocks = blocks.withoutGone();
    this.#seen = 'blockId' in fact ? blocks.viewOf(fact.blockId) : undefined;
  }

  taken(): Step<Keeper> {
    this.#tell();
    let wakeAt = NEVER;
    for (const pool of this.#pools) wakeAt = Math.min(wakeAt, this.#reconcile(pool));
    // A deadline that fell due by this fact is met by the next: only the clock moves a block past it.
    for (const { root } of this.#blocks.pools) wakeAt = Math.min(wakeAt, latest(root.nextAt, this.#fact.at + 1));
    return {
      state: { pools: this.#pools, memories: this.#memories, blocks: this.#blocks },
      effects: this.#effects,
      wakeAt,
      touched: this.#touched.length < 2 ? this.#touched : [...new Set(this.#touched)],
    };
  }

  /** The fact reaches the blocks that it is about. */
  #tell(): void {
    const adopted: string[] = [];
    // A grant shows its instance too, so one for a forgotten block is adopted and never leaked.
    for (const sighting of sightingsIn(this.#fact))
      if (!this.#blocks.has(sighting.blockId) && this.#adopt(sighting)) adopted.push(sighting.blockId);
    for (const [id, event] of route(this.#fact, this.#blocks)) if (!adopted.includes(id)) this.#send(id, event);
  }

  #reconcile(pool: Pool): Instant {
    const { name } = pool.spec;
    const memory = remember(this.#memoryOf(pool), pool.spec, concerning(pool, this.#fact), this.#seen);
    const before = this.#blocks.of(name);
    const { memory: after, blocks, effects, orders, wakeAt } = reconcile(pool, memory, before, this.#fact.at);
    this.#know(name, after);
    if (blocks !== before) this.#blocks = this.#blocks.withPool(blocks);
    for (const effect of effects) this.#effects.push(effect);
    for (const order of orders) this.#obey(pool, order);
    return wakeAt;
  }

  #send(id: string, event: BlockEvent): void {
    const block = this.#blocks.get(id);
    if (block === undefined) return;
    const [next, asked] = advanceBlock(block, event);
    this.#keep(next, asked, block);
    if (next === block) return;
    const { pool: name } = next.context;
    const pool = this.#pools.find(({ spec }) => spec.name === name);
    if (pool !== undefined) this.#know(name, learnLife(this.#memoryOf(pool), pool.spec, block, next, event));
  }

  /** @param was the block before, unless it is new */
  #keep(block: Block, asked: readonly Effect[], was?: Block): void {
    const { id, pool, lease } = block.context;
    const before = this.#blocks;
    this.#blocks = before.with(block);
    if (this.#blocks !== before) this.#touched.push(id);
    for (const effect of asked) this.#effects.push(effect);
    if (lease === null || block === was) return;
    const had = was !== undefined && was.context.lease !== null && was.state !== 'gone';
    const has = block.state !== 'gone';
    if (has && had) return;
    const { at } = this.#fact;
    const memory = this.#memories.get(pool) ?? noMemory;
    const known = has === had ? memory : withInstance(memory, lease.offer, has ? 1 : -1, has ? lease.startsAt : at);
    this.#know(pool, has ? known : { ...known, ended: withEnded(known.ended, lease.instanceId, at) });
  }

  #know(name: string, memory: PoolMemory): void {
    if (this.#memories.get(name) === memory) return;
    this.#learned ??= new Map(this.#memories);
    this.#memories = this.#learned.set(name, memory);
  }

  #obey({ spec }: Pool, order: Order): void {
    const { at } = this.#fact;
    switch (order.type) {
      case 'open': {
        const { slot, generation, offers } = order;
        this.#keep(...openBlock({ pool: spec.name, slot, generation }, offers, at, spec));
        return;
      }
      case 'retire':
        this.#send(order.blockId, { type: 'retire', at, endBy: order.endBy, early: order.early === true });
        return;
    }
  }

  /** Takes in an instance of ours that no block stands for: one from before a restart, or granted to a forgotten try. */
  #adopt(sighting: Sighting): boolean {
    const place = placeOf(sighting.blockId);
    if (place === undefined || this.#blocks.has(blockIdOf(place.pool, place.slot, place.generation))) return false;
    const known = this.#pools.find(({ spec }) => spec.name === place.pool);
    const pool = known ?? this.#leftover(place.pool, sighting.lease);
    if (hasEnded(this.#memoryOf(pool).ended, sighting.lease.instanceId)) return false; // told again, or late: it is gone for good
    const rules = pool.isLeftover === true ? leftoverRules(pool, sighting.lease) : pool.spec;
    this.#keep(...adoptBlock(place, sighting, this.#fact.at, rules));
    this.#know(place.pool, withGeneration(this.#memoryOf(pool), place.slot, place.generation));
    return true;
  }

  /** A pool that is not kept here any more has left an instance: without a pool of its own it would live, and cost, for ever. */
  #leftover(name: string, lease: Lease): Pool {
    const pool = leftoverPool(name, lease);
    this.#pools = [...this.#pools, pool];
    this.#effects.push({
      ...{ type: 'announce', pool: name, reason: 'PoolUnclaimed' },
      note: `instances of the fleet are of the pool ${name}, which the pools file does not name: they drain when their leases end`,
    });
    return pool;
  }

  #memoryOf({ spec }: Pool): PoolMemory {
    return this.#memories.get(spec.name) ?? noMemory;
  }
}

/** The fact if it is about this pool; for a pool that it does not concern, only that time has passed. */
function concerning({ spec }: Pool, fact: Fact): Fact {
  const isOfPool = 'pool' in fact ? fact.pool === spec.name : !('blockId' in fact) || isIn(spec.name, fact.blockId);
  return isOfPool ? fact : { type: 'clock.reached', at: fact.at };
}

/** Whether a block is of a pool; one whose id is none is of each. */
function isIn(pool: string, blockId: string): boolean {
  const dash = blockId.lastIndexOf('-', blockId.lastIndexOf('.'));
  if (dash === pool.length && blockId.startsWith(pool)) return true;
  return placeOf(blockId) === undefined;
}
