import type { BlockEffect } from './effects.ts';
import type { RefusalScope } from './refusalScope.ts';
import type { Instant, Millis } from './time.ts';
import type { GoneCause, Lease, Offer, Refusal } from './words.ts';

/** One of our instances as it was found. */
export interface Sighting {
  readonly blockId: string;
  readonly attempt: number;
  readonly lease: Lease;
  /** The name of its ready node, if it has joined. */
  readonly node?: string;
  readonly cordoned: boolean;
  /** The job pods on its node, ready or not, by id; undefined means that nobody could tell. */
  readonly jobs?: readonly string[];
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
  | { readonly type: 'offers.quoted'; readonly at: Instant; readonly pool: string; readonly offers: readonly Offer[] }
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
  | { readonly type: 'node.ready'; readonly at: Instant; readonly blockId: string; readonly node: string }
  | { readonly type: 'node.unready'; readonly at: Instant; readonly blockId: string }
  | { readonly type: 'node.cordoned'; readonly at: Instant; readonly blockId: string }
  | { readonly type: 'node.uncordoned'; readonly at: Instant; readonly blockId: string }
  /** A consistent list taken at `takenAt`, after the cordon was acknowledged, showed no job pod. */
  | { readonly type: 'node.emptied'; readonly at: Instant; readonly blockId: string; readonly takenAt: Instant }
  | { readonly type: 'job.started'; readonly at: Instant; readonly blockId: string; readonly job: string }
  | {
      readonly type: 'job.finished';
      readonly at: Instant;
      readonly blockId: string;
      readonly job: string;
      readonly durationMs: Millis;
    }
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
