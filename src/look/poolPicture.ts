import { type BlockView, viewOf } from '../block/block.ts';
import { after, type Instant, NEVER } from '../domain/time.ts';
import { BLOCK_STATES, type BlockState, type Offer, termsOf } from '../domain/words.ts';
import type { Keeper } from '../keeper/keeper.ts';
import type { Quote } from '../live/aws/quote.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import { countedZones } from '../policy/purchase.ts';
import type { RenewalTimes } from '../policy/renewal.ts';
import { adviceOf } from '../pool/advice.ts';
import { askRank } from '../pool/ask.ts';
import { pauseOf } from '../pool/buying.ts';
import { quantilesOf } from '../pool/durations.ts';
import { heldIn } from '../pool/held.ts';
import { awaitedUntil } from '../pool/holds.ts';
import { noMemory, type PoolMemory } from '../pool/memory.ts';
import type { Pool } from '../pool/pool.ts';
import { usableOffers } from '../pool/rests.ts';
import { roomFor } from '../pool/room.ts';
import { SUPPLIES } from '../pool/supplies.ts';
import { renewalTimes } from './renewalTimes.ts';
import { whenText } from './words.ts';

/** How a pool stands at one moment. */
export interface PoolPicture {
  readonly name: string;
  /** How many blocks are wanted, `maxBlocks` applied; undefined before the operating hours were asked. */
  readonly wanted: number | undefined;
  /** What the hours allow of them; the same as `wanted` where the pool does not look at its jobs. */
  readonly allowed: number | undefined;
  /** The jobs that it follows: null where they are not known, undefined where it does not look at them. */
  readonly jobs: JobsFound | null | undefined;
  /** Until when the hours allow so many, and how many are wanted from then on; NEVER where it always holds. */
  readonly wantedUntil: Instant;
  readonly wantedNext: number;
  /** Living blocks by state. */
  readonly counts: Readonly<Record<Exclude<BlockState, 'gone'>, number>>;
  /** Blocks that count against what is wanted: not leaving, not relieved, and not closed by others. */
  readonly supply: readonly BlockView[];
  readonly living: readonly BlockView[];
  /** When each block with a lease is relieved, drained and ended, by its id. */
  readonly times: ReadonlyMap<string, RenewalTimes>;
  /** Why fewer blocks are there or on their way than are wanted, and nothing is bought; undefined where that is not so. */
  readonly short: string | undefined;
  readonly memory: PoolMemory;
  /** What the scaling policy `learned` would want, where another decides and enough was seen. */
  readonly advised: number | undefined;
}

/** A pool's jobs, for people. */
export interface JobsFound {
  readonly waiting: number;
  /** On blocks. */
  readonly running: number;
  readonly overflow: number;
}

/** Reads a keeper for people: the same figures as the reconciler's, and the reason that it does not have to give. */
export function poolPicture(pool: Pool, keeper: Keeper, at: Instant, quote: Quote | undefined): PoolPicture {
  const { spec } = pool;
  const follows = pool.policies.scaling.ignoresJobs !== true;
  const memory = keeper.memories.get(spec.name) ?? noMemory;
  const living = [...keeper.blocks.values()]
    .filter(({ state, context }) => context.pool === spec.name && state !== 'gone')
    .map(viewOf);
  const boots = quantilesOf(memory.observations.boots);
  const times = new Map<string, RenewalTimes>();
  for (const view of living) {
    const answer = renewalTimes(pool, memory, view, at);
    if (answer !== undefined) times.set(view.id, answer);
  }
  const supply = living.filter((view) => isHad(view));
  const capped = (allowance: Allowance | undefined): number => Math.min(allowance?.blocks ?? 0, spec.maxBlocks);
  const allowed = memory.allowance === null ? undefined : capped(memory.allowance.now);
  const wanted = allowed !== undefined && follows ? Math.min(memory.wanted, allowed) : allowed;
  const next = capped(memory.allowance?.next);
  return {
    name: spec.name,
    wanted,
    allowed,
    jobs: follows ? jobsFound(memory) : undefined,
    wantedUntil: memory.allowance?.now.until ?? NEVER,
    wantedNext: follows ? Math.min(wanted ?? 0, next) : next,
    counts: countsOf(living),
    ...{ supply, living, times, memory },
    advised: adviceOf(pool, memory, keeper.blocks.of(spec.name), at)?.learned,
    short:
      wanted === undefined || supply.length >= wanted ? undefined : whyShort(pool, memory, living, wanted, at, quote),
  };

  /** Where a pool follows its jobs, one that is late to join is not counted on. */
  function isHad(view: BlockView): boolean {
    const isLate = follows && view.state === 'joining' && at >= awaitedUntil(view, spec, boots);
    return !isLate && supplies(view, times.get(view.id), at);
  }
}

