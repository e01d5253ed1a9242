import type { BlockFact, Fact, JobSeen } from '../domain/facts.ts';
import type { AskedEnd } from '../domain/leaseEnd.ts';
import type { Instant, Millis } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import type { BlockState, Ending, Lease, Offer } from '../domain/words.ts';

/** All that one block knows. Flat, every field present from birth: the form in which the machine can be compiled. */
export interface BlockContext {
  readonly id: string;
  readonly pool: string;
  readonly slot: number;
  readonly generation: number;
  readonly timeouts: Timeouts;
  /** How long past the end of its lease a job may run, where AWS imposes no end. */
  readonly overrunMs: Millis;
  /** Counts the tries to buy; with the id it makes the token. */
  readonly attempt: number;
  /** What is asked for now, or was granted. */
  readonly offer: Offer;
  /** What may be tried next, best first. */
  readonly offersLeft: readonly Offer[];
  readonly lease: Lease | null;
  readonly node: string | null;
  /** Its node was deleted from the cluster; `node` is still its name. */
  readonly nodeGone: boolean;
  /** It counts as ready, be it that it has only just stopped being so. */
  readonly ready: boolean;
  /** When a node that is not ready, or not there, stops counting as ready; else NEVER. */
  readonly unusableAt: Instant;
  /** Whether the node takes no new pods, cordoned by us or by others. */
  readonly cordoned: boolean;
  /** When our own cordon was acknowledged: only a list taken after it can prove the node empty. */
  readonly cordonedAt: Instant | null;
  readonly atRiskAt: Instant | null;
  /** When AWS takes it, by its notice; NEVER once that is past and a job runs on: AWS may take it yet, at an instant that is not known. */
  readonly reclaimAt: Instant | null;
  /** When the present state has lasted too long. */
  readonly deadlineAt: Instant;
  /** When what was asked for is asked for again, because it was not tried, or failed, or no answer came; else NEVER. */
  readonly askAgainAt: Instant;
  /** When the newest level of its node was taken that it knows: an older one says nothing new. */
  readonly seenAt: Instant;
  /** When it was last known what runs there. */
  readonly jobsSeenAt: Instant;
  /** The jobs that run there, as last known. */
  readonly jobs: readonly JobSeen[];
  /** Whether that is what runs there now: else nobody can tell, and what runs may have ended. */
  readonly jobsKnown: boolean;
  /** The jobs that the last level showed to have ended, which may be shown again. */
  readonly endedJobs: readonly string[];
  /** Since when it has had a job without a pause; null while none is known. */
  readonly busySince: Instant | null;
  /** Since when it has had no job; null while it has one, and before its node was seen. */
  readonly idleSince: Instant | null;
  /** Why it leaves, or left. The first ending stands. */
  readonly ending: Ending | null;
}

/** What a pool tells a block. */
export interface RetireOrder extends AskedEnd {
  readonly type: 'retire';
  readonly at: Instant;
}

/** Whatever can move a block: a fact about it, the clock, an order. */
export type BlockEvent = BlockFact | Extract<Fact, { readonly type: 'clock.reached' }> | RetireOrder;

/** One block as plain data: nothing of XState leaves this folder, and nothing else is needed to go on from here. */
export interface Block {
  readonly state: BlockState;
  readonly context: BlockContext;
}
