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
  /**
   * For how long it has kept blocks of this pool, one at least, since it last interrupted one or refused while it had none: without the
   * present stretch, which `keptSince` begins. Absent where that is not long.
   */
  readonly keptMs?: Millis;
  /** Since when it has had blocks that it may take back; absent while it has none. */
  readonly keptSince?: Instant;
  /** For how long it had kept blocks when it last interrupted one; absent where it never did. */
  readonly keptBeforeMs?: Millis;
}

/** Of a market that a pool never tried. */
export const unseenMarket: MarketSeen = { grants: 0, refusals: 0, interruptions: 0 };

/** For how long a market has kept blocks by now, since it last took one back. */
export const keptFor = ({ keptMs = 0, keptSince }: Pick<MarketSeen, 'keptMs' | 'keptSince'>, now: Instant): Millis =>
  keptSince === undefined ? keptMs : keptMs + Math.max(0, now - keptSince);
