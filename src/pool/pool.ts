import type { Millis } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import type { Terms } from '../domain/words.ts';
import type { PolicySlots } from '../policy/definePolicy.ts';
import type { ScalingPolicy } from '../policy/scaling.ts';

/** What a pool is held to, whatever its policies say. */
export interface PoolSpec {
  readonly name: string;
  readonly term: Terms;
  readonly leaseMs: Millis;
  /** How long past the end of its lease a job may run, where AWS imposes no end. */
  readonly overrunMs: Millis;
  /** Blocks allowed above what is wanted while successors and predecessors overlap, those whose leases are over left out. */
  readonly surge: number;
  /** Blocks that may be missing from the wanted number because others drain: more at once have to wait, for a while. */
  readonly maxUnavailable: number;
  /** Hard cap on living blocks: no policy can go above it. */
  readonly maxBlocks: number;
  /** At most `launches` blocks are opened in any stretch of `perMs`. */
  readonly launchRate: { readonly launches: number; readonly perMs: Millis };
  /** How long a refused (type, zone, term) is not asked for again. */
  readonly coolingMs: Millis;
  /** How old a quote may be and still be bought from. */
  readonly quoteMs: Millis;
  /** What becomes of blocks above what is wanted: `drain` retires them, idle ones first; `keep` lets their leases run out. */
  readonly surplus: 'drain' | 'keep';
  /** Whether waiting jobs are held for blocks on their way, so that the autoscaler of the group buys nothing for them. */
  readonly holdsJobs: boolean;
  /** Nothing is bought whose lease would go above these, whatever policies say; left out: they alone decide. */
  readonly spending?: SpendingLimits;
  readonly timeouts: Timeouts;
}

/** What a pool may spend, in US dollars by quoted prices, in a UTC day and a UTC month; at least one of the two. */
export interface SpendingLimits {
  readonly usdPerDay?: number | undefined;
  readonly usdPerMonth?: number | undefined;
}

/** Blocks kept alike under one set of policies. */
export interface Pool {
  readonly spec: PoolSpec;
  readonly policies: PolicySlots;
  /** What is asked beside the scaling policy, for people: the policy that learns. Absent where that decides, or none looks at jobs. */
  readonly advisor?: ScalingPolicy;
  /** Why blocks may be ended before their jobs have had the overrun: the renewal policy waives `ends`. Absent: they may not. */
  readonly endsEarly?: string;
  /** No file names this pool any more, and instances of it are there: they only drain (`leftover.ts`). */
  readonly isLeftover?: true;
}
