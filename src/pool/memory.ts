import type { BlockView } from '../block/block.ts';
import type { Fact } from '../domain/facts.ts';
import { ALWAYS, after, hours, type Instant, latest, minutes, NEVER } from '../domain/time.ts';
import { marketOf, type Offer, placeOf, type Refusal } from '../domain/words.ts';
import { type MarketSeen, unseenMarket } from '../policy/observed.ts';
import type { Demand } from '../policy/operatingHours.ts';
import { type Durations, noDurations, withDuration } from './durations.ts';
import type { PoolSpec } from './pool.ts';

/** What a pool has learned and must remember from turn to turn. Plain data; a new one for every change. */
export interface PoolMemory {
  /** What can be bought, as last quoted. */
  readonly offers: readonly Offer[];
  readonly quotedAt: Instant;
  /** When a quote was last asked for. */
  readonly askedAt: Instant;
  /** Until when an offer is not asked for again, by its key. */
  readonly cooling: ReadonlyMap<string, Instant>;
  /** Until when nothing is bought at all: a refusal that every offer would meet. */
  readonly pausedUntil: Instant;
  /** When blocks were opened, as far back as the launch rate looks. */
  readonly openedAts: readonly Instant[];
  /** Whether a complete inventory was ever taken: before that, what exists is unknown, and nothing is bought. */
  readonly inventoried: boolean;
  /** The last generation used of each slot. */
  readonly generations: ReadonlyMap<number, number>;
  /** Instances that are known to have ended, and when that was heard: news of them that comes late is no news. */
  readonly ended: ReadonlyMap<string, Instant>;
  /** How long jobs last. */
  readonly durations: Durations;
  /** From the grant to the ready node. */
  readonly boots: Durations;
  /** What the pool has met, by market. */
  readonly markets: Readonly<Record<string, MarketSeen>>;
  /** The operating hours' last answer and the one after it, and from when it was given: an answer may be kept until `until`. */
  readonly demand: { readonly from: Instant; readonly now: Demand; readonly next: Demand } | null;
  /** What has been announced once and need not be again. */
  readonly announced: ReadonlySet<string>;
}

export const noMemory: PoolMemory = {
  offers: [],
  quotedAt: ALWAYS,
  askedAt: ALWAYS,
  cooling: new Map(),
  pausedUntil: ALWAYS,
  openedAts: [],
  inventoried: false,
  generations: new Map(),
  ended: new Map(),
  durations: noDurations,
  boots: noDurations,
  markets: {},
  demand: null,
  announced: new Set(),
};

/** How long a refusal stops a whole pool. `coolingMs` is for those that concern one offer only. */
const PAUSE_MS: Readonly<Record<Refusal, number>> = {
  'no-capacity': 0,
  'subnet-full': 0,
  cancelled: 0,
  // Terminated instances still count against a quota for minutes (EC2 user guide; karpenter-provider-aws#4384).
  quota: minutes(5),
  throttled: minutes(1),
  // People have to act before these can change; asking now and then shows when they did.
  'bad-template': minutes(10),
  forbidden: minutes(10),
  'unsupported-term': minutes(30),
};

const COOLS: ReadonlySet<Refusal> = new Set<Refusal>(['no-capacity', 'subnet-full']);

/** Names what cools down after a refusal: the (type, zone, term), whatever its price. */
export const coolingKeyOf = ({ instanceType, zone, term }: Offer): string => `${instanceType}/${zone}/${term}`;

/**
 * The memory after a fact that concerns the pool; the same object where the fact teaches nothing. `block` is the block that
 * the fact is about, as it was before it.
 */
