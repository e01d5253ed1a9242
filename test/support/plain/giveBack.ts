import type { BlockView } from '../../../src/block/block.ts';
import type { Workload } from '../../../src/domain/facts.ts';
import { after, earliest, type Instant, type Millis, NEVER } from '../../../src/domain/time.ts';

/** What the jobs ask for. */
export interface Following {
  readonly wanted: number;
  /** How long a block above it has been idle before it is given back. */
  readonly idleMs: Millis;
  readonly onBlocks: Readonly<Record<string, number>>;
  /** The jobs; undefined where they are not known. */
  readonly workload?: Workload;
}

/** Blocks that are given back now, and when the next may be. */
export interface GivenBack {
  readonly blocks: readonly BlockView[];
  readonly wakeAt: Instant;
}

/**
 * Of the blocks above what jobs ask for, those that may go: what has no instance yet, and what has been idle for long enough.
 * One with a job, or on its way to its node, is never given back for being more than wanted: it is paid for, or will be the
 * next one idle. The longest idle goes first, and of those the highest place.
 */
export function givenBack(
  supply: readonly BlockView[],
  wanted: number,
  { idleMs, onBlocks, now }: { idleMs: Millis; onBlocks: Readonly<Record<string, number>>; now: Instant },
): GivenBack {
  let surplus = supply.length - wanted;
  if (surplus <= 0) return { blocks: [], wakeAt: NEVER };
  const blocks = supply
    .filter(({ lease }) => lease === null)
    .toSorted(lastFirst)
    .slice(0, surplus);
  surplus -= blocks.length;
  const idle = supply
    .filter(
      ({ id, state, jobs, idleSince }) => state === 'serving' && jobs === 0 && idleSince !== null && !onBlocks[id],
    )
    .toSorted((a, b) => priceOf(b) - priceOf(a) || (a.idleSince ?? 0) - (b.idleSince ?? 0) || b.slot - a.slot)
    .slice(0, surplus);
  let wakeAt = NEVER;
  for (const block of idle) {
    const dueAt = after(block.idleSince ?? now, idleMs);
    if (dueAt <= now) blocks.push(block);
    else wakeAt = earliest(wakeAt, dueAt);
  }
  return { blocks, wakeAt };
}

/** One that was bought on demand, for want of spot, goes before those that cost a third of it. An unknown price is none. */
const priceOf = ({ lease }: BlockView): number => lease?.offer.usdPerHour || 0;

/** Resting before requesting, and of those the highest place. */
const lastFirst = (a: BlockView, b: BlockView): number =>
  Number(b.state === 'resting') - Number(a.state === 'resting') || b.slot - a.slot;
