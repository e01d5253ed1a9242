import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { ALWAYS, after, earliest, type Instant, latest, NEVER, seconds } from '../../src/domain/time.ts';
import {
  type BlockState,
  blockIdOf,
  type Ending,
  type Lease,
  type Offer,
  placeOf,
  termsOf,
  tokenOf,
} from '../../src/domain/words.ts';
import type { Step } from '../../src/keeper/keeper.ts';
import type { OperatingHoursPolicy } from '../../src/policy/operatingHours.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { draws as drawsOf } from '../chance/draw.ts';
import type { Scenario } from '../scenario/scenario.ts';

/**
 * A model of the shell scripts that this project descends from (bsycorp/spot-keeper, 2021), with the faults that mattered:
 * one creation per five minutes at most; whatever runs is counted, a block that is about to end included; a block is
 * cordoned twenty minutes before its lease ends, waited for up to eighteen, terminated, and only then replaced, wanted or
 * not; one that is still busy by then is forgotten, and dies at the end of its lease; nothing is given up after hours.
 *
 * Two things are made kinder than they were: hours are those of the pool's own policy, and instances of a term whose end
 * AWS does not impose are terminated at the end of their lease (the scripts would have let them run for ever).
 */
export function originalScripts(
  scenario: Scenario,
  pools: readonly Pool[],
): { readonly start: Scripts; readonly step: (state: Scripts, fact: Fact) => Step<Scripts> } {
  const draws = drawsOf(scenario.seed);
  const offersOf = new Map(
    scenario.pools.pools.map(({ name, instanceTypes, zones, lease }) => {
      // They knew one way of buying.
      const [term = 'spot'] = termsOf(lease.term);
      const offers = instanceTypes.flatMap((instanceType) =>
        // The price of an offer is what was last quoted; the scripts never looked.
        zones.map((zone): Offer => ({ instanceType, zone, ...lease, term, usdPerHour: 0 })),
      );
      return [name, offers];
    }),
  );
  const start: Scripts = { pools, blocks: new Map(), created: new Map(), generations: new Map(), passAt: ALWAYS };
  return {
    start,
    step: (state, fact) => turnOf(state, fact, (pool, blockId) => shuffled(offersOf.get(pool) ?? [], blockId)),
  };

  /** Random order of (subnet, type), as the scripts tried them. */
  function shuffled(offers: readonly Offer[], blockId: string): readonly Offer[] {
    return offers
      .map((offer) => ({
        offer,
        key: draws.uniform('original.order', `${blockId}/${offer.instanceType}/${offer.zone}`, 0),
      }))
      .sort((a, b) => a.key - b.key)
      .map(({ offer }) => offer);
  }
}

/** Each pass of the scripts' loop. */
const PASS_MS = seconds(60);
/** CREATION_DELAY_SECONDS. */
const CREATION_DELAY_MS = seconds(300);
/** REPLACEMENT_LIMIT_SECONDS. */
const REPLACEMENT_LIMIT_MS = seconds(1_200);
/** CHECK_WAIT_TIMEOUT. */
const WAIT_TIMEOUT_MS = seconds(1_080);
/** How long a spot request was polled before the next (subnet, type) was tried. */
const FULFILMENT_MS = seconds(30);

export interface Scripts {
  readonly pools: readonly Pool[];
  readonly blocks: ReadonlyMap<string, ScriptBlock>;
  /** When a pool last created a block, successful or not. */
  readonly created: ReadonlyMap<string, Instant>;
  readonly generations: ReadonlyMap<string, number>;
  readonly passAt: Instant;
}

export interface ScriptBlock {
  readonly state: BlockState;
  readonly ending: Ending | null;
  readonly attempt: number;
  readonly offersLeft: readonly Offer[];
  /** When the present try is cancelled; NEVER once it was answered. */
  readonly giveUpAt: Instant;
  readonly lease: Lease | null;
  readonly node: string | null;
  /** When the wait for its jobs ends; NEVER while it is not being replaced. */
  readonly waitUntil: Instant;
  /** Its worker has timed out: nobody looks after it any more. */
  readonly forgotten: boolean;
}

/** An instance is there, and nobody has ended it yet. */
const runsOn = ({ lease, state }: ScriptBlock): boolean =>
  lease !== null && state !== 'terminating' && state !== 'gone';

