import type { Instant, Millis } from '../domain/time.ts';

/**
 * How long something took, over all times that a pool has seen it: at most a tenth too long, never too short. What is old counts
 * less: half after four weeks, and half after a thousand newer ones.
 */
export interface Quantiles {
  /** How many stand behind it, rounded: an old one counts for less than one. Twenty at least. */
  readonly count: number;
  readonly p50Ms: Millis;
  readonly p95Ms: Millis;
  readonly p99Ms: Millis;
}

/**
 * What a pool has met in one market, a (type, zone). What is old counts less, half after four weeks, so that counts need not be
 * whole; keepers before this one have counted too.
 */
export interface MarketSeen {
  /** Instances granted. */
  readonly grants: number;
  /** Requests refused for want of capacity. */
  readonly refusals: number;
  /** Blocks that AWS gave notice to before their time. */
  readonly interruptions: number;
  /** Absent where it never happened. */
  readonly lastRefusedAt?: Instant;
  /** Absent where it never happened. */
  readonly lastInterruptedAt?: Instant;
}

/** Of a market that a pool never tried. */
export const unseenMarket: MarketSeen = { grants: 0, refusals: 0, interruptions: 0 };
