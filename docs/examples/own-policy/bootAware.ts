import { definePolicy, length, minutes } from 'spot-keeper/policy';
import { z } from 'zod';

/**
 * Asks for the successor as long before the drain as nodes of this pool take to boot, and a minute more: a pool that boots in
 * a minute pays for less overlap than one that boots in five.
 */
export default definePolicy({
  slot: 'renewal',
  name: 'bootAware',
  about: 'Buys the successor just in time for what booting takes in this pool.',
  options: z.strictObject({
    lead: length().prefault('30m').describe('How long before the end of its lease a block drains'),
  }),
  create: ({ lead }) => ({
    timesFor({ lease, boots }) {
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      // No drain in the first half of a lease, no relief in its first quarter: a lead longer than the lease would otherwise
      // relieve each successor at its birth, and the pool would buy without end.
      const quarterMs = Math.ceil((endBy - lease.startsAt) / 4);
      const drainAt = Math.max(endBy - lead, lease.startsAt + 2 * quarterMs);
      // Until twenty nodes have booted nobody knows how long it takes.
      const overlap = boots === undefined ? minutes(5) : boots.p95Ms + minutes(1);
      return { relieveAt: Math.max(drainAt - overlap, lease.startsAt + quarterMs), drainAt: Math.min(drainAt, endBy), endBy };
    },
  }),
});
