import { adoptBlock, openBlock } from '../block/block.ts';
import type { Effect } from '../domain/effects.ts';
import type { Fact, Sighting } from '../domain/facts.ts';
import { type Instant, latest, NEVER } from '../domain/time.ts';
import { placeOf } from '../domain/words.ts';
import { type Keeper, newKeeper } from '../keeper/keeper.ts';
import { step } from '../keeper/step.ts';
import type { Intent } from '../live/aws/launch/intent.ts';
import type { Quote } from '../live/aws/quote.ts';
import { noBlocksYet } from '../pool/blocks/blocks.ts';
import { FEW_JOINS, FIRST_PROBE_MS, noJoins } from '../pool/joins.ts';
import { noMemory, type PoolMemory } from '../pool/memory.ts';
import type { Pool } from '../pool/pool.ts';
import { minuteOf } from '../pool/recentArrivals.ts';
import type { JobsMet, Met } from './runningKeeper.ts';

/** A launch that is on its way by the ledger, and not known to be over. */
export type UnderWay = Pick<Intent, 'blockId' | 'token' | 'offer' | 'at'>;

/** What a keeper would be told if it began now. */
export interface Outset {
  readonly at: Instant;
  readonly pools: readonly Pool[];
  /** Undefined where it is not known what exists: then the keeper is told of nothing, and neither buys nor ends anything. */
  readonly sightings: readonly Sighting[] | undefined;
  readonly generations: Readonly<Record<string, number>>;
  /** What keepers have seen, by pool, as the ledger holds it; undefined where it holds nothing, or is not known. */
  readonly observations?: Readonly<Record<string, unknown>> | undefined;
  /** Launches that are on their way by the ledger: each is the block that waits for it. */
  readonly launches: readonly UnderWay[];
  readonly quotes: ReadonlyMap<string, Quote>;
  /** What a keeper that runs has met, by pool; empty where nobody could be asked. */
  readonly met: ReadonlyMap<string, Met>;
}

/** What a keeper does at one moment, all turns of it together. */
export interface Moment {
  readonly at: Instant;
  /** When the last of its turns was: a few milliseconds later at most. */
  readonly endedAt: Instant;
  /** As it was when the moment began; of the first one, with what was found. */
  readonly before: Keeper;
  readonly after: Keeper;
  /** Without the questions for prices, which were answered. */
  readonly effects: readonly Effect[];
  /** When something is next due if nothing else happens; NEVER if nothing is. */
  readonly wakeAt: Instant;
}

/** Today's answer and what would be done later if nothing happened but the passing of time. Pure, as `step` is. */
export interface Foresight {
  readonly now: Moment;
  /** The next wake-up after a moment; undefined where nothing is due any more. */
  readonly next: (moment: Moment) => Moment | undefined;
}

/** Makes a keeper of what was found, by the same turns that a real one takes. Prices are taken to stay as they are. */
export function foresee(outset: Outset): Foresight {
  const { at, sightings, generations, observations, pools } = outset;
  const opening: Fact = {
    type: 'inventory.taken',
    at,
    sightings: sightings ?? [],
    generations,
    ...(observations === undefined ? {} : { observations }),
    complete: sightings !== undefined,
  };
  return {
    now: { ...moment(begun(pools, outset), opening, outset.quotes), before: asFound(outset) },
    next: ({ after, wakeAt }) =>
      wakeAt === NEVER ? undefined : moment(after, { type: 'clock.reached', at: wakeAt }, outset.quotes),
  };
}

/** A keeper that knows what cannot be told to it by a fact. */
function begun(pools: readonly Pool[], { at, launches, sightings = [], met }: Outset): Keeper {
  const empty = newKeeper(pools);
  const memories = new Map(
    [...empty.memories].map(([name, memory]) => {
      const { pausedUntil, cooling = noMemory.cooling, neverJoins = false, jobs } = met.get(name) ?? {};
      const stops = neverJoins && pausedUntil !== undefined;
      const joins = stops ? { ...noJoins, failed: FEW_JOINS, restMs: FIRST_PROBE_MS, until: pausedUntil } : noJoins;
      return [name, { ...memory, cooling, joins, ...(jobs === undefined ? {} : jobsOf(jobs, at)) }] as const;
    }),
  );
  let blocks = noBlocksYet;
  for (const { blockId, offer, at: decidedAt } of launches) {
    const place = placeOf(blockId);
    const pool = pools.find(({ spec }) => spec.name === place?.pool);
    if (place === undefined || pool === undefined || sightings.some((one) => one.blockId === blockId)) continue;
    const [block] = openBlock(place, [offer], decidedAt, pool.spec);
    // One that waits for longer than a keeper would is left from a life that ended: whoever begins only looks for it.
    if (block.context.deadlineAt > at) blocks = blocks.with(block);
  }
  return { pools, memories, blocks };
}

/** What a keeper that runs sees of its jobs, as it would be remembered. */
const jobsOf = ({ workload, arrivals }: JobsMet, at: Instant): Pick<PoolMemory, 'workload' | 'recent'> => ({
  workload: { takenAt: at, workload },
  recent: { minute: minuteOf(at), counts: arrivals },
});

/** A policy that wants to be asked again at once, for ever, gets its next moment instead. */
const MOST_TURNS = 100;

/** One moment: the fact, the prices that are asked for on it, and what fell due by it; each turn an instant after the last. */
function moment(start: Keeper, fact: Fact, quotes: ReadonlyMap<string, Quote>): Moment {
  const effects: Effect[] = [];
  /** Pools whose prices were asked for: answered once in a moment, and only where they are known. */
  const asked = new Set<string>();
  const answered = new Set<string>();
  let { at } = fact;
  let turn = step(start, fact);
  for (let turns = 1; ; turns += 1) {
    for (const effect of turn.effects)
      if (effect.type === 'quoteOffers') asked.add(effect.pool);
      else effects.push(effect);
    const next = turns < MOST_TURNS ? nextFact() : undefined;
    if (next === undefined) break;
    ({ at } = next);
    turn = step(turn.state, next);
  }
  return { at: fact.at, endedAt: at, before: start, after: turn.state, effects, wakeAt: latest(turn.wakeAt, at + 1) };

  function nextFact(): Fact | undefined {
    for (const pool of asked) {
      const quote = quotes.get(pool);
      if (answered.has(pool) || quote?.kind !== 'known') continue;
      answered.add(pool);
      const { offers, onDemandUsdPerHour } = quote;
      const known = onDemandUsdPerHour === undefined ? {} : { onDemandUsdPerHour };
      return { type: 'offers.quoted', at: at + 1, pool, offers, ...known };
    }
    return turn.wakeAt <= at + 1 ? { type: 'clock.reached', at: at + 1 } : undefined;
  }
}

/** The keeper with every block in the state that its instance and node show, before anything is decided about it. */
function asFound(outset: Outset): Keeper {
  const { at, pools, sightings = [] } = outset;
  const start = begun(pools, outset);
  let { blocks } = start;
  for (const sighting of sightings) {
    const place = placeOf(sighting.blockId);
    const pool = pools.find(({ spec }) => spec.name === place?.pool);
    if (place === undefined || pool === undefined || blocks.has(sighting.blockId)) continue;
    const [block] = adoptBlock(place, sighting, at, pool.spec);
    blocks = blocks.with(block);
  }
  return { ...start, blocks };
}
