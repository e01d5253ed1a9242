import { after, type Instant, latest, type Millis, NEVER, seconds } from './time.ts';

/**
 * Cluster Autoscaler has bought by then for a pod that it was free to buy for, if it can: it looks every ten seconds, and leaves pods of
 * less than two seconds alone.
 */
const DECIDED_MS: Millis = seconds(12);

/** A job that waits and that no block on its way will take. */
export interface FreeJob {
  readonly id: string;
  /** When the delay that it was created with is over. */
  readonly freeAt: Instant;
}

/**
 * Knows since when the autoscaler has been free to buy for each job. Room on a node that it has bought is not reserved: jobs that are
 * held for blocks take it in the autoscaler's reckoning, and then it buys once more for the same job. So a job that it
 * must have bought for is held too, until that node is due. A live and a simulated keeper go by the same rule.
 */
export class BoughtFor {
  private since: ReadonlyMap<string, Instant> = new Map();
  private held: ReadonlySet<string> = new Set();
  private beganAt: Instant = NEVER;

  /** The jobs that wait: those that are held for blocks, and the others. */
  look(heldForBlocks: ReadonlySet<string>, others: readonly FreeJob[], now: Instant): void {
    if (this.beganAt === NEVER) this.beganAt = now;
    const since = new Map<string, Instant>();
    for (const { id, freeAt } of others) {
      // What an earlier life did with it is not known; what was held until now is free from now on.
      const from = this.held.has(id) ? now : latest(freeAt, this.beganAt);
      since.set(id, this.since.get(id) ?? from);
    }
    this.since = since;
    this.held = heldForBlocks;
  }

  /** Until when the node is due that was bought for a job; undefined where none can have been yet, or it should have come. */
  dueAt(id: string, bootMs: Millis, now: Instant): Instant | undefined {
    const since = this.since.get(id) ?? NEVER;
    const dueAt = after(since, bootMs);
    return now >= after(since, DECIDED_MS) && now < dueAt ? dueAt : undefined;
  }
}
