import type { BlockView } from '../block/block.ts';
import type { Fact, FactOf, Workload } from '../domain/facts.ts';
import { ALWAYS, earliest, type Instant } from '../domain/time.ts';
import { marketOf, type Offer, placeOf, tokenOf } from '../domain/words.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import { withDemand } from './demandSeen.ts';
import { type Elsewhere, noneElsewhere, withElsewhere } from './elsewhere.ts';
import { type Ended, hasEnded, noneEnded } from './ended.ts';
import { type Generations, noGenerations, withSlot } from './generations.ts';
import type { Holding } from './holds.ts';
import { type Joins, newVersion, noJoins } from './joins.ts';
import { type KeptAnswers, nothingKept } from './keptAnswers.ts';
import { observationsIn } from './keptObservations.ts';
import { withGrant, withInterruption, withKeeping, withoutKeeping, withRefusal } from './markets.ts';
import { noObservations, type Observations, observationsTogether } from './observations.ts';
import { faster, type Pace, slower } from './pace.ts';
import type { PoolSpec } from './pool.ts';
import { noRecentArrivals, type RecentArrivals, withRecent } from './recentArrivals.ts';
import { afterGranted, afterInterrupted, afterRefused, afterTemplate, type Rests, refusedOfLate } from './rests.ts';
import type { Capped } from './spendingCap.ts';

/** What a pool has learned and must remember from turn to turn. Plain data; a new one for every change. */
export interface PoolMemory {
  /** What can be bought, as last quoted. */
  readonly offers: readonly Offer[];
  readonly quotedAt: Instant;
  /** What the cheapest type costs on demand, as last quoted; null where that is not known. */
  readonly onDemandUsdPerHour: number | null;
  /** When a quote was last asked for. */
  readonly askedAt: Instant;
  /** Until when the purchase policy wants nothing of what was quoted; ALWAYS where it does. */
  readonly declinedUntil: Instant;
  /** What is left alone for a while, and why: what was refused, by how much the refusal is about. */
  readonly cooling: Rests;
  /** How fast blocks are opened while what the pool may buy is refused. */
  readonly pace: Pace;
  /** Whether instances of the present version of the template join. */
  readonly joins: Joins;
  /** The pause that people were told of, by its key; null once something was granted again. */
  readonly toldPause: string | null;
  /** When blocks were opened, as far back as the launch rate looks. */
  readonly openedAts: readonly Instant[];
  /** Whether a complete inventory was ever taken: before that, what exists is unknown, and nothing is bought. */
  readonly inventoried: boolean;
  /** The last generation used of each slot. */
  readonly generations: Generations;
  /** Instances that are known to have ended: news of them that comes late is no news. */
  readonly ended: Ended;
  /** What was seen over weeks, by earlier lives of the keeper too: jobs, boots, markets. */
  readonly observations: Observations;
  /** The operating hours' last answer and the one after it, and from when it was given: an answer may be kept until `until`. */
  readonly allowance: { readonly from: Instant; readonly now: Allowance; readonly next: Allowance } | null;
  /** What the other policies said, as long as it may hold. */
  readonly kept: KeptAnswers;
  /** The pool's jobs as last observed, null where that is not known; of pools whose scaling looks at jobs. */
  readonly workload: { readonly takenAt: Instant; readonly workload: Workload | null } | null;
  /** The holds that were asked for last; null where none ever were. */
  readonly holding: Holding | null;
  /** When its jobs came, as far as the last hour goes. */
  readonly recent: RecentArrivals;
  /** How many of them ran elsewhere lately. */
  readonly elsewhere: Elsewhere;
  /** How many blocks there were when the jobs became unknown; null while they are known. */
  readonly heldUnknown: number | null;
  /** How many blocks were wanted in the last turn. */
  readonly wanted: number;
  /** What has been announced once and need not be again. */
  readonly announced: ReadonlySet<string>;
  /** Why the spending limits let it buy nothing; null while they do, or while nothing is missing. */
  readonly capped: Capped | null;
  /** How many blocks it has in each market that may take them back; markets without any are left out. */
  readonly inMarkets: ReadonlyMap<string, number>;
}

