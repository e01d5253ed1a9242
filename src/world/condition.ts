import type { Instant, Millis } from '../domain/time.ts';

/** What the world was like, whatever the keeper did. */
export type Condition =
  | { readonly type: 'price.changed'; readonly at: Instant; readonly market: string; readonly usdPerHour: number }
  | {
      readonly type: 'capacity.changed';
      readonly at: Instant;
      readonly market: string;
      /** Absent: as many as you like. */
      readonly instances?: number;
    }
  | { readonly type: 'market.reclaimed'; readonly at: Instant; readonly market: string }
  | {
      readonly type: 'job.queued';
      readonly at: Instant;
      readonly job: string;
      readonly durationMs: Millis;
      /** Nobody saw its end: it took at least as long. */
      readonly atLeast?: true;
      /** What kind of job it is, where that is known. */
      readonly class?: string;
    }
  /** A job began to run on a node, after it had waited since `queuedAt`. */
  | {
      readonly type: 'job.placed';
      readonly at: Instant;
      readonly job: string;
      readonly queuedAt: Instant;
      /** The node's name. */
      readonly node: string;
      /** What kind of job it is, where that is known. */
      readonly class?: string;
    }
  /** A node of an on-demand group came into the cluster. */
  | {
      readonly type: 'node.joined';
      readonly at: Instant;
      readonly node: string;
      readonly group: string;
      /** Absent where the node did not say. */
      readonly instanceType?: string;
      readonly zone?: string;
    }
  | { readonly type: 'node.left'; readonly at: Instant; readonly node: string }
  /** Every job and node from `since` to `at` was seen: what no such stretch covers may lack some. */
  | { readonly type: 'watch.held'; readonly at: Instant; readonly since: Instant };