function turnOf(
  before: Scripts,
  fact: Fact,
  offersOf: (pool: string, blockId: string) => readonly Offer[],
): Step<Scripts> {
  const { at } = fact;
  const blocks = new Map<string, ScriptBlock>();
  for (const [id, block] of before.blocks) if (block.state !== 'gone') blocks.set(id, block);
  const created = new Map(before.created);
  const generations = new Map(before.generations);
  const effects: Effect[] = [];
  let { passAt } = before;

  hear();
  for (const [id, block] of blocks) {
    if (block.state === 'requesting' && at >= block.giveUpAt) {
      effects.push({ type: 'cancelRequest', blockId: id, token: tokenOf(id, block.attempt) });
      tryNext(id, block);
    }
    if (block.state === 'draining' && at >= block.waitUntil && !block.forgotten) {
      blocks.set(id, { ...block, waitUntil: NEVER, forgotten: true });
      replace(id);
    }
    if (runsOn(block) && at >= (block.lease?.expiresAt ?? NEVER)) terminate(id, block, 'expired');
  }
  if (at >= passAt) {
    for (const pool of before.pools) maintain(pool);
    passAt = after(at, PASS_MS);
  }
  let wakeAt = passAt;
  for (const { giveUpAt, waitUntil, lease, state } of blocks.values())
    if (state !== 'gone')
      wakeAt = earliest(wakeAt, giveUpAt, waitUntil, state === 'terminating' ? NEVER : (lease?.expiresAt ?? NEVER));
  return { state: { ...before, blocks, created, generations, passAt }, effects, wakeAt: latest(wakeAt, at + 1) };

  function hear(): void {
    if (!('blockId' in fact)) return;
    const id = fact.blockId;
    const block = blocks.get(id);
    if (block === undefined) return;
    if (fact.type === 'capacity.granted') {
      // One that comes for a try already given up leaves an instance that nobody counts, tags or ends.
      if (fact.token !== tokenOf(id, block.attempt)) return;
      blocks.set(id, { ...block, state: 'joining', lease: fact.lease, giveUpAt: NEVER });
    } else if (fact.type === 'node.seen') {
      if (block.state === 'joining' && fact.node?.ready === true)
        blocks.set(id, { ...block, state: 'serving', node: fact.node.name });
    } else if (fact.type === 'node.emptied' && block.state === 'draining' && !block.forgotten) {
      terminate(id, block, 'retired');
      replace(id);
    } else if (fact.type === 'instance.gone' && block.lease !== null) {
      const ending: Ending =
        fact.cause === 'interrupted' ? 'interrupted' : fact.cause === 'schedule' ? 'expired' : 'lost';
      blocks.set(id, { ...block, state: 'gone', ending: block.ending ?? ending, waitUntil: NEVER });
    }
  }

  function maintain({ spec, policies }: Pool): void {
    const target = wantedBlocks(policies.operatingHours);
    const own = [...blocks].filter(([id]) => placeOf(id)?.pool === spec.name);
    for (const [id, block] of own) {
      if (block.state !== 'serving' || block.lease === null || block.node === null) continue;
      if (block.lease.expiresAt - at >= REPLACEMENT_LIMIT_MS) continue;
      blocks.set(id, { ...block, state: 'draining', waitUntil: after(at, WAIT_TIMEOUT_MS) });
      effects.push({ type: 'cordonNode', blockId: id, node: block.node });
    }
    const running = own.filter(
      ([, { lease, state }]) => lease !== null && state !== 'terminating' && state !== 'gone',
    ).length;
    if (target > 0 && running < target && at - (created.get(spec.name) ?? ALWAYS) >= CREATION_DELAY_MS) {
      created.set(spec.name, at);
      create(spec.name, freeSlot(spec.name));
    }
  }

  /** A replacement keeps its predecessor's identifier. In hours only: the loop around it did not run after them. */
  function replace(id: string): void {
    const place = placeOf(id);
    const pool = before.pools.find(({ spec }) => spec.name === place?.pool);
    if (place === undefined || pool === undefined) return;
    if (wantedBlocks(pool.policies.operatingHours) > 0) create(place.pool, place.slot);
  }

  /** A policy that cannot answer wants nothing; its fault is told in the keeper's own run. */
  function wantedBlocks(policy: OperatingHoursPolicy): number {
    try {
      return policy.allowedAt(at).blocks;
    } catch {
      return 0;
    }
  }

  function create(pool: string, slot: number): void {
    const key = `${pool}-${slot}`;
    const generation = (generations.get(key) ?? 0) + 1;
    generations.set(key, generation);
    const id = blockIdOf(pool, slot, generation);
    tryNext(id, {
      state: 'requesting',
      ending: null,
      attempt: 0,
      offersLeft: offersOf(pool, id),
      giveUpAt: NEVER,
      lease: null,
      node: null,
      waitUntil: NEVER,
      forgotten: false,
    });
  }

  function tryNext(id: string, block: ScriptBlock): void {
    const [offer, ...offersLeft] = block.offersLeft;
    if (offer === undefined) {
      blocks.set(id, { ...block, state: 'gone', ending: 'refused', giveUpAt: NEVER });
      return;
    }
    const attempt = block.attempt + 1;
    blocks.set(id, { ...block, attempt, offersLeft, giveUpAt: after(at, FULFILMENT_MS) });
    effects.push({ type: 'requestCapacity', blockId: id, token: tokenOf(id, attempt), offer });
  }

  function terminate(id: string, block: ScriptBlock, ending: Ending): void {
    if (block.lease === null) return;
    blocks.set(id, { ...block, state: 'terminating', ending: block.ending ?? ending, waitUntil: NEVER });
    effects.push({ type: 'terminateInstance', blockId: id, instanceId: block.lease.instanceId });
  }

  function freeSlot(pool: string): number {
    const taken = new Set(
      [...blocks.keys()].map((id) => placeOf(id)).map((place) => (place?.pool === pool ? place.slot : -1)),
    );
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    return slot;
  }
}
