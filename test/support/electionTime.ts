import { type Instant, type Millis, minutes, NEVER } from '../../src/domain/time.ts';
import type { ElectionDurations, ElectionTime } from '../../src/live/kubernetes/election/leadership.ts';
import { until } from '../../src/live/ports/clock.ts';
import { virtualClock } from './virtualClock.ts';

/** The usual durations of an election, minutes for seconds: real ones would make a leader of whom the machine favours. */
export const CALM_ELECTION: ElectionDurations = {
  leaseMs: minutes(15),
  renewMs: minutes(10),
  retryMs: minutes(2),
  callMs: minutes(4),
};

/** The time of elections in a simulated world. It goes with the world's, and goes on alone while the world stands still. */
export interface HandledElection extends ElectionTime {
  /** The instant of the world at which somebody wants to renew, or to look again; NEVER for none. */
  nextAt(): Instant;
  /** Wakes those whose time has come. */
  ring(): void;
  /** Goes on to the next moment at which somebody does something, while the world stands still. */
  goOn(): void;
}

export function electionTime(worldNow: () => Instant): HandledElection {
  let aheadMs = 0;
  // A number of milliseconds like any other: nobody asks an election for the date.
  const now = (): number => worldNow() + aheadMs;
  const clock = virtualClock(now);
  return {
    now: (): Millis => now(),
    pause: (ms, signal) => until(clock, now() + ms, signal),
    nextAt: () => clock.nextAt() - aheadMs,
    ring: () => {
      clock.ring();
    },
    goOn() {
      const next = clock.nextAt();
      if (next !== NEVER) aheadMs = Math.max(aheadMs, next - worldNow());
      clock.ring();
    },
  };
}
