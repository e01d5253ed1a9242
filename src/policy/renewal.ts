import type { Instant, Millis } from '../domain/time.ts';
import type { Lease } from '../domain/words.ts';
import type { MarketSeen, Quantiles } from './observed.ts';
import type { Allowance } from './operatingHours.ts';

/** What a pool has observed of the jobs on a block, and of how long jobs last. */
export interface JobsSeen {
  /** Jobs that run on this block now. */
  readonly running: number;
  /** Since when at least one has been running; absent while idle. */
  readonly busySince?: Instant;
  /** How long finished jobs of this pool took; absent until enough have been seen. */
  readonly durations?: Quantiles;
}

/** What a renewal policy may know. Frozen, a copy. */
export interface RenewalQuestion {
  readonly now: Instant;
  readonly slot: number;
  readonly lease: Lease;
  readonly allowance: Allowance;
  /** What is wanted once `allowance` no longer holds; the same as `allowance` where it always holds. */
  readonly next: Allowance;
  readonly spec: {
    readonly leaseMs: Millis;
    readonly surge: number;
    /** How long past the end of its lease a job may run, where AWS imposes no end. */
    readonly overrunMs: Millis;
  };
  /** Whether AWS imposes the end of this lease. Where it does not, a job that still runs then finishes. */
  readonly hardEnd: boolean;
  readonly jobs: JobsSeen;
  /** From the grant to the ready node, in this pool; absent until enough have been seen. */
  readonly boots?: Quantiles;
  /** Since when AWS reports an elevated risk of interruption for this block; absent while it does not. */
  readonly atRiskAt?: Instant;
  /** What this pool has met in the market of this block. */
  readonly market: MarketSeen;
}

/** The three instants that make a renewal, and how long they hold. */
export interface RenewalTimes {
  /** From here the block no longer counts as supply, so a successor is bought if one is still wanted. */
  readonly relieveAt: Instant;
  /** From here it takes no new pods. */
  readonly drainAt: Instant;
  /**
   * From here it is terminated even if a job runs. Where AWS imposes no end that is the lease's end plus the pool's overrun
   * at the earliest, whatever is asked for here: only a policy that waives the promise `ends` may end a block before.
   */
  readonly endBy: Instant;
  /**
   * The three are the same on [now, until) for the same question, but for `now`. Left out, they are asked for again once
   * something has changed that the policy read, in every turn if that was `now`.
   */
  readonly until?: Instant;
}

/**
 * Says when a block is relieved, drained and ended.
 *
 * Laws: `relieveAt <= drainAt <= endBy <= lease.hardEndAt`; the same question gets the same answer, on [now, until)
 * too; a lease that ends later is never relieved earlier; the question is not changed.
 */
export interface RenewalPolicy {
  timesFor(question: RenewalQuestion): RenewalTimes;
}
