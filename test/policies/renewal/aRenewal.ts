import { hours, type Instant, type Millis, NEVER } from '../../../src/domain/time.ts';
import type { Lease } from '../../../src/domain/words.ts';
import { unseenMarket } from '../../../src/policy/observed.ts';
import { lengthOf } from '../../../src/policy/options.ts';
import type { RenewalQuestion } from '../../../src/policy/renewal.ts';
import { aShelf } from '../../support/aShelf.ts';

/** When the leases of these tests start. */
export const START = Date.UTC(2026, 2, 2, 8);

export const aLease = (lengthMs: Millis = hours(4), hardEndAt: Instant = NEVER): Lease => ({
  instanceId: 'i-1',
  offer: { instanceType: 'm5.xlarge', zone: 'us-east-1a', term: 'spot', durationMs: lengthMs, usdPerHour: 0.1 },
  startsAt: START,
  expiresAt: START + lengthMs,
  hardEndAt,
});

/** Relieved, drained and ended so long after the start of a lease, of four hours unless said otherwise. */
export function timesOf(name: string, options: object, over: Partial<RenewalQuestion> = {}): readonly string[] {
  const { relieveAt, drainAt, endBy } = aShelf.policy('renewal', { policy: name, ...options }).timesFor({
    now: START,
    slot: 0,
    lease: aLease(),
    allowance: { blocks: 1, until: NEVER },
    next: { blocks: 1, until: NEVER },
    market: unseenMarket,
    spec: { leaseMs: hours(4), surge: 2, overrunMs: hours(24) },
    hardEnd: over.lease !== undefined && over.lease.hardEndAt !== NEVER,
    jobs: { running: 0 },
    ...over,
  });
  return [relieveAt, drainAt, endBy].map((at) => lengthOf(at - START));
}
