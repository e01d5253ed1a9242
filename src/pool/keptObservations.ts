import { ALWAYS, earliest, hours, type Instant, type Millis } from '../domain/time.ts';
import type { MarketSeen } from '../policy/observed.ts';
import { dayOf, MOST_WEIGHT } from './age.ts';
import { type Arrivals, MOST_IN_AN_HOUR, noArrivals, WEEK_HOURS } from './arrivals.ts';
import { type DemandSeen, MOST_BLOCKS, MOST_WEEKS, noDemand, type WeekOfDemand } from './demandSeen.ts';
import { BUCKETS, type Durations, noDurations } from './durations.ts';
import { type MarketsSeen, MOST_MARKETS, thousandths } from './markets.ts';
import type { Observations } from './observations.ts';
import { nothingPaid, type Paid } from './spending.ts';
import { listOf, weightsIn } from './weights.ts';

/**
 * Observations as they are written down: plain JSON. With names of types and zones as long as EC2 has them, of some forty characters
 * together, it takes 10,000 bytes at most, and about 3,500 for a usual pool.
 */
export interface KeptObservations {
  readonly version: 1;
  readonly durations: KeptDurations;
  readonly boots: KeptDurations;
  readonly markets: { readonly day: number; readonly seen: readonly KeptMarket[] };
  readonly arrivals: KeptArrivals;
  /** Left out by keepers before this one: then nothing was watched, or counted. */
  readonly demand?: DemandSeen;
  readonly paid?: KeptPaid;
}

/** In millionths of a dollar; `upTo` is null where nothing that lives was counted. */
interface KeptPaid extends Omit<Paid, 'upTo'> {
  readonly upTo: Instant | null;
}

/** The weights of the buckets from `first` on; none after the last that is above zero. */
interface KeptDurations {
  readonly day: number;
  readonly first: number;
  readonly weights: readonly number[];
}

/** By hour of the week. */
interface KeptArrivals extends Omit<Arrivals, 'weights'> {
  readonly weights: readonly number[];
}

type KeptMarket = readonly [
  market: string,
  grants: number,
  refusals: number,
  interruptions: number,
  lastRefusedAt: Instant | null,
  lastInterruptedAt: Instant | null,
  /** Left out by keepers before this one, and where nothing is known of it. */
  ...kept: readonly [] | readonly [keptMs: Millis, keptSince: Instant | null, keptBeforeMs: Millis | null],
];

/** What could not be read, and why. */
export interface Unread {
  readonly unread: string;
}

export const keptOf = ({ durations, boots, markets, arrivals, demand, paid }: Observations): KeptObservations => ({
  version: 1,
  durations: keptDurations(durations),
  boots: keptDurations(boots),
  markets: {
    day: markets.day,
    seen: Object.entries(markets.seen).map(([market, seen]) => [
      market,
      seen.grants,
      seen.refusals,
      seen.interruptions,
      seen.lastRefusedAt ?? null,
      seen.lastInterruptedAt ?? null,
      ...(seen.keptMs === undefined && seen.keptSince === undefined && seen.keptBeforeMs === undefined
        ? ([] as const)
        : ([seen.keptMs ?? 0, seen.keptSince ?? null, seen.keptBeforeMs ?? null] as const)),
    ]),
  },
  arrivals: { ...arrivals, weights: listOf(arrivals.weights) },
  demand,
  paid: { ...paid, upTo: paid.upTo === ALWAYS ? null : paid.upTo },
});

/**
 * Reads what `keptOf` has made, gone through JSON. Of another version, or not wholly what it should be, it is nothing known, and
 * why. Nothing was seen after `at`: days and instants that are later, of a clock that was wrong then, are taken for that.
 */
export function observationsIn(kept: unknown, at: Instant): Observations | Unread {
  if (!isRecord(kept)) return { unread: 'it is no object' };
  if (kept['version'] !== 1)
    return { unread: `it is of version ${JSON.stringify(kept['version'])}, and 1 is known here` };
  const durations = durationsIn(kept['durations'], at);
  const boots = durationsIn(kept['boots'], at);
  const markets = marketsIn(kept['markets'], at);
  const arrivals = arrivalsIn(kept['arrivals'], at);
  if (durations === undefined) return { unread: 'its durations are malformed' };
  if (boots === undefined) return { unread: 'its boots are malformed' };
  if (markets === undefined) return { unread: 'its markets are malformed' };
  if (arrivals === undefined) return { unread: 'its arrivals are malformed' };
  const demand = demandIn(kept['demand'], at);
  const paid = paidIn(kept['paid'], at);
  if (demand === undefined) return { unread: 'its demand is malformed' };
  if (paid === undefined) return { unread: 'its spending is malformed' };
  return { durations, boots, markets, arrivals, demand, paid };
}

function keptDurations({ day, weights: pieces }: Durations): KeptDurations {
  const weights = listOf(pieces);
  const first = Math.max(
    weights.findIndex((weight) => weight > 0),
    0,
  );
  return { day, first, weights: weights.slice(first, weights.findLastIndex((weight) => weight > 0) + 1) };
}

function durationsIn(kept: unknown, at: Instant): Durations | undefined {
  if (!isRecord(kept)) return undefined;
  const day = dayIn(kept['day'], at);
  const { first, weights } = kept;
  if (day === undefined || !isCount(first, BUCKETS) || !areCounts(weights, MOST_WEIGHT)) return undefined;
  if (first + weights.length > BUCKETS) return undefined;
  const weight = weights.reduce((sum, one) => sum + one, 0);
  if (weight > MOST_WEIGHT) return undefined;
  if (weight === 0) return { ...noDurations, day };
  const after = Array.from({ length: BUCKETS - first - weights.length }, () => 0);
  return { day, weight, weights: weightsIn([...Array.from({ length: first }, () => 0), ...weights, ...after]) };
}

