import { earliest, type Instant, latest, type Millis, minutes } from '../domain/time.ts';
import { marketOf, type Offer } from '../domain/words.ts';
import { keptFor, type MarketSeen, unseenMarket } from '../policy/observed.ts';
import { CROWDED_SHARE, dayOf, lowered, MOST_WEIGHT, NEW_WEIGHT, shareAfter } from './age.ts';

/** What a pool has met, by market. What is old counts less. */
export interface MarketsSeen {
  /** The day up to which the counts of all were lowered: they stay comparable, also where nothing new was met. */
  readonly day: number;
  /** The one met last comes last. Counts are whole thousandths. */
  readonly seen: Readonly<Record<string, MarketSeen>>;
}

/** So many are remembered: ten types in three zones. The one not met for the longest time goes. */
export const MOST_MARKETS = 30;

export const noMarkets: MarketsSeen = { day: 0, seen: {} };

/** A request was granted. */
export const withGrant = (markets: MarketsSeen, offer: Offer, at: Instant): MarketsSeen =>
  met(markets, offer, at, (seen) => ({ ...seen, grants: seen.grants + 1 }));

/** A request was refused for want of capacity. What a market kept before is no news of it once it has nothing left. */
export const withRefusal = (markets: MarketsSeen, offer: Offer, at: Instant): MarketsSeen =>
  met(markets, offer, at, ({ keptMs, ...seen }) => ({
    ...seen,
    ...(keptMs === undefined || (offer.term === 'spot' && seen.keptSince === undefined) ? {} : { keptMs }),
    refusals: seen.refusals + 1,
    lastRefusedAt: at,
  }));

/** What a market takes back within so long is taken at once: one shortage has one beginning. */
const AT_ONCE_MS = minutes(5);

/** AWS gave notice to a block before its time. */
export const withInterruption = (markets: MarketsSeen, offer: Offer, at: Instant): MarketsSeen =>
  met(markets, offer, at, (seen) => {
    const told = { ...seen, interruptions: seen.interruptions + 1, lastInterruptedAt: at };
    const { lastInterruptedAt: last, keptSince } = seen;
    if (keptSince === undefined || (last !== undefined && at - last < AT_ONCE_MS)) return told;
    return { ...without(told, 'keptMs'), keptBeforeMs: keptFor(seen, at), keptSince: latest(at, keptSince) };
  });

/** A market has its first block of a pool, or one that began before those that were known. */
export const withKeeping = (markets: MarketsSeen, offer: Offer, since: Instant): MarketsSeen =>
  counted(markets, offer, (seen) => ({ ...seen, keptSince: earliest(seen.keptSince ?? since, since) }));

/** A market has none of a pool's blocks any more. */
export const withoutKeeping = (markets: MarketsSeen, offer: Offer, at: Instant): MarketsSeen =>
  counted(markets, offer, (seen) => {
    const others = without(seen, 'keptSince');
    const keptMs = keptFor(seen, at);
    return keptMs === 0 ? others : { ...others, keptMs };
  });

/** What two lives of the keeper have met, the earlier one first, as if one had met both. */
export function marketsTogether(earlier: MarketsSeen, later: MarketsSeen): MarketsSeen {
  const day = Math.max(earlier.day, later.day);
  // Whether what an earlier life had lives on is seen by the later one.
  let seen: MarketsSeen['seen'] = {};
  for (const [market, one] of Object.entries(seenBy(day, earlier)))
    seen = { ...seen, [market]: without(one, 'keptSince') };
  for (const [market, one] of Object.entries(seenBy(day, later))) {
    const before = earlier.seen[market];
    const known = seen[market];
    const both = before === undefined || known === undefined ? one : sumOf({ ...before, ...known }, one);
    seen = metLast(seen, market, both);
  }
  return { day, seen };
}

/** A count in whole thousandths: as it is read again after it was written down. */
export const thousandths = (count: number): number => Math.round(count * NEW_WEIGHT) / NEW_WEIGHT;

