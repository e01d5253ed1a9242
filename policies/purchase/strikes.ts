import { hours, type Instant, type Millis, marketOf, type Need, type Offer } from '../../src/policy/index.ts';

/**
 * For so long a market that interrupted a block is on trial, and with it the pool's other markets that hold no block of it: what
 * nobody watches may be as bad. A day, since what makes capacity scarce follows the hours of the day.
 */
export const TRIAL_MS: Millis = hours(24);

/** What the pool's markets have done lately, as a purchase policy sees it. */
export interface Strikes {
  /** How long ago the market last interrupted a block; undefined where it never did, and where the offer cannot be interrupted. */
  sinceMs(offer: Offer): Millis | undefined;
  /** Whether a first block there has yet to show that the market keeps it: one is enough to find out. */
  isProbing(offer: Offer, probeMs: Millis): boolean;
  /** Whether it holds a block already, so that another would be one too many while it is probed. */
  isHeld(offer: Offer): boolean;
}

/** Looks at the time only where a market has interrupted anything: else an answer stands until one has. */
export function strikesIn(need: Need): Strikes | undefined {
  const { markets } = need;
  let lastAt: Instant | undefined;
  for (const { lastInterruptedAt: at } of Object.values(markets))
    if (at !== undefined && (lastAt === undefined || at > lastAt)) lastAt = at;
  if (lastAt === undefined) return undefined;
  const { now } = need;
  const isTrial = now - lastAt < TRIAL_MS;
  return {
    sinceMs: (offer) => {
      const at = offer.term === 'spot' ? markets[marketOf(offer)]?.lastInterruptedAt : undefined;
      return at === undefined ? undefined : Math.max(1, now - at);
    },
    isProbing: (offer, probeMs) => {
      if (!isTrial || offer.term !== 'spot') return false;
      const since = need.held[marketOf(offer)]?.since;
      return since === undefined || now - since < probeMs;
    },
    isHeld: (offer) => (need.held[marketOf(offer)]?.blocks ?? 0) > 0,
  };
}