function marketsIn(kept: unknown, at: Instant): MarketsSeen | undefined {
  if (!isRecord(kept)) return undefined;
  const day = dayIn(kept['day'], at);
  const { seen } = kept;
  if (day === undefined || !isList(seen) || seen.length > MOST_MARKETS) return undefined;
  const markets = seen.map((one) => marketIn(one, at));
  return markets.includes(undefined)
    ? undefined
    : { day, seen: Object.fromEntries(markets.filter((one) => one !== undefined)) };
}

/** A type and a zone: AWS has none of a quarter of that. */
const LONGEST_MARKET = 128;

function marketIn(kept: unknown, at: Instant): readonly [string, MarketSeen] | undefined {
  if (!isList(kept) || (kept.length !== 6 && kept.length !== 9)) return undefined;
  const [market, grants, refusals, interruptions, refusedAt, interruptedAt, ...held] = kept;
  const [keptMs = 0, keptSince = null, keptBeforeMs = null] = held;
  if (
    typeof market !== 'string' ||
    market.length > LONGEST_MARKET ||
    !isPart(grants) ||
    !isPart(refusals) ||
    !isPart(interruptions)
  )
    return undefined;
  if (!isInstantOrNone(refusedAt) || !isInstantOrNone(interruptedAt) || !isInstantOrNone(keptSince)) return undefined;
  if (!isLength(keptMs) || (keptBeforeMs !== null && !isLength(keptBeforeMs))) return undefined;
  return [
    market,
    {
      grants: thousandths(grants),
      refusals: thousandths(refusals),
      interruptions: thousandths(interruptions),
      ...(refusedAt === null ? {} : { lastRefusedAt: earliest(refusedAt, at) }),
      ...(interruptedAt === null ? {} : { lastInterruptedAt: earliest(interruptedAt, at) }),
      ...(keptMs === 0 ? {} : { keptMs }),
      ...(keptSince === null ? {} : { keptSince: earliest(keptSince, at) }),
      ...(keptBeforeMs === null ? {} : { keptBeforeMs }),
    },
  ];
}

function arrivalsIn(kept: unknown, at: Instant): Arrivals | undefined {
  if (!isRecord(kept)) return undefined;
  const day = dayIn(kept['day'], at);
  const { weights } = kept;
  if (day === undefined || !areCounts(weights, MOST_IN_AN_HOUR)) return undefined;
  if (kept['sinceDay'] === null) return weights.length === 0 ? { ...noArrivals, day } : undefined;
  const sinceDay = dayIn(kept['sinceDay'], at);
  return sinceDay === undefined || weights.length !== WEEK_HOURS
    ? undefined
    : { day, sinceDay, weights: weightsIn(weights) };
}

const WEEK_OF_DEMAND = /^(?:[0-9a-z]{2}|--){168}$/;

function demandIn(kept: unknown, at: Instant): DemandSeen | undefined {
  if (kept === undefined) return noDemand;
  if (!isRecord(kept)) return undefined;
  const { hour, most, level, weeks } = kept;
  if (hour !== null && !isCount(hour, Number.MAX_SAFE_INTEGER)) return undefined;
  if (!isCount(most, MOST_BLOCKS) || !isCount(level, MOST_BLOCKS)) return undefined;
  if (!isList(weeks) || weeks.length > MOST_WEEKS || !weeks.every(isWeek)) return undefined;
  return { hour: hour === null ? null : Math.min(hour, Math.floor(at / hours(1))), most, level, weeks };
}

const isWeek = (kept: unknown): kept is WeekOfDemand =>
  isRecord(kept) &&
  isCount(kept['week'], Number.MAX_SAFE_INTEGER) &&
  typeof kept['most'] === 'string' &&
  WEEK_OF_DEMAND.test(kept['most']);

/** A thousand blocks of a hundred dollars an hour for a month: a bound for what is written down. */
const MOST_MICRO_USD = 100_000_000_000_000;

function paidIn(kept: unknown, at: Instant): Paid | undefined {
  if (kept === undefined) return nothingPaid;
  if (!isRecord(kept)) return undefined;
  const day = dayIn(kept['day'], at);
  const { upTo, dayMicroUsd, monthMicroUsd } = kept;
  if (day === undefined || !isInstantOrNone(upTo)) return undefined;
  if (!isCount(dayMicroUsd, MOST_MICRO_USD) || !isCount(monthMicroUsd, MOST_MICRO_USD)) return undefined;
  return { day, upTo: upTo === null ? ALWAYS : earliest(upTo, at), dayMicroUsd, monthMicroUsd };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;

const areCounts = (value: unknown, most: number): value is readonly number[] =>
  isList(value) && value.every((one) => isCount(one, most));

const isPart = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value * 1_000 <= MOST_WEIGHT;

const isLength = (value: unknown): value is Millis => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isInstantOrNone = (value: unknown): value is Instant | null =>
  value === null || (typeof value === 'number' && Number.isFinite(value));

/** A day, no later than the present one; undefined for what is none. */
const dayIn = (value: unknown, at: Instant): number | undefined =>
  isCount(value, Number.MAX_SAFE_INTEGER) ? Math.min(value, dayOf(at)) : undefined;