function met(markets: MarketsSeen, offer: Offer, at: Instant, change: (seen: MarketSeen) => MarketSeen): MarketsSeen {
  const market = marketOf(offer);
  const day = Math.max(markets.day, dayOf(at));
  const seen = seenBy(day, markets);
  return { day, seen: metLast(seen, market, thinned(change(seen[market] ?? unseenMarket))) };
}

/** As `met`, without lowering what was counted before: nothing is to be compared with it. */
function counted(markets: MarketsSeen, offer: Offer, change: (seen: MarketSeen) => MarketSeen): MarketsSeen {
  const market = marketOf(offer);
  return { day: markets.day, seen: metLast(markets.seen, market, change(markets.seen[market] ?? unseenMarket)) };
}

/** The markets with one that was just met: the last, and one of no more than are remembered. */
function metLast(seen: MarketsSeen['seen'], market: string, one: MarketSeen): MarketsSeen['seen'] {
  const others = Object.entries(seen).filter(([name]) => name !== market);
  return Object.fromEntries([...others.slice(-(MOST_MARKETS - 1)), [market, one] as const]);
}

function seenBy(day: number, markets: MarketsSeen): MarketsSeen['seen'] {
  const share = shareAfter(day - markets.day);
  if (share === 1) return markets.seen;
  return Object.fromEntries(Object.entries(markets.seen).map(([market, seen]) => [market, scaled(seen, share)]));
}

/** A market is not remembered for more than is of durations, so that it may change its ways. */
function thinned(seen: MarketSeen): MarketSeen {
  let left = scaled(seen, 1);
  while ((left.grants + left.refusals + left.interruptions) * NEW_WEIGHT > MOST_WEIGHT)
    left = scaled(left, CROWDED_SHARE);
  return left;
}

const without = (seen: MarketSeen, part: 'keptMs' | 'keptSince'): MarketSeen =>
  // Known: either may be absent, and the others stay.
  Object.fromEntries(Object.entries(seen).filter(([name]) => name !== part)) as unknown as MarketSeen;

function scaled(seen: MarketSeen, share: number): MarketSeen {
  // Whole thousandths first: a product is a little off, and would lose one more each time.
  const part = (count: number): number => lowered(Math.round(count * NEW_WEIGHT), share) / NEW_WEIGHT;
  return {
    ...seen,
    grants: part(seen.grants),
    refusals: part(seen.refusals),
    interruptions: part(seen.interruptions),
  };
}

function sumOf(before: MarketSeen, since: MarketSeen): MarketSeen {
  const lastRefusedAt = lastOf(before.lastRefusedAt, since.lastRefusedAt);
  const lastInterruptedAt = lastOf(before.lastInterruptedAt, since.lastInterruptedAt);
  const keptBeforeMs = since.keptBeforeMs ?? before.keptBeforeMs;
  const keptMs = keptTogether(before, since);
  return thinned({
    grants: before.grants + since.grants,
    refusals: before.refusals + since.refusals,
    interruptions: before.interruptions + since.interruptions,
    ...(lastRefusedAt === undefined ? {} : { lastRefusedAt }),
    ...(lastInterruptedAt === undefined ? {} : { lastInterruptedAt }),
    ...(keptMs === 0 ? {} : { keptMs }),
    ...(since.keptSince === undefined ? {} : { keptSince: stretchFrom(before, since.keptSince, since) }),
    ...(keptBeforeMs === undefined ? {} : { keptBeforeMs }),
  });
}

/** A stretch that began in the earlier life goes on where the later one has blocks there, and heard of no interruption. */
const stretchFrom = ({ keptSince }: MarketSeen, here: Instant, since: MarketSeen): Instant =>
  keptSince === undefined || since.keptBeforeMs !== undefined ? here : earliest(keptSince, here);

/** What was kept before the later life, until something ended that; of the stretch in which the earlier life ended its end is not known. */
function keptTogether({ keptMs = 0 }: MarketSeen, since: MarketSeen): Millis {
  const isOver = since.keptBeforeMs !== undefined || (since.refusals > 0 && since.keptSince === undefined);
  return (isOver ? 0 : keptMs) + (since.keptMs ?? 0);
}

const lastOf = (one: Instant | undefined, other: Instant | undefined): Instant | undefined =>
  one === undefined ? other : other === undefined ? one : latest(one, other);