export function remember(memory: PoolMemory, spec: PoolSpec, fact: Fact, block?: BlockView): PoolMemory {
  switch (fact.type) {
    case 'offers.quoted':
      return { ...memory, offers: fact.offers, quotedAt: fact.at };
    case 'capacity.granted':
      return met(memory, fact.lease.offer, (seen) => ({ ...seen, grants: seen.grants + 1 }));
    case 'capacity.refused':
      return afterRefusal(memory, spec, fact);
    // The end of a block's own time is no interruption, though AWS gives the same notice.
    case 'instance.interrupted':
      if (block?.lease == null || fact.reclaimAt >= block.lease.hardEndAt) return memory;
      // Whoever takes an instance takes others of its market in the same minutes: one bought there now goes with them.
      return met(cooled(memory, block.lease.offer, after(fact.at, spec.coolingMs)), block.lease.offer, (seen) => ({
        ...seen,
        interruptions: seen.interruptions + 1,
        lastInterruptedAt: fact.at,
      }));
    case 'node.ready':
      if (block?.lease == null || block.state !== 'joining') return memory;
      return { ...memory, boots: withDuration(memory.boots, fact.at - block.lease.startsAt) };
    case 'job.finished':
      return { ...memory, durations: withDuration(memory.durations, fact.durationMs) };
    case 'inventory.taken':
      return withGenerations(fact.complete ? { ...memory, inventoried: true } : memory, spec.name, fact.generations);
    case 'template.changed':
      return { ...memory, pausedUntil: ALWAYS };
    case 'clock.reached':
    case 'instance.atRisk':
    case 'instance.gone':
    case 'node.unready':
    case 'node.cordoned':
    case 'node.uncordoned':
    case 'node.emptied':
    case 'job.started':
    case 'effect.failed':
    case 'effect.untried':
    case 'offers.unknown':
      return memory;
  }
}

/** Cools an offer from `at` on. */
export function cooled(memory: PoolMemory, offer: Offer, until: Instant): PoolMemory {
  const cooling = new Map(memory.cooling);
  const key = coolingKeyOf(offer);
  cooling.set(key, latest(until, cooling.get(key) ?? ALWAYS));
  return { ...memory, cooling };
}

/** The next generation of a slot: never one that was used before, in this life of the keeper or an earlier one. */
export function withGeneration(memory: PoolMemory, slot: number, generation: number): PoolMemory {
  if ((memory.generations.get(slot) ?? 0) >= generation) return memory;
  return { ...memory, generations: new Map(memory.generations).set(slot, generation) };
}

/** EC2 shows a terminated instance for about an hour (EC2 user guide); no fact about it can be later than that. */
const ENDED_MS = hours(1);

/** An instance has ended: it cannot come back, whatever is heard of it from here on. */
export function withEnded(memory: PoolMemory, instanceId: string, at: Instant): PoolMemory {
  const ended = new Map([...memory.ended].filter(([, endedAt]) => after(endedAt, ENDED_MS) > at));
  return { ...memory, ended: ended.set(instanceId, at) };
}

function afterRefusal(
  memory: PoolMemory,
  spec: PoolSpec,
  { at, offer, refusal, retryAt }: Extract<Fact, { readonly type: 'capacity.refused' }>,
): PoolMemory {
  if (COOLS.has(refusal)) {
    const cooling = cooled(memory, offer, latest(after(at, spec.coolingMs), retryAt ?? at));
    return met(cooling, offer, (seen) => ({ ...seen, refusals: seen.refusals + 1, lastRefusedAt: at }));
  }
  const pauseMs = PAUSE_MS[refusal];
  if (pauseMs === 0) return memory;
  return { ...memory, pausedUntil: latest(memory.pausedUntil, after(at, pauseMs), retryAt ?? at) };
}

function met(memory: PoolMemory, offer: Offer, change: (seen: MarketSeen) => MarketSeen): PoolMemory {
  const market = marketOf(offer);
  return { ...memory, markets: { ...memory.markets, [market]: change(memory.markets[market] ?? unseenMarket) } };
}

function withGenerations(memory: PoolMemory, pool: string, ledger: Readonly<Record<string, number>>): PoolMemory {
  let next = memory;
  for (const [place, generation] of Object.entries(ledger)) {
    const at = placeOf(`${place}.${generation}`);
    if (at?.pool === pool) next = withGeneration(next, at.slot, generation);
  }
  return next;
}

/** When the first of the cooling offers may be asked for again, after `now`; NEVER if none is cooling. */
export function coolAgainAt(memory: PoolMemory, now: Instant): Instant {
  let first = NEVER;
  for (const until of memory.cooling.values()) if (until > now && until < first) first = until;
  return first;
}
