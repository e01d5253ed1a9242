import type { Instant } from '../domain/time.ts';

/** How many blocks are wanted, and how long that answer holds. */
export interface Allowance {
  readonly blocks: number;
  /** The answer is the same on [now, until); NEVER if it always holds. */
  readonly until: Instant;
}

/**
 * Says when blocks are wanted, and how many.
 *
 * Laws: `until > now`; the answer is constant on `[now, until)`; the same question gets the same answer;
 * `blocks` is a whole number, zero or more.
 */
export interface OperatingHoursPolicy {
  allowedAt(now: Instant): Allowance;
}
