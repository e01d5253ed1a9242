import type { BlockRules } from '../block/block.ts';
import { blockEnd, leaseEnd } from '../domain/leaseEnd.ts';
import { hours, minutes, NEVER } from '../domain/time.ts';
import type { Lease } from '../domain/words.ts';
import type { Pool } from './pool.ts';

/** What a pool has by default (`src/config/poolsSchema.ts`): what the removed pool had is not known any more. */
const OVERRUN_MS = hours(24);
const TIMEOUTS = {
  launchMs: minutes(5),
  joinMs: minutes(15),
  restMs: minutes(3),
  terminateMs: minutes(5),
  evictMs: minutes(15),
};

/**
 * The pool of instances of the fleet whose own pool is not kept any more: it was renamed or removed. They serve until their leases
 * end, drain as others do, and are ended by their lease's end and a day at the latest, so that none costs money for ever. Nothing is
 * bought for it.
 */
export const leftoverPool = (name: string, { offer }: Lease): Pool => ({
  isLeftover: true,
  spec: {
    ...{ name, term: offer.term, leaseMs: offer.durationMs, overrunMs: OVERRUN_MS, timeouts: TIMEOUTS },
    ...{
      surge: 0,
      maxUnavailable: Number.MAX_SAFE_INTEGER,
      maxBlocks: 0,
      launchRate: { launches: 0, perMs: minutes(5) },
    },
    ...{ coolingMs: minutes(5), quoteMs: minutes(10), surplus: 'keep', holdsJobs: false },
  },
  policies: {
    operatingHours: { allowedAt: () => ({ blocks: 0, until: NEVER }) },
    scaling: { ignoresJobs: true, wantedNow: () => ({ blocks: 0 }) },
    renewal: {
      timesFor: ({ lease, spec }) => ({
        relieveAt: leaseEnd(lease),
        drainAt: leaseEnd(lease),
        endBy: blockEnd(lease, spec.overrunMs),
      }),
    },
    purchase: { rank: () => [] },
  },
});

/**
 * What one of them is held to. Without a node here it may have one in another cluster, whose keeper bears the same fleet's name: that it
 * did not join is no reason to end it before its lease and the overrun are over.
 */
export const leftoverRules = ({ spec }: Pool, { offer }: Lease): BlockRules => ({
  overrunMs: spec.overrunMs,
  timeouts: { ...spec.timeouts, joinMs: offer.durationMs + spec.overrunMs },
});
