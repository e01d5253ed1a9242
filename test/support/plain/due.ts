import type { BlockView } from '../../../src/block/block.ts';
import { leaseEnd } from '../../../src/domain/leaseEnd.ts';
import { before, earliest, type Instant, latest, type Millis, NEVER } from '../../../src/domain/time.ts';
import type { RenewalTimes } from '../../../src/policy/renewal.ts';

/** Which blocks drain now because their time has come, and when the next that has to wait is drained at the latest. */
export interface Due {
  readonly draining: readonly BlockView[];
  readonly wakeAt: Instant;
}

/**
 * The blocks past their `drainAt`, as far as enough others go on serving: `wanted - maxUnavailable` at least. So blocks that
 * were born together do not leave together. One that has to wait does so until half of the time from there to the end of its
 * lease is over, or until what is left is as long as `longJobMs`, whichever comes first, and then drains in any case: a job
 * that finds no block runs on demand, one that is cut short is lost. Time beyond the lease is for what runs, not for waiting.
 */
export function dueToDrain(
  times: ReadonlyMap<BlockView, RenewalTimes>,
  wanted: number,
  maxUnavailable: number,
  now: Instant,
  /** How long nearly all jobs of the pool have been seen to take; 0 while that is not known. */
  longJobMs: Millis,
): Due {
  const candidates = [...times]
    .filter(([{ leaving }, { drainAt }]) => !leaving && now >= drainAt)
    .sort(([a, first], [b, second]) => overAt(a) - overAt(b) || first.drainAt - second.drainAt || a.slot - b.slot);
  let serving = 0;
  for (const block of times.keys()) if (serves(block)) serving += 1;
  const draining: BlockView[] = [];
  let wakeAt = NEVER;
  for (const [block, { drainAt, endBy }] of candidates) {
    const over = earliest(overAt(block), endBy);
    const middle = Math.ceil(drainAt + (over - drainAt) / 2);
    const latestAt = latest(drainAt, earliest(middle, before(over, longJobMs)));
    if (serves(block) && serving - 1 < wanted - maxUnavailable && now < latestAt) {
      wakeAt = Math.min(wakeAt, latestAt);
      continue;
    }
    draining.push(block);
    if (serves(block)) serving -= 1;
  }
  return { draining, wakeAt };
}

const overAt = ({ lease }: BlockView): Instant => (lease === null ? NEVER : leaseEnd(lease));

const serves = ({ state, usable, leaving }: BlockView): boolean => state === 'serving' && usable && !leaving;
