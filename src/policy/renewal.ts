import type { Instant, Millis } from '../domain/time.ts';
import type { Lease } from '../domain/words.ts';
import type { Demand } from './operatingHours.ts';

/** What a pool has observed of the jobs on a block, and of how long jobs last. */
export interface JobsSeen {
  /** Jobs that run on this block now. */
  readonly running: number;
  /** Since when at least one has been running; absent while idle. */
  readonly busySince?: Instant;
  /** Quantiles of finished jobs in this pool; absent until enough have been seen. */
  readonly durations?: {
    readonly count: number;
    readonly p50Ms: Millis;
    readonly p95Ms: Millis;
    readonly p99Ms: Millis;
  };
}

/** What a renewal policy may know. */
export interface RenewalQuestion {
  readonly now: Instant;
  readonly slot: number;
  readonly lease: Lease;
  readonly demand: Demand;
  readonly spec: { readonly leaseMs: Millis; readonly surge: number };
  readonly jobs: JobsSeen;
}

/** The three instants that make a renewal. */
export interface RenewalTimes {
  /** From here the block no longer counts as supply, so a successor is bought if demand still stands. */
  readonly relieveAt: Instant;
  /** From here it takes no new pods. */
  readonly drainAt: Instant;
  /** From here it is terminated even if a job runs. */
  readonly endBy: Instant;
}

/**
 * Says when a block is relieved, drained and ended.
 *
 * Laws: `relieveAt <= drainAt <= endBy <= lease.hardEndAt`; the same question gets the same answer; a lease that
 * ends later is never relieved earlier.
 */
export interface RenewalPolicy {
  timesFor(question: RenewalQuestion): RenewalTimes;
}
