import { type Instant, NEVER } from '../../src/domain/time.ts';
import type { Clock } from '../../src/live/ports/clock.ts';

/** A clock that stands still until it is moved. */
export interface VirtualClock extends Clock {
  /** When the next bell is due; NEVER for none. */
  nextAt(): Instant;
  /** Rings every bell that is due. */
  ring(): void;
}

export function virtualClock(now: () => Instant): VirtualClock {
  const bells = new Map<number, { readonly at: Instant; readonly ring: () => void }>();
  let count = 0;
  return {
    now,
    at(at, ring) {
      if (at === NEVER) return () => undefined;
      count += 1;
      const id = count;
      bells.set(id, { at, ring });
      return () => bells.delete(id);
    },
    nextAt: () => [...bells.values()].reduce((next, { at }) => Math.min(next, at), NEVER),
    ring() {
      for (const [id, { at, ring }] of bells)
        if (at <= now()) {
          bells.delete(id);
          ring();
        }
    },
  };
}
