import { before, hours, minutes, NEVER } from '../../src/domain/time.ts';
import type { PolicySlots } from '../../src/policy/definePolicy.ts';
import type { Pool, PoolSpec } from '../../src/pool/pool.ts';
import { TIMEOUTS } from './aBlock.ts';

export const aSpec = (over: Partial<PoolSpec> = {}): PoolSpec => ({
  name: 'ci',
  term: 'spot',
  leaseMs: hours(4),
  overrunMs: hours(24),
  surge: 1,
  maxUnavailable: 1,
  maxBlocks: 100,
  launchRate: { launches: 100, perMs: minutes(5) },
  coolingMs: minutes(5),
  quoteMs: minutes(10),
  surplus: 'drain',
  holdsJobs: true,
  timeouts: TIMEOUTS,
  ...over,
});

/** Policies a child could foresee: always `blocks`, relieved 40 and drained 30 minutes before the end, offers as they come. */
export const somePolicies = (blocks: number, over: Partial<PolicySlots> = {}): PolicySlots => ({
  operatingHours: { allowedAt: () => ({ blocks, until: NEVER }) },
  scaling: { wantedNow: ({ allowance: { blocks } }) => ({ blocks }), ignoresJobs: true },
  renewal: {
    timesFor: ({ lease: { expiresAt } }) => ({
      relieveAt: before(expiresAt, minutes(40)),
      drainAt: before(expiresAt, minutes(30)),
      endBy: expiresAt,
    }),
  },
  purchase: { rank: (offers) => offers },
  ...over,
});

export const aPool = (blocks: number, over: Partial<PolicySlots> = {}, spec: Partial<PoolSpec> = {}): Pool => ({
  spec: aSpec(spec),
  policies: somePolicies(blocks, over),
});
