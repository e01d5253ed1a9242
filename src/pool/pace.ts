import { after, type Instant, type Millis, seconds } from '../domain/time.ts';

/**
 * How many blocks may be opened in any `PACE_MS`; null: as many as the launch rate says. It begins with 1 when everything that
 * the pool may buy was refused of late, doubles with each grant, falls back to 1 with each refusal, and ends above `MOST_PACED`.
 */
export type Pace = number | null;

export const PACE_MS: Millis = seconds(30);

const MOST_PACED = 8;

/** The pace after a refusal. `nothingLeft`: everything that the pool may buy was refused of late. */
export const slower = (pace: Pace, nothingLeft: boolean): Pace => (pace !== null || nothingLeft ? 1 : null);

/** The pace after a grant. */
export const faster = (pace: Pace): Pace => (pace === null || pace * 2 > MOST_PACED ? null : pace * 2);

/** How many may be opened now, and when it is one more if that is none. `openedAts` is in order of time. */
export function paced(
  pace: Pace,
  openedAts: readonly Instant[],
  now: Instant,
): { readonly blocks: number; readonly moreAt: Instant } {
  if (pace === null) return { blocks: Number.POSITIVE_INFINITY, moreAt: now };
  const recent = openedAts.filter((at) => after(at, PACE_MS) > now);
  // The instant at which so many of them are older that one more fits.
  const oldest = recent[Math.max(0, recent.length - pace)] ?? now;
  return { blocks: Math.max(0, pace - recent.length), moreAt: after(oldest, PACE_MS) };
}
