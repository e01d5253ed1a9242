import type { HoldCounts, HoldResult } from '../observers/holdCounts.ts';
import { NO_HOLDS } from '../observers/holdCounts.ts';

/** Counts what became of holds, by pool, for as long as the process lives. */
export class HoldTally {
  private readonly counts = new Map<string, HoldCounts>();

  add(pool: string, result: HoldResult): void {
    const before = this.of(pool);
    this.counts.set(pool, { ...before, [result]: before[result] + 1 });
  }

  of(pool: string): HoldCounts {
    return this.counts.get(pool) ?? NO_HOLDS;
  }
}
