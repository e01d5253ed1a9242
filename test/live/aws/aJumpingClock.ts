import { type Instant, NEVER } from '../../../src/domain/time.ts';
import type { Clock } from '../../../src/live/ports/clock.ts';

export interface JumpingClock extends Clock {
  /** How long each wait was, in the order in which they began. */
  readonly waits: readonly number[];
  jump(to: Instant): void;
}

/** A clock that stands still until somebody waits, and then shows at once what they wait for. */
export function aJumpingClock(from: Instant): JumpingClock {
  let now = from;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    jump: (to) => {
      now = to;
    },
    at: (instant, ring) => {
      if (instant === NEVER) return () => undefined;
      waits.push(instant - now);
      const bell = setImmediate(() => {
        now = Math.max(now, instant);
        ring();
      });
      return () => {
        clearImmediate(bell);
      };
    },
  };
}
