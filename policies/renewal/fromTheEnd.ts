import { after, before, earliest, type Lease, latest, type Millis, type RenewalTimes } from '../../src/policy/index.ts';

/**
 * Renewal times counted back from the end of a lease: drained `leadMs` before it, relieved `overlapMs` before that.
 *
 * No block is relieved in the first half of its lease, however long the lead: else a lead longer than the lease would
 * relieve each successor at its birth, and the pool would buy without end.
 */
export function fromTheEnd(lease: Lease, leadMs: Millis, overlapMs: Millis): RenewalTimes {
  const endBy = endOf(lease);
  const middle = after(lease.startsAt, Math.max(0, endBy - lease.startsAt) / 2);
  const notBefore = earliest(middle, endBy);
  const drainAt = latest(before(endBy, leadMs), notBefore);
  return { relieveAt: latest(before(drainAt, overlapMs), notBefore), drainAt, endBy };
}

/** When a lease ends at the latest: when it expires, or earlier where AWS imposes that. */
export const endOf = ({ expiresAt, hardEndAt }: Lease) => earliest(expiresAt, hardEndAt);
