import type { Instant } from '../domain/time.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import type { RenewalTimes } from '../policy/renewal.ts';
import type { Wanted } from '../policy/scaling.ts';
import type { RankedPlaces } from '../pool/ask.ts';

// The keeper wakes at the instants that a policy answers. Rounded to whole seconds they can wake it once a second at most,
// however closely a policy sets them; hours and leads that people write are whole seconds anyway.

/** The allowance, holding until a whole second. */
export const allowanceInSeconds = ({ blocks, until }: Allowance): Allowance => ({ blocks, until: up(until) });

/** The answer, holding until a whole second. */
export const wantedInSeconds = ({ until, ...wanted }: Wanted): Wanted =>
  until === undefined ? wanted : { ...wanted, until: up(until) };

/** The times at whole seconds, none of them after the end that AWS imposes. */
export const timesInSeconds = (
  { relieveAt, drainAt, endBy, until }: RenewalTimes,
  hardEndAt: Instant,
): RenewalTimes => ({
  relieveAt: Math.min(up(relieveAt), hardEndAt),
  drainAt: Math.min(up(drainAt), hardEndAt),
  endBy: Math.min(up(endBy), hardEndAt),
  ...(until === undefined ? {} : { until: up(until) }),
});

/** The ranking, holding until a whole second. */
export const placesInSeconds = ({ places, until }: RankedPlaces): RankedPlaces =>
  until === undefined ? { places } : { places, until: up(until) };

/** The ends of time stay what they are. */
const up = (at: Instant): Instant => Math.ceil(at / 1_000) * 1_000;
