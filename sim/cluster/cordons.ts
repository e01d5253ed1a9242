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

/** Cordons of blocks' nodes, and the lists that prove such a node empty. */
export class Cordons {
  private readonly kernel: Kernel;
  private readonly events: { cordoned(): void; uncordoned(): void };

  constructor(kernel: Kernel, events: { cordoned(): void; uncordoned(): void }) {
    this.kernel = kernel;
    this.events = events;
  }

  /** Acknowledged a little later, and said to be empty once a later list shows no job. */
  cordon(node: Node, blockId: string): void {
    this.kernel.schedule(after(this.kernel.now, CORDON_MS), () => {
      if (!node.alive) return;
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
      node.cordoned = false;
      node.drains = false;
      sayNode(this.kernel, node);
      this.events.uncordoned();
    });
  }

  /** The list that proves it is taken now; the machine itself refuses one taken too soon after the cordon it has heard of. */
  sayEmptied(node: Node, blockId: string): void {
    if (!node.alive || !node.cordoned || node.running.size > 0) return;
    this.kernel.say({ type: 'node.emptied', blockId, takenAt: this.kernel.now });
    this.kernel.schedule(after(this.kernel.now, LOOK_AGAIN_MS), () => {
      this.sayEmptied(node, blockId);
    });
  }
}
