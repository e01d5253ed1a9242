import type { JobRow } from '../../data/records/rows.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { usualCluster, usualExtras, usualGroup, usualService } from '../../sim/scenario/usual.ts';
import type { PoolConfig } from '../../src/config/pools.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { aSpec } from './aPool.ts';

/** Monday 2026-03-02, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 2, 2);

/** The pools file's side of `aPool`: the same figures, and where to buy. */
export const aPoolConfig = (over: Partial<PoolConfig> = {}): PoolConfig => {
  const { name, surge, maxUnavailable, maxBlocks, launchRate, coolingMs, quoteMs, surplus, timeouts } = aSpec();
  const { holdsJobs } = aSpec();
  const { term, leaseMs, overrunMs } = aSpec();
  return {
    name,
    template: { autoScalingGroup: 'ci-on-demand' },
    instanceTypes: ['m5.2xlarge'],
    zones: ['us-east-1a', 'us-east-1b'],
    lease: { term, durationMs: leaseMs, overrunMs },
    policies: {
      operatingHours: { policy: 'always', options: { blocks: 2 } },
      scaling: { policy: 'scheduled', options: {} },
      renewal: { policy: 'surge', options: {} },
      purchase: { policy: 'cheapest', options: {} },
    },
    surge,
    maxUnavailable,
    maxBlocks,
    launchRate,
    coolingMs,
    quoteMs,
    surplus,
    holdsJobs,
    timeouts,
    ...over,
  };
};

/** A quiet day: one pool, two zones, no interruptions, a job of ten minutes every half hour. */
export const aScenario = (over: Partial<Scenario> = {}): Scenario => {
  const from = over.from ?? MONDAY;
  const until = over.until ?? from + hours(24);
  return {
    name: 'a-day',
    about: 'A quiet day.',
    seed: 1,
    from,
    until,
    composed: [],
    pools: { fleet: 'test', pools: [aPoolConfig()] },
    market: {
      onDemand: { 'm5.2xlarge': 0.4 },
      prices: [],
      spotShare: 0.3,
      spotBlock: { shareAt1h: 0.55, sharePerHour: 0.03, weekendPoints: 0 },
      availability: [],
      droughts: [],
      interruptions: { model: 'none' },
    },
    jobs: jobsEvery(minutes(30), minutes(10), from, until),
    classes: {},
    cluster: usualCluster,
    onDemandGroup: { ...usualGroup, instanceType: 'm5.2xlarge', maxNodes: 50 },
    billing: 'per-second',
    extras: usualExtras,
    service: usualService,
    expectations: {},
    disturbances: { restarts: [], repeats: 0, delays: 0 },
    promises: [],
    ...over,
  };
};

export function jobsEvery(everyMs: number, durationMs: number, from: number, until: number): readonly JobRow[] {
  const jobs: JobRow[] = [];
  for (let queuedAt = from; queuedAt < until; queuedAt += everyMs)
    jobs.push({ job: `j${jobs.length + 1}`, queuedAt, durationMs });
  return jobs;
}
