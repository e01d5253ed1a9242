import {
  adoptBlock,
  advanceBlock,
  type Block,
  type BlockEvent,
  nextOf,
  openBlock,
  viewOf,
} from '../../../src/block/block.ts';
import type { Effect } from '../../../src/domain/effects.ts';
import type { Fact, Sighting } from '../../../src/domain/facts.ts';
import { earliest, latest, NEVER } from '../../../src/domain/time.ts';
import { blockIdOf, type Lease, marketOf, placeOf } from '../../../src/domain/words.ts';
import type { Step } from '../../../src/keeper/keeper.ts';
import { sightingsIn } from '../../../src/keeper/route.ts';
import { hasEnded, withEnded } from '../../../src/pool/ended.ts';
import { leftoverPool, leftoverRules } from '../../../src/pool/leftover.ts';
import { learnLife } from '../../../src/pool/lives.ts';
import { withKeeping, withoutKeeping } from '../../../src/pool/markets.ts';
import { noMemory, type PoolMemory, remember, withGeneration } from '../../../src/pool/memory.ts';
import type { Order } from '../../../src/pool/orders.ts';
import type { Pool } from '../../../src/pool/pool.ts';
import { reconcile } from './reconcile.ts';
import { route } from './route.ts';

/** What the plain keeper knows. */
export interface PlainKeeper {
  readonly pools: readonly Pool[];
  readonly memories: ReadonlyMap<string, PoolMemory>;
  readonly blocks: ReadonlyMap<string, Block>;
}

/** One turn of the circle: a fact reaches its block, pools reconcile, blocks obey, effects leave. Pure. */
export function plainStep(before: PlainKeeper, fact: Fact): Step<PlainKeeper> {
  const { at } = fact;
  // A block that went in the last turn was left in it for observers to see how it ended.
  const blocks = new Map(before.blocks);
  for (const [id, block] of before.blocks) if (block.state === 'gone') blocks.delete(id);
  const memories = new Map(before.memories);
  let { pools } = before;
  const effects: Effect[] = [];
  let wakeAt = NEVER;

  const subject = 'blockId' in fact ? before.blocks.get(fact.blockId) : undefined;
  const seen = subject === undefined ? undefined : viewOf(subject);
  const adopted = new Set<string>();
  // A grant shows its instance too, so one for a forgotten block is adopted and never leaked.
  for (const sighting of sightingsIn(fact)) if (!blocks.has(sighting.blockId)) adopt(sighting);
  for (const [id, event] of route(fact, blocks)) if (!adopted.has(id)) send(id, event);
  for (const pool of pools) {
    const memory = remember(memoryOf(pool), pool.spec, concerning(pool, fact), seen);
    const views = [...blocks.values()].filter(({ context }) => context.pool === pool.spec.name).map(viewOf);
    const plan = reconcile(pool, memory, views, at);
    memories.set(pool.spec.name, plan.memory);
    effects.push(...plan.effects);
    for (const order of plan.orders) obey(pool, order);
    wakeAt = earliest(wakeAt, plan.wakeAt);
  }
  // A deadline that fell due by this fact is met by the next: only the clock moves a block past it.
  for (const { state, context } of blocks.values())
    if (state !== 'gone') wakeAt = earliest(wakeAt, latest(nextOf(context), at + 1));
  return { state: { pools, memories, blocks }, effects, wakeAt };

  function send(id: string, event: BlockEvent): void {
    const block = blocks.get(id);
    if (block === undefined) return;
    const [next, asked] = advanceBlock(block, event);
    keep(id, [next, asked]);
    learn(next.context.pool, block, next, event);
  }

  function keep(id: string, [block, asked]: readonly [Block, readonly Effect[]]): void {
    blocks.set(id, block);
    effects.push(...asked);
    const { pool, lease } = block.context;
    if (lease === null) return;
    count(pool, lease);
    if (block.state !== 'gone') return;
    const memory = memories.get(pool) ?? noMemory;
    memories.set(pool, { ...memory, ended: withEnded(memory.ended, lease.instanceId, at) });
  }

  /** Counts anew what the pool has in the market of a lease. */
  function count(pool: string, { offer, startsAt }: Lease): void {
    if (offer.term !== 'spot') return;
    const market = marketOf(offer);
    const memory = memories.get(pool) ?? noMemory;
    const had = memory.inMarkets.get(market) ?? 0;
    const has = [...blocks.values()].filter(
      ({ state, context }) =>
        state !== 'gone' &&
        context.pool === pool &&
        context.lease?.offer.term === 'spot' &&
        marketOf(context.lease.offer) === market,
    ).length;
    if (has === had) return;
    const inMarkets = new Map(memory.inMarkets).set(market, has);
    if (has === 0) inMarkets.delete(market);
    const { observations } = memory;
    const { markets } = observations;
    const since = markets.seen[market]?.keptSince;
    const known =
      has === 0
        ? withoutKeeping(markets, offer, at)
        : has > had && (since === undefined || startsAt < since)
          ? withKeeping(markets, offer, startsAt)
          : markets;
    memories.set(pool, { ...memory, inMarkets, observations: { ...observations, markets: known } });
  }

  function learn(name: string, was: Block, is: Block, event: BlockEvent): void {
    if (was === is) return;
    const pool = pools.find(({ spec }) => spec.name === name);
    if (pool !== undefined) memories.set(name, learnLife(memoryOf(pool), pool.spec, was, is, event));
  }

  function obey({ spec }: Pool, order: Order): void {
    switch (order.type) {
      case 'open': {
        const { slot, generation, offers } = order;
        const place = { pool: spec.name, slot, generation };
        keep(blockIdOf(spec.name, slot, generation), openBlock(place, offers, at, spec));
        return;
      }
      case 'retire':
        send(order.blockId, { type: 'retire', at, endBy: order.endBy, early: order.early === true });
        return;
    }
  }

  /** Takes in an instance of ours that no block stands for: one from before a restart, or granted to a forgotten try. */
  function adopt(sighting: Sighting): void {
    const place = placeOf(sighting.blockId);
    if (place === undefined) return;
    const pool = pools.find(({ spec }) => spec.name === place.pool) ?? leftover(place.pool, sighting.lease);
    if (hasEnded(memoryOf(pool).ended, sighting.lease.instanceId)) return; // told again, or late: it is gone for good
    const rules = pool.isLeftover === true ? leftoverRules(pool, sighting.lease) : pool.spec;
    keep(sighting.blockId, adoptBlock(place, sighting, at, rules));
    adopted.add(sighting.blockId);
    memories.set(place.pool, withGeneration(memoryOf(pool), place.slot, place.generation));
  }

  /** A pool that is not kept here any more has left an instance: without a pool of its own it would live, and cost, for ever. */
  function leftover(name: string, lease: Lease): Pool {
    const pool = leftoverPool(name, lease);
    pools = [...pools, pool];
    effects.push({
      ...{ type: 'announce', pool: name, reason: 'PoolUnclaimed' },
      note: `instances of the fleet are of the pool ${name}, which the pools file does not name: they drain when their leases end`,
    });
    return pool;
  }

  function memoryOf({ spec }: Pool): PoolMemory {
    return memories.get(spec.name) ?? noMemory;
  }
}

/** The fact if it is about this pool; for a pool that it does not concern, only that time has passed. */
function concerning({ spec }: Pool, fact: Fact): Fact {
  const pool = 'pool' in fact ? fact.pool : 'blockId' in fact ? (placeOf(fact.blockId)?.pool ?? spec.name) : spec.name;
  return pool === spec.name ? fact : { type: 'clock.reached', at: fact.at };
}