function jobsFound({ workload }: PoolMemory): JobsFound | null {
  if (workload?.workload == null) return null;
  const { waiting, onBlocks, overflow } = workload.workload;
  return { waiting, running: Object.values(onBlocks).reduce((sum, jobs) => sum + jobs, 0), overflow };
}

/** The reconciler's own rule of what counts as had. */
function supplies(view: BlockView, times: RenewalTimes | undefined, at: Instant): boolean {
  if (!SUPPLIES[view.state]) return false;
  if (view.state === 'resting') return true;
  if (view.leaving || (view.state === 'serving' && !view.usable)) return false;
  return times === undefined || at < times.relieveAt;
}

/** The first thing in the way of buying, in the order in which the reconciler meets them. */
function whyShort(
  pool: Pool,
  memory: PoolMemory,
  living: readonly BlockView[],
  wanted: number,
  at: Instant,
  quote: Quote | undefined,
): string {
  const { spec, policies } = pool;
  if (!memory.inventoried) return 'what exists is not known, and without that nothing is bought';
  // A pool that follows its jobs has to catch up with them: all it may have, at once.
  const follows = policies.scaling.ignoresJobs !== true;
  const ceiling = follows ? spec.maxBlocks : wanted;
  const room = roomFor(
    spec,
    ceiling,
    living.length,
    living.filter(({ state }) => state === 'draining'),
    at,
  );
  if (room.blocks <= 0) {
    const most = living.length + room.blocks;
    const overrun = most > Math.min(ceiling + spec.surge, spec.maxBlocks) ? ', with those whose leases are over' : '';
    return `there is no room: ${living.length} blocks live, those that leave among them, and at most ${most} may${overrun}`;
  }
  const pause = pauseOf(memory, at);
  if (pause !== undefined) return pause.note;
  if (quote?.kind === 'unknown') return `prices are not known: ${quote.why}`;
  if (quote?.kind === 'known' && quote.offers.length === 0)
    return 'nothing is for sale: no type has a subnet and a price in any zone';
  const { perMs } = spec.launchRate;
  const launches = follows ? Math.max(spec.launchRate.launches, spec.maxBlocks) : spec.launchRate.launches;
  const recent = memory.openedAts.filter((opened) => opened > at - perMs);
  if (recent.length >= launches) return `the launch rate is used up until ${whenText(after(recent[0] ?? at, perMs))}`;
  const usable = usableOffers(memory.cooling, memory.offers, at);
  if (memory.allowance !== null && ranked(pool, usable, memory.allowance, memory, living, at).length === 0)
    return `the purchase policy takes none of ${usable.length} offers, of which the cheapest is at ${cheapest(usable)} USD/h`;
  return 'it is bought with the next wake-up';
}

const cheapest = (offers: readonly Offer[]): number => Math.min(...offers.map(({ usdPerHour }) => usdPerHour));

function ranked(
  { policies, spec }: Pool,
  usable: readonly Offer[],
  { now: allowance, next }: { readonly now: Allowance; readonly next: Allowance },
  { observations }: PoolMemory,
  living: readonly BlockView[],
  now: Instant,
): readonly Offer[] {
  const zones = living.map(({ zone }) => zone);
  return askRank(
    policies.purchase,
    usable,
    // A place that no block has: which one it would be changes nothing in whether anything is bought.
    {
      now,
      allowance,
      next,
      slot: living.length,
      blockId: '',
      held: heldIn(living),
      zones,
      blocksIn: countedZones(zones),
      markets: observations.markets.seen,
      terms: termsOf(spec.term),
    },
    () => undefined,
  );
}

function countsOf(living: readonly BlockView[]): PoolPicture['counts'] {
  // Every living state is a key, as the type says.
  const counts = Object.fromEntries(BLOCK_STATES.filter((one) => one !== 'gone').map((one) => [one, 0])) as Record<
    Exclude<BlockState, 'gone'>,
    number
  >;
  for (const { state } of living) if (state !== 'gone') counts[state] += 1;
  return counts;
}
