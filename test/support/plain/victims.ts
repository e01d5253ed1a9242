import type { BlockView } from '../../../src/block/block.ts';
import type { BlockState } from '../../../src/domain/words.ts';

/** How little is lost by letting a block go, by its state; least first. Idle before busy, then the nearest end. */
const LOSS: Readonly<Partial<Record<BlockState, number>>> = { resting: 0, requesting: 1, joining: 2, serving: 3 };

/**
 * The blocks that are more than wanted, those first by whose going least is lost. With `keep`, only blocks that have no
 * instance yet are let go, and leases run out by themselves. When nothing is wanted, a relieved block goes too.
 */
export function victims(
  living: readonly BlockView[],
  supply: readonly BlockView[],
  wanted: number,
  surplus: 'drain' | 'keep',
): readonly BlockView[] {
  const candidates = wanted === 0 ? living.filter(goable) : supply;
  const count = wanted === 0 ? candidates.length : supply.length - wanted;
  if (count <= 0) return [];
  return candidates
    .filter(({ lease }) => surplus === 'drain' || lease === null)
    .toSorted(
      (a, b) =>
        (LOSS[a.state] ?? 0) - (LOSS[b.state] ?? 0) ||
        Number(a.jobs > 0) - Number(b.jobs > 0) ||
        (a.lease?.expiresAt ?? 0) - (b.lease?.expiresAt ?? 0) ||
        // The highest place first: one beyond what is wanted now must be given back.
        b.slot - a.slot,
    )
    .slice(0, count);
}

const goable = ({ state, leaving }: BlockView): boolean =>
  state === 'resting' || (LOSS[state] !== undefined && !leaving);
