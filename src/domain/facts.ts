import type { BlockEffect } from './effects.ts';
import type { RefusalScope } from './refusalScope.ts';
import type { Instant } from './time.ts';
import type { GoneCause, Lease, Offer, Refusal } from './words.ts';

/** One of our instances as it was found. */
export interface Sighting {
  readonly blockId: string;
  readonly attempt: number;
  readonly lease: Lease;
  /** Its node as it is; left out where none is seen, which proves nothing. */
  readonly node?: NodeSeen;
  /** When that was looked at; left out where it is as new as the list. */
  readonly seenAt?: Instant;
}

/** A node as it is at one instant: levels, not changes. What is news in it is for the block machine to find out. */
export interface NodeSeen {
  readonly name: string;
  /** It takes pods as far as kubelet and everything that starts up on it say; a cordon does not count here. */
  readonly ready: boolean;
  /** Since when it is not ready, where the cluster says so. */
  readonly unreadySince?: Instant;
  /** It takes no new pods; it may be people or another tool that closed it. */
  readonly cordoned: boolean;
  /** The keys of the keeper's own marks that it bears: what the keeper wanted of it, in this life or an earlier one. */
  readonly marks: readonly string[];
  /** The jobs on it, with those that ended lately; left out where nobody can tell. No list of these proves a node empty. */
  readonly jobs?: readonly JobSeen[];
}

/** A job on a node. */
export interface JobSeen {
  readonly id: string;
  readonly startedAt: Instant;
  /** When it ended; left out while it runs. */
  readonly endedAt?: Instant;
}

/** A pool's jobs at one instant, counted in one look at the cluster: levels, not changes. */
export interface Workload {
  /** Jobs that fit the pool's nodes and wait for one; those that another pool counts are left out. */
  readonly waiting: number;
  /** Since when the oldest of them waits; left out where none does. */
  readonly waitingSince?: Instant;
  /** How many jobs run on each of the pool's blocks, by block id; blocks without one are left out. */
  readonly onBlocks: Readonly<Record<string, number>>;
  /** How many of those that wait bear a hold of ours. */
  readonly held: number;
  /** Jobs that fit the pool's nodes and run elsewhere. */
  readonly overflow: number;
  /** How many jobs have come since the last time that this was said: 0 the first time. */
  readonly arrived: number;
  /** How many of these jobs one block has room for, at least one. */
  readonly jobsPerBlock: number;
}