export const noMemory: PoolMemory = {
  offers: [],
  quotedAt: ALWAYS,
  onDemandUsdPerHour: null,
  askedAt: ALWAYS,
  declinedUntil: ALWAYS,
  cooling: new Map(),
  pace: null,
  joins: noJoins,
  toldPause: null,
  openedAts: [],
  inventoried: false,
  generations: noGenerations,
  ended: noneEnded,
  observations: noObservations,
  allowance: null,
  kept: nothingKept,
  workload: null,
  holding: null,
  recent: noRecentArrivals,
  elsewhere: noneElsewhere,
  wanted: 0,
  heldUnknown: null,
  announced: new Set(),
  capped: null,
  inMarkets: new Map(),
};

/**
 * The memory after a fact that concerns the pool; the same object where the fact teaches nothing. `block` is the block that
 * the fact is about, as it was before it.
 */
export function remember(memory: PoolMemory, spec: PoolSpec, fact: Fact, block?: BlockView): PoolMemory {
  switch (fact.type) {
    case 'offers.quoted':
      return {
        ...memory,
        offers: fact.offers,
        quotedAt: fact.at,
        onDemandUsdPerHour: fact.onDemandUsdPerHour ?? null,
      };
    // News comes twice: what is known of the block already is not learned again.
    case 'capacity.granted': {
      const { offer, instanceId } = fact.lease;
      if (block?.lease?.instanceId === instanceId || hasEnded(memory.ended, instanceId)) return memory;
      return observing(afterGrant(memory, offer, fact.at), ({ markets }) => ({
        markets: withGrant(markets, offer, fact.at),
      }));
    }
    case 'capacity.refused':
      return isAnswered(block, fact.token) ? memory : afterRefusal(memory, spec, fact);
    // The end of a block's own time is no interruption, though AWS gives the same notice.
    case 'instance.interrupted': {
      if (block?.lease == null || block.reclaimAt !== null || fact.reclaimAt >= block.lease.hardEndAt) return memory;
      const { offer } = block.lease;
      const cooling = afterInterrupted(memory.cooling, offer, fact.at, spec.coolingMs);
      return observing({ ...memory, cooling }, ({ markets }) => ({
        markets: withInterruption(markets, offer, fact.at),
      }));
    }
    case 'inventory.taken': {
      const recalled = fact.complete ? { ...recalling(memory, spec.name, fact), inventoried: true } : memory;
      return withGenerations(recalled, spec.name, fact.generations);
    }
    case 'workload.observed':
      return afterWorkload(memory, fact);
    case 'jobs.unheld':
      return memory.holding === null ? memory : { ...memory, holding: { ...memory.holding, failedAt: fact.at } };
    case 'template.changed':
      return { ...memory, cooling: afterTemplate(memory.cooling), joins: newVersion(fact.hash, fact.at) };
    default:
      return memory;
  }
}

/** The next generation of a slot: never one that was used before, in this life of the keeper or an earlier one. */
export function withGeneration(memory: PoolMemory, slot: number, generation: number): PoolMemory {
  const generations = withSlot(memory.generations, slot, generation);
  return generations === memory.generations ? memory : { ...memory, generations };
}

/** An older look than the last one says nothing new. One that is said to be of the future is of now: clocks differ, and are set back. */
function afterWorkload(memory: PoolMemory, { at, takenAt: said, workload }: FactOf<'workload.observed'>): PoolMemory {
  const takenAt = earliest(said, at);
  const last = memory.workload?.takenAt;
  if (last !== undefined && takenAt <= last && last <= at) return memory;
  if (workload === null) return { ...memory, workload: { takenAt, workload } };
  const recent = withRecent(memory.recent, at, workload.arrived);
  const elsewhere = withElsewhere(memory.elsewhere, at, workload.overflow);
  const { observations: seen } = memory;
  const demand = withDemand(seen.demand, at, blocksFor(workload));
  const observations = demand === seen.demand ? seen : { ...seen, demand };
  return { ...memory, workload: { takenAt, workload }, recent, elsewhere, observations };
}

/** How many blocks would have a job if there were enough of them. */
function blocksFor({ waiting, onBlocks, overflow, jobsPerBlock }: Workload): number {
  let jobs = waiting + overflow;
  for (const id in onBlocks) jobs += onBlocks[id] ?? 0;
  return Math.ceil(jobs / jobsPerBlock);
}

/** Whether the try that an answer is about was answered before. */
const isAnswered = (block: BlockView | undefined, token: string): boolean =>
  block !== undefined && (block.lease !== null || token !== tokenOf(block.id, block.attempt));

