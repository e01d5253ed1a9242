import { after, seconds } from '../../src/domain/time.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Node } from './node.ts';
import { sayNode } from './sayNode.ts';

/** From asking for a cordon to its acknowledgement. */
const CORDON_MS = 500;

/** A bind in flight may land this long after a cordon: only a list taken later proves a node empty. */
const SETTLE_MS = seconds(2);

/** A node that stands cordoned and empty is listed again after so long: its proof may not have been believed. */
const LOOK_AGAIN_MS = seconds(30);

interface CordonEvents {
  /** A node takes pods from now on (1), or takes none any more (-1). */
  serves(node: Node, by: 1 | -1): void;
  cordoned(): void;
  uncordoned(): void;
}

/** Cordons of blocks' nodes, and the lists that prove such a node empty. */
export class Cordons {
  private readonly kernel: Kernel;
  private readonly events: CordonEvents;

  constructor(kernel: Kernel, events: CordonEvents) {
    this.kernel = kernel;
    this.events = events;
  }

  /** Acknowledged a little later, and said to be empty once a later list shows no job. */
  cordon(node: Node, blockId: string): void {
    this.kernel.schedule(after(this.kernel.now, CORDON_MS), () => {
      if (!node.alive) return;
      if (!node.cordoned) this.events.serves(node, -1);
      node.cordoned = true;
      node.drains = true;
      sayNode(this.kernel, node);
      this.events.cordoned();
      this.kernel.schedule(after(this.kernel.now, SETTLE_MS + CORDON_MS), () => {
        this.sayEmptied(node, blockId);
      });
    });
  }

  uncordon(node: Node): void {
    this.kernel.schedule(after(this.kernel.now, CORDON_MS), () => {
      if (!node.alive) return;
      if (node.cordoned) this.events.serves(node, 1);
      node.cordoned = false;
      node.drains = false;
      sayNode(this.kernel, node);
      this.events.uncordoned();
    });
  }

  /** The list that proves it is taken now; the machine itself refuses one taken too soon after the cordon it has heard of. */
  sayEmptied(node: Node, blockId: string): void {
    if (!node.alive || !node.cordoned || node.running.length > 0) return;
    this.kernel.say({ type: 'node.emptied', blockId, takenAt: this.kernel.now, at: this.kernel.now });
    this.kernel.schedule(after(this.kernel.now, LOOK_AGAIN_MS), () => {
      this.sayEmptied(node, blockId);
    });
  }
}
