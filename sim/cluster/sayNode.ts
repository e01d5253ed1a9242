import { after, type Instant, minutes } from '../../src/domain/time.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type Node, seenOf } from './node.ts';

/** The live keeper compares what it knows with what is whenever it takes an inventory: what was lost is told by then. */
const TOLD_AGAIN_MS = minutes(1);

/** The instant of a new level: later than that of the last. */
export function stampOf(kernel: Kernel, node: Node): Instant {
  node.toldAt = Math.max(kernel.now, node.toldAt + 1);
  return node.toldAt;
}

/** Tells a keeper of a block's node as it is now; a level that is lost on the way is made up for by a later one. */
export function sayNode(kernel: Kernel, node: Node): void {
  const { blockId } = node;
  if (blockId === undefined || !node.alive) return;
  const takenAt = stampOf(kernel, node);
  const fate = kernel.say({ type: 'node.seen', blockId, takenAt, node: seenOf(node), at: takenAt });
  if (fate === 'lost')
    kernel.schedule(after(kernel.now, TOLD_AGAIN_MS), () => {
      sayNode(kernel, node);
    });
}
