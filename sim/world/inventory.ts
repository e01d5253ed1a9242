import type { Sighting } from '../../src/domain/facts.ts';
import { after, minutes } from '../../src/domain/time.ts';
import { placeOf } from '../../src/domain/words.ts';
import { type Node, seenOf, unreadyOf } from '../cluster/node.ts';
import { sayNode, stampOf } from '../cluster/sayNode.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { sights } from './fates.ts';

/** A keeper takes an inventory every minute or oftener. */
const UNSEEN_MS = minutes(1);

/** An instance with its node, as a keeper that begins anew sees it: perhaps not at first. */
export function sightingOf(
  sighting: Sighting,
  nodes: ReadonlyMap<string, Node>,
  { kernel, sight }: { readonly kernel: Kernel; readonly sight: ReturnType<typeof sights> },
): Sighting {
  const node = nodes.get(`node-${sighting.lease.instanceId}`);
  // A node that joins in this very instant is news still.
  if (node === undefined) return { ...sighting, seenAt: kernel.now - 1 };
  const seenAt = stampOf(kernel, node);
  const seen = sight.ofNode();
  if (seen === 'seen') return { ...sighting, node: seenOf(node), seenAt };
  // The next inventory tells better.
  kernel.schedule(after(kernel.now, UNSEEN_MS), () => {
    sayNode(kernel, node);
  });
  return seen === 'unseen' ? sighting : { ...sighting, node: unreadyOf(node), seenAt };
}

/** The last generation of each slot that was ever asked for, as the ledger of intents has it. */
export function generationsOf(blockIds: Iterable<string>): Readonly<Record<string, number>> {
  const generations: Record<string, number> = {};
  for (const blockId of blockIds) {
    const place = placeOf(blockId);
    if (place === undefined) continue;
    const key = `${place.pool}-${place.slot}`;
    generations[key] = Math.max(generations[key] ?? 0, place.generation);
  }
  return generations;
}
