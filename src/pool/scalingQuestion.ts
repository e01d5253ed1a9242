import type { BlockView } from '../block/block.ts';
import type { Workload } from '../domain/facts.ts';
import type { Lease, Offer } from '../domain/words.ts';
import type { BlocksNow, PricesNow, ScalingQuestion } from '../policy/scaling.ts';
import { type DemandSeen, weekAround } from './demandSeen.ts';
import { type RecentArrivals, recentAt } from './recentArrivals.ts';
import type { PoolMoment } from './renewalQuestion.ts';
import { type Paid, spentAt } from './spending.ts';

/** What a scaling policy is asked about a pool whose jobs are known. `supply` are the blocks that stay or are on their way. */
export function scalingQuestion(
  { now, allowance, next, durations, boots }: PoolMoment,
  workload: Workload,
  { recent, demand }: { readonly recent: RecentArrivals; readonly demand: DemandSeen },
  living: readonly BlockView[],
  supply: readonly BlockView[],
  money: Money,
): ScalingQuestion {
  const { waiting, waitingSince, onBlocks, overflow, jobsPerBlock } = workload;
  let running = 0;
  const blocks = { arriving: 0, busy: 0, idle: 0, draining: living.length - supply.length };
  for (const { id, state } of supply) {
    const jobs = onBlocks[id] ?? 0;
    running += jobs;
    blocks[standing(state, jobs)] += 1;
  }
  return {
    now,
    allowance,
    next,
    jobs: { waiting, ...(waitingSince === undefined ? {} : { waitingSince }), running, overflow },
    blocks,
    jobsPerBlock,
    arrivals: recentAt(recent, now).counts,
    ...(durations === undefined ? {} : { durations }),
    ...(boots === undefined ? {} : { boots }),
    week: weekAround(demand, now),
    prices: pricesOf(money),
    spent: spentAt(money.paid, leasesOf(living), now),
  };
}

/** What is known of prices and spending. */
export interface Money {
  /** What may be bought now, at prices that are fresh. */
  readonly offers: readonly Offer[];
  readonly onDemandUsdPerHour: number | null;
  readonly paid: Paid;
}

function pricesOf({ offers, onDemandUsdPerHour }: Money): PricesNow {
  let usdPerHour = Number.POSITIVE_INFINITY;
  for (const offer of offers) if (offer.usdPerHour < usdPerHour) usdPerHour = offer.usdPerHour;
  return {
    ...(usdPerHour === Number.POSITIVE_INFINITY ? {} : { blockUsdPerHour: usdPerHour }),
    ...(onDemandUsdPerHour === null ? {} : { onDemandUsdPerHour }),
  };
}

function leasesOf(living: readonly BlockView[]): readonly Lease[] {
  const leases: Lease[] = [];
  for (const { lease } of living) if (lease !== null) leases.push(lease);
  return leases;
}

function standing(state: BlockView['state'], jobs: number): keyof BlocksNow {
  if (state !== 'serving') return 'arriving';
  return jobs > 0 ? 'busy' : 'idle';
}
