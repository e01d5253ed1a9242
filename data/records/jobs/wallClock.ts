import { hours, type Instant, type Millis, minutes } from '../../../src/domain/time.ts';

/** The clocks of a place, to read times that they showed. */
export interface WallClock {
  /**
   * The instant at which the clock showed a time, given as if the clock stood in UTC. Shown twice, the earlier; never shown,
   * because the clock was put forward over it, as if it had not been put forward.
   */
  readonly instantOf: (shown: Instant) => Instant;
  /** How many of the times were shown twice or never. */
  readonly doubtful: () => number;
}

/** No clock changes within one; what holds at its beginning holds in all of it. */
const STEP_MS = minutes(15);

/** The clocks of an IANA zone. Throws RangeError for a zone that is not known. */
export function wallClock(zone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' },
  });
  const aheadAt = (at: Instant): Millis => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (name: string): number => parts[name] ?? 0;
    return (
      Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) -
      Math.floor(at / 1_000) * 1_000
    );
  };
  const known = new Map<number, { readonly aheadMs: Millis; readonly isDoubtful: boolean }>();
  let doubtful = 0;
  return {
    instantOf: (shown) => {
      const step = Math.floor(shown / STEP_MS);
      let found = known.get(step);
      if (found === undefined) {
        // A day on either side the clock has changed already, and not yet.
        const [before, afterwards] = [aheadAt(shown - hours(24)), aheadAt(shown + hours(24))];
        const fits = [...new Set([before, afterwards])].filter((aheadMs) => aheadAt(shown - aheadMs) === aheadMs);
        found = { aheadMs: fits.length === 1 ? (fits[0] ?? before) : before, isDoubtful: fits.length !== 1 };
        known.set(step, found);
      }
      if (found.isDoubtful) doubtful += 1;
      return shown - found.aheadMs;
    },
    doubtful: () => doubtful,
  };
}
