/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Fields that hold one end in `At` or `By`. */
export type Instant = number & { readonly flavour?: 'instant' };

/** A length of time in milliseconds. Fields that hold one end in `Ms`. */
export type Millis = number & { readonly flavour?: 'millis' };

/** Later than anything: what is never due. */
export const NEVER: Instant = Number.POSITIVE_INFINITY;

/** Earlier than anything: what was always true. */
export const ALWAYS: Instant = Number.NEGATIVE_INFINITY;

export const seconds = (count: number): Millis => count * 1_000;
export const minutes = (count: number): Millis => count * 60_000;
export const hours = (count: number): Millis => count * 3_600_000;

/** The instant a length of time after another. */
export const after = (at: Instant, lengthMs: Millis): Instant => at + lengthMs;

/** The instant a length of time before another. */
export const before = (at: Instant, lengthMs: Millis): Instant => at - lengthMs;

/** The earliest of some instants; NEVER for none. */
export const earliest = (...instants: readonly Instant[]): Instant => {
  let first = NEVER;
  for (const at of instants) if (at < first) first = at;
  return first;
};

/** The latest of some instants; ALWAYS for none. */
export const latest = (...instants: readonly Instant[]): Instant => {
  let last = ALWAYS;
  for (const at of instants) if (at > last) last = at;
  return last;
};

/** What a calendar can name: 271,821 years before and after 1970. */
export const CALENDAR_MS: Millis = 8.64e15;

/** `2026-03-02T08:00:00.000Z`, `never` and `always` for the two ends of time; as a number where no calendar has a name for it. */
export function isoOf(at: Instant): string {
  if (at === NEVER) return 'never';
  if (at === ALWAYS) return 'always';
  return Math.abs(at) > CALENDAR_MS ? `${at} ms` : new Date(at).toISOString();
}
