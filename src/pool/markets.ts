import { type Instant, latest } from '../domain/time.ts';
import { marketOf, type Offer } from '../domain/words.ts';
import { type MarketSeen, unseenMarket } from '../policy/observed.ts';
import { CROWDED_SHARE, dayOf, lowered, MOST_WEIGHT, NEW_WEIGHT, shareAfter } from './age.ts';

/** What a pool has met, by market. What is old counts less. */
export interface MarketsSeen {
  /** The day up to which the counts of all were lowered: they stay comparable, also where nothing new was met. */
  readonly day: number;
  /** The one met last comes last. Counts are whole thousandths. */
  readonly seen: Readonly<Record<string, MarketSeen>>;
}

/** So many are remembered: some ten types in four zones. The one not met for the longest time goes. */
export const MOST_MARKETS = 40;

export const noMarkets: MarketsSeen = { day: 0, seen: {} };

/** A request was granted. */
export const withGrant = (markets: MarketsSeen, offer: Offer, at: Instant): MarketsSeen =>
  met(markets, offer, at, (seen) => ({ ...seen, grants: seen.grants + 1 }));

/** A request was refused for want of capacity. */
export const withRefusal = (markets: MarketsSeen, offer: Offer, at: Instant): MarketsSeen =>
  met(markets, offer, at, (seen) => ({ ...seen, refusals: seen.refusals + 1, lastRefusedAt: at }));

/** AWS gave notice to a block before its time. */
export const withInterruption = (markets: MarketsSeen, offer: Offer, at: Instant): MarketsSeen =>
  met(markets, offer, at, (seen) => ({ ...seen, interruptions: seen.interruptions + 1, lastInterruptedAt: at }));

/** What two lives of the keeper have met, the earlier one first, as if one had met both. */
export function marketsTogether(earlier: MarketsSeen, later: MarketsSeen): MarketsSeen {
  const day = Math.max(earlier.day, later.day);
  let seen = seenBy(day, earlier);
  for (const [market, one] of Object.entries(seenBy(day, later))) {
    const before = seen[market];
    seen = metLast(seen, market, before === undefined ? one : sumOf(before, one));
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
  return thinned({
    grants: before.grants + since.grants,
    refusals: before.refusals + since.refusals,
    interruptions: before.interruptions + since.interruptions,
    ...(lastRefusedAt === undefined ? {} : { lastRefusedAt }),
    ...(lastInterruptedAt === undefined ? {} : { lastInterruptedAt }),
  });
}

const lastOf = (one: Instant | undefined, other: Instant | undefined): Instant | undefined =>
  one === undefined ? other : other === undefined ? one : latest(one, other);
