import type { Instant } from '../../src/domain/time.ts';
import type { PoolMemory } from '../../src/pool/memory.ts';
import type { ValueFrom } from '../outcome.ts';

/** Watches turns and writes down how many blocks each pool wanted, when: as the reconciler had it, jobs seen. */
export class Wants {
  private readonly steps = new Map<string, ValueFrom[]>();
  private last: unknown;

  /** Takes note of what every pool wants after a turn. What a keeper that has just begun anew wants is not known yet. */
  note(at: Instant, memories: ReadonlyMap<string, Pick<PoolMemory, 'inventoried' | 'wanted'>>): void {
    // They are never changed in place: the same ones want the same.
    if (memories === this.last) return;
    this.last = memories;
    for (const [pool, { inventoried, wanted }] of memories) {
      if (!inventoried) continue;
      const steps = this.steps.get(pool);
      if (steps === undefined) this.steps.set(pool, [{ at, value: wanted }]);
      else if (steps.at(-1)?.value !== wanted) steps.push({ at, value: wanted });
    }
  }

  /** What a pool wanted, as steps; undefined for one that nobody has heard of. */
  of(pool: string): readonly ValueFrom[] | undefined {
    return this.steps.get(pool);
  }
}
