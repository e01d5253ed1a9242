import type { Effect } from '../domain/effects.ts';
import type { Fact } from '../domain/facts.ts';
import type { Instant } from '../domain/time.ts';

/**
 * Where facts come from and effects go: live, simulated, or simulated over the wire.
 *
 * Laws: facts come one at a time, at strictly increasing instants; `next` answers by `wakeAt`, with `clock.reached` if
 * nothing else happened; every effect but `announce` is answered (`effects.ts` says by what): it was performed, refused, it
 * failed, or it was not tried; facts may repeat and come late.
 */
export interface World {
  /** The next fact, or undefined when the world has ended; at once where the world need not wait for it. */
  next(wakeAt: Instant): Fact | undefined | Promise<Fact | undefined>;
  /** Asks for effects; what comes of them is told by later facts. */
  perform(effects: readonly Effect[]): void;
}