function afterRefusal(
  memory: PoolMemory,
  spec: PoolSpec,
  fact: Extract<Fact, { readonly type: 'capacity.refused' }>,
): PoolMemory {
  const { at, offer, refusal } = fact;
  const cooling = afterRefused(memory.cooling, fact, memory.offers, spec.coolingMs);
  if (cooling === memory.cooling) return memory;
  const nothingLeft = memory.offers.length > 0 && memory.offers.every((one) => refusedOfLate(cooling, one, at));
  const rested = { ...memory, cooling, pace: slower(memory.pace, nothingLeft) };
  if (refusal !== 'no-capacity' && refusal !== 'subnet-full') return rested;
  return observing(rested, ({ markets }) => ({ markets: withRefusal(markets, offer, at) }));
}

function afterGrant(memory: PoolMemory, offer: Offer, at: Instant): PoolMemory {
  const cooling = afterGranted(memory.cooling, offer, at);
  if (cooling === memory.cooling && memory.pace === null && memory.toldPause === null) return memory;
  return { ...memory, cooling, pace: faster(memory.pace), toldPause: null };
}

/** One instance more, since then, or one fewer from then on: that it has any is news of a market that may take them back. */
export function withInstance(memory: PoolMemory, offer: Offer, by: 1 | -1, at: Instant): PoolMemory {
  if (offer.term !== 'spot') return memory;
  const market = marketOf(offer);
  const blocks = (memory.inMarkets.get(market) ?? 0) + by;
  const inMarkets = new Map(memory.inMarkets);
  if (blocks <= 0) inMarkets.delete(market);
  else inMarkets.set(market, blocks);
  const next = { ...memory, inMarkets };
  const keptSince = memory.observations.markets.seen[market]?.keptSince;
  if (by === 1 && (keptSince === undefined || at < keptSince))
    return observing(next, ({ markets }) => ({ markets: withKeeping(markets, offer, at) }));
  return blocks > 0 ? next : observing(next, ({ markets }) => ({ markets: withoutKeeping(markets, offer, at) }));
}

/** The memory after something was observed. */
const observing = (memory: PoolMemory, change: (seen: Observations) => Partial<Observations>): PoolMemory =>
  withObservations(memory, { ...memory.observations, ...change(memory.observations) });

/** The first complete inventory brings what earlier lives have seen; one that is told again brings it not again. */
function recalling(
  memory: PoolMemory,
  pool: string,
  { at, observations = {} }: Extract<Fact, { readonly type: 'inventory.taken' }>,
): PoolMemory {
  if (memory.inventoried || !Object.hasOwn(observations, pool)) return memory;
  const earlier = observationsIn(observations[pool], at);
  // What cannot be read is nothing known; why is told where the ledger is read.
  if ('unread' in earlier) return memory;
  return { ...memory, observations: observationsTogether(earlier, memory.observations) };
}

function withGenerations(memory: PoolMemory, pool: string, ledger: Readonly<Record<string, number>>): PoolMemory {
  let next = memory;
  for (const [place, generation] of Object.entries(ledger)) {
    const at = placeOf(`${place}.${generation}`);
    if (at?.pool === pool) next = withGeneration(next, at.slot, generation);
  }
  return next;
}

/**
 * The memory with other observations. A literal of all fields, kept complete by the compiler: on Node 20 several times as fast as a spread,
 * and every job's start and end comes through here.
 */
export const withObservations = (memory: PoolMemory, observations: Observations): PoolMemory => ({
  offers: memory.offers,
  quotedAt: memory.quotedAt,
  onDemandUsdPerHour: memory.onDemandUsdPerHour,
  askedAt: memory.askedAt,
  declinedUntil: memory.declinedUntil,
  cooling: memory.cooling,
  pace: memory.pace,
  joins: memory.joins,
  toldPause: memory.toldPause,
  openedAts: memory.openedAts,
  inventoried: memory.inventoried,
  generations: memory.generations,
  ended: memory.ended,
  allowance: memory.allowance,
  kept: memory.kept,
  workload: memory.workload,
  holding: memory.holding,
  recent: memory.recent,
  elsewhere: memory.elsewhere,
  wanted: memory.wanted,
  heldUnknown: memory.heldUnknown,
  announced: memory.announced,
  capped: memory.capped,
  inMarkets: memory.inMarkets,
  observations,
});