/** Something that happened, and when. Facts are all that the core ever learns; each is in the past tense. */
export type Fact =
  /** Time passed, and nothing else happened by then. */
  | { readonly type: 'clock.reached'; readonly at: Instant }
  /** Everything of ours that exists. Absence from a list that is not complete means nothing. */
  | {
      readonly type: 'inventory.taken';
      readonly at: Instant;
      readonly sightings: readonly Sighting[];
      /** The last generation used of each slot, by `<pool>-<slot>`, from the ledger of intents. */
      readonly generations: Readonly<Record<string, number>>;
      /** What earlier lives of the keeper have seen, by pool, as the ledger holds it; only the pool reads it. */
      readonly observations?: Readonly<Record<string, unknown>>;
      readonly complete: boolean;
    }
  /** What can be bought for a pool, priced at that instant. */
  | {
      readonly type: 'offers.quoted';
      readonly at: Instant;
      readonly pool: string;
      readonly offers: readonly Offer[];
      /** What the cheapest of the pool's types costs on demand, of those whose price is known; left out where none is. */
      readonly onDemandUsdPerHour?: number;
    }
  | {
      readonly type: 'capacity.granted';
      readonly at: Instant;
      readonly blockId: string;
      readonly token: string;
      readonly lease: Lease;
    }
  | {
      readonly type: 'capacity.refused';
      readonly at: Instant;
      readonly blockId: string;
      readonly token: string;
      readonly offer: Offer;
      readonly refusal: Refusal;
      /** What it is about; left out where EC2 did not say. */
      readonly scope?: RefusalScope;
      /** When EC2 said that asking again makes sense, if it did. */
      readonly retryAt?: Instant;
    }
  /** AWS gave notice: it takes the instance at `reclaimAt`. */
  | {
      readonly type: 'instance.interrupted';
      readonly at: Instant;
      readonly blockId: string;
      readonly reclaimAt: Instant;
    }
  /** A rebalance recommendation: the risk of interruption is elevated, and that is all it says. */
  | { readonly type: 'instance.atRisk'; readonly at: Instant; readonly blockId: string }
  | { readonly type: 'instance.gone'; readonly at: Instant; readonly blockId: string; readonly cause: GoneCause }
  /**
   * A node as it was at `takenAt`; null where the cluster has no such node any more. Said when something of it may have
   * changed, and again whenever the keeper does not seem to know: one that is lost, late or repeated does no harm.
   */
  | {
      readonly type: 'node.seen';
      readonly at: Instant;
      readonly blockId: string;
      readonly takenAt: Instant;
      readonly node: NodeSeen | null;
    }
  /** A consistent list taken at `takenAt`, after the cordon was acknowledged, showed no job pod. */
  | {
      readonly type: 'node.emptied';
      readonly at: Instant;
      readonly blockId: string;
      readonly takenAt: Instant;
      /** Pods other than jobs that are asked to leave and are still there, as `namespace/name`; left out where there are none. */
      readonly leaving?: readonly string[];
    }
  /**
   * A pool's jobs as they were at `takenAt`; null where they are not known. Said when something of it has changed, at most every
   * second, and again with each inventory. Only pools whose scaling policy looks at jobs are told.
   */
  | {
      readonly type: 'workload.observed';
      readonly at: Instant;
      readonly pool: string;
      readonly takenAt: Instant;
      readonly workload: Workload | null;
    }
  /** Jobs could not be held, or not all of those that were to be. */
  | { readonly type: 'jobs.unheld'; readonly at: Instant; readonly pool: string; readonly reason: string }
  | { readonly type: 'template.changed'; readonly at: Instant; readonly pool: string; readonly hash: string }
  /** What can be bought for a pool could not be found out. */
  | { readonly type: 'offers.unknown'; readonly at: Instant; readonly pool: string; readonly reason: string }
  /** An effect came to nothing for a reason that is no refusal. */
  | ({ readonly type: 'effect.failed'; readonly at: Instant } & Unperformed)
  /** An effect was not even tried, for a reason of the keeper's own: nothing of it left, and it may be asked for again. */
  | ({ readonly type: 'effect.untried'; readonly at: Instant; readonly hindrance: Hindrance } & Unperformed);

/** An effect that came to nothing. */
export interface Unperformed {
  readonly blockId: string;
  readonly effect: BlockEffect['type'];
  /** That of the request, for those that have one. */
  readonly token?: string;
  /** For people: no decision reads it. */
  readonly reason: string;
}

/** Why an effect was not tried: leadership in doubt, an intent that could not be written, a template that nobody has read. */
export type Hindrance = 'no-leadership' | 'ledger-closed' | 'template-unread';

/** The facts that concern one block. */
export type BlockFact = Extract<Fact, { readonly blockId: string }>;

/** What each fact is about. A new fact gets its line here; routing and the block machine go by it. */
export const ABOUT = {
  'clock.reached': 'time',
  'inventory.taken': 'everything',
  'offers.quoted': 'pool',
  'offers.unknown': 'pool',
  'template.changed': 'pool',
  'workload.observed': 'pool',
  'jobs.unheld': 'pool',
  'capacity.granted': 'block',
  'capacity.refused': 'block',
  'instance.interrupted': 'block',
  'instance.atRisk': 'block',
  'instance.gone': 'block',
  'node.seen': 'block',
  'node.emptied': 'block',
  'effect.failed': 'block',
  'effect.untried': 'block',
} as const satisfies { readonly [Type in Fact['type']]: AboutOf<FactOf<Type>> };

/** The fact of a type. */
export type FactOf<Type extends Fact['type']> = Extract<Fact, { readonly type: Type }>;

type AboutOf<F> = F extends { readonly blockId: string }
  ? 'block'
  : F extends { readonly pool: string }
    ? 'pool'
    : 'time' | 'everything';

/** Every type of fact. */
export const FACT_TYPES = Object.keys(ABOUT) as readonly Fact['type'][];
