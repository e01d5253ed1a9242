import {
  after,
  before,
  blockEnd,
  earliest,
  type Instant,
  type Lease,
  latest,
  leaseEnd,
  type Millis,
  type RenewalQuestion,
  type RenewalTimes,
} from '../../src/policy/index.ts';

/**
 * Renewal times counted back from the end of a lease: drained `leadMs` before it, relieved `overlapMs` before that.
 *
 * However long the lead, no block drains in the first half of its lease, and none is relieved in the first quarter: else a
 * lead longer than the lease would relieve each successor at its birth, and the pool would buy without end. Between the two
 * there is room for the overlap of short leases, too. What still runs when the lease is over has the pool's overrun, where
 * AWS imposes no end.
 */
export function fromTheEnd(
  { lease, spec }: Pick<RenewalQuestion, 'lease' | 'spec'>,
  leadMs: Millis,
  overlapMs: Millis,
): RenewalTimes {
  const drainAt = latest(before(leaseEnd(lease), leadMs), middleOf(lease));
  const endBy = blockEnd(lease, spec.overrunMs);
  return { relieveAt: latest(before(drainAt, overlapMs), quarterOf(lease)), drainAt, endBy };
}

/** The end of the first half of a lease. Of an odd lease the larger half: instants are whole, and the half must be over. */
export function middleOf(lease: Lease): Instant {
  const overAt = leaseEnd(lease);
  return earliest(after(lease.startsAt, Math.ceil(Math.max(0, overAt - lease.startsAt) / 2)), overAt);
}

/** The end of the first quarter of a lease, rounded up like its middle. */
function quarterOf(lease: Lease): Instant {
  const overAt = leaseEnd(lease);
  return earliest(after(lease.startsAt, Math.ceil(Math.max(0, overAt - lease.startsAt) / 4)), overAt);
}

/**
 * Renewal times with relief and drain so much earlier, though relief not into the first quarter of the lease and the drain
 * not into its first half; what was there already stays. The end stays: jobs that run have the more time. They hold as long as
 * the times that are moved.
 */
export function earlier(times: RenewalTimes, lease: Lease, byMs: Millis): RenewalTimes {
  const { relieveAt, drainAt } = times;
  const moved = (at: Instant, notBefore: Instant): Instant => latest(before(at, byMs), earliest(at, notBefore));
  return { ...times, relieveAt: moved(relieveAt, quarterOf(lease)), drainAt: moved(drainAt, middleOf(lease)) };
}
