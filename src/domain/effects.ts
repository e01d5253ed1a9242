import type { Instant, Millis } from './time.ts';
import type { Offer } from './words.ts';

/**
 * Something the world is asked to do. It returns nothing: a fact says later what came of it. Each but `announce` may be
 * answered by `effect.failed` or `effect.untried` too (`quoteOffers` by `offers.unknown`), and is asked for again then.
 */
export type Effect =
  /** Answered by `offers.quoted`. */
  | { readonly type: 'quoteOffers'; readonly pool: string }
  /** Answered by `capacity.granted` or `capacity.refused` with the same token. */
  | {
      readonly type: 'requestCapacity';
      readonly blockId: string;
      readonly token: string;
      readonly offer: Offer;
    }
  /**
   * Only asks: the request stays open until the world has answered it, and one that was answered is answered again. Where no
   * such request is known, the answer is `effect.failed`.
   */
  | { readonly type: 'cancelRequest'; readonly blockId: string; readonly token: string }
  /** Answered by `instance.gone`. */
  | { readonly type: 'terminateInstance'; readonly blockId: string; readonly instanceId: string }
  /** Answered by a `node.seen` that shows our mark, and by `node.emptied` once no job runs there. */
  | { readonly type: 'cordonNode'; readonly blockId: string; readonly node: string }
  /** Answered by a `node.seen` without it. */
  | { readonly type: 'uncordonNode'; readonly blockId: string; readonly node: string }
  /**
   * Asks for the node of a block that is late to join. Answered by `node.seen`, with null where lists taken now show no node and
   * no job that might be on it; by `effect.failed` where that cannot be known.
   */
  | { readonly type: 'findNode'; readonly blockId: string; readonly instanceId: string }
  /** Nothing waits for it: only that it failed is told. */
  | {
      readonly type: 'labelNode';
      readonly blockId: string;
      readonly node: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  /**
   * Asks that the autoscaler of the on-demand group buys no node yet for jobs that a block on its way will take. It is the whole
   * level: of the pool's waiting jobs, oldest first, so many are held until an instant each, and those beyond are released, but for those of `boughtMs`.
   * Answered by `workload.observed`, which shows how many are held, or by `jobs.unheld`.
   */
  | {
      readonly type: 'holdJobs';
      readonly pool: string;
      readonly holds: readonly Hold[];
      /** No job is held for longer than this from its creation. */
      readonly mostMs: Millis;
      /**
       * Of those beyond, jobs that the autoscaler has bought for by now are held too, for so long from when it was free to: its node
       * is due by then. Left out where none is beyond, or none is held for a block.
       */
      readonly boughtMs?: Millis;
    }
  /** Tells people: a Kubernetes Event on the pool. */
  | { readonly type: 'announce'; readonly pool: string; readonly reason: string; readonly note: string };

/** So many jobs are held until this instant. */
export interface Hold {
  readonly jobs: number;
  readonly until: Instant;
}

/** How many jobs these hold. */
export const jobsHeld = (holds: readonly Hold[]): number => holds.reduce((sum, { jobs }) => sum + jobs, 0);

/** The effects that concern one block. */
export type BlockEffect = Extract<Effect, { readonly blockId: string }>;
