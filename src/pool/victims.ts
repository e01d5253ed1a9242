import type { BlockState } from '../domain/words.ts';
import { type Branch, chosen } from './blocks/branch.ts';
import type { Standing } from './blocks/standing.ts';

/** How little is lost by letting a block go, by its state; least first. Idle before busy, then the nearest end. */
const LOSS: Readonly<Partial<Record<BlockState, number>>> = { resting: 0, requesting: 1, joining: 2, serving: 3 };

/**
 * The blocks that are more than wanted, those first by whose going least is lost. With `keep`, only blocks that have no
 * instance yet are let go, and leases run out by themselves. When nothing is wanted, a relieved block goes too.
 */
export function victims(root: Branch, wanted: number, surplus: 'drain' | 'keep'): readonly Standing[] {
  const count = wanted === 0 ? root.goable : root.supply - wanted;
  if (count <= 0) return [];
  const candidates = wanted === 0 ? chosen(root, ({ goable }) => goable > 0) : chosen(root, ({ supply }) => supply > 0);
  return candidates
    .filter(({ view: { lease } }) => surplus === 'drain' || lease === null)
    .toSorted(
      ({ view: a }, { view: b }) =>
        (LOSS[a.state] ?? 0) - (LOSS[b.state] ?? 0) ||
        Number(a.jobs > 0) - Number(b.jobs > 0) ||
        (a.lease?.expiresAt ?? 0) - (b.lease?.expiresAt ?? 0) ||
        // The highest place first: one beyond what is wanted now must be given back.
        b.slot - a.slot,
    )
    .slice(0, count);
}
