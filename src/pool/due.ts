import type { BlockView } from '../block/block.ts';
import { leaseEnd } from '../domain/leaseEnd.ts';
import { before, earliest, type Instant, latest, type Millis, NEVER } from '../domain/time.ts';
import type { RenewalTimes } from '../policy/renewal.ts';

/** Which blocks drain now because their time has come, and when the next that has to wait is drained at the latest. */
export interface Due {
  readonly draining: readonly BlockView[];
  readonly wakeAt: Instant;
}

/**
 * The blocks past their `drainAt`, which are `due`, as far as enough others go on serving: `wanted - maxUnavailable` at least. So blocks that
 * were born together do not leave together. One that has to wait does so until half of the time from there to the end of its
 * lease is over, or until what is left is as long as `longJobMs`, whichever comes first, and then drains in any case: a job
 * that finds no block runs on demand, one that is cut short is lost. Time beyond the lease is for what runs, not for waiting.
 */
export function dueToDrain(
  due: readonly (readonly [BlockView, RenewalTimes])[],
  /** How many blocks take new jobs now, those that are due among them. */
  inService: number,
  wanted: number,
  maxUnavailable: number,
  now: Instant,
  /** How long nearly all jobs of the pool have been seen to take; 0 while that is not known. */
  longJobMs: Millis,
): Due {
  const candidates = due.toSorted(
    ([a, first], [b, second]) => overAt(a) - overAt(b) || first.drainAt - second.drainAt || a.slot - b.slot,
  );
  let serving = inService;
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
