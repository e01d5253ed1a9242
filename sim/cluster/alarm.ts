import { type Instant, NEVER } from '../../src/domain/time.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** Something that is to happen once, at the earliest of the instants that it was set for. */
export class Alarm {
  private dueAt: Instant = NEVER;
  private readonly kernel: Kernel;
  private readonly ring: () => void;

  constructor(kernel: Kernel, ring: () => void) {
    this.kernel = kernel;
    this.ring = ring;
  }

  setFor(at: Instant): void {
    if (at >= this.dueAt) return;
    this.dueAt = at;
    this.schedule(at);
  }

  /** Forgets what it was set for. */
  resetTo(at: Instant): void {
    this.dueAt = NEVER;
    this.setFor(at);
  }

  private schedule(at: Instant): void {
    this.kernel.schedule(at, () => {
      if (this.dueAt !== at) return;
      this.dueAt = NEVER;
      this.ring();
    });
  }
}

/** The first of the instants `from`, `from + every`, … that is at or after another. */
export const onGrid = (at: Instant, from: Instant, every: number): Instant =>
  from + Math.max(0, Math.ceil((at - from) / every)) * every;
