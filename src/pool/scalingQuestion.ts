import type { Workload } from '../domain/facts.ts';
import type { Instant } from '../domain/time.ts';
import type { Lease } from '../domain/words.ts';
import type { PricesNow, ScalingQuestion } from '../policy/scaling.ts';
import type { PoolBlocks } from './blocks/blocks.ts';
import { type Branch, chosen } from './blocks/branch.ts';
import { weekAround } from './demandSeen.ts';
import { elsewhereAt } from './elsewhere.ts';
import type { PoolMemory } from './memory.ts';
import type { PoolSpec } from './pool.ts';
import { recentAt } from './recentArrivals.ts';
import type { PoolMoment } from './renewalQuestion.ts';
import { usableOffers } from './rests.ts';
import { spentAt } from './spending.ts';

/** What a scaling policy is asked about a pool whose jobs are known. */
export function scalingQuestion(
  { now, spec, allowance, next, durations, boots }: PoolMoment,
  workload: Workload,
  memory: PoolMemory,
  { root }: PoolBlocks,
): ScalingQuestion {
  const { waiting, waitingSince, overflow, jobsPerBlock } = workload;
  const { running, busy } = onSupply(workload, root);
  const { living, supply, serving } = root;
  const blocks = { arriving: supply - serving, busy, idle: serving - busy, draining: living - supply };
  return {
    now,
    allowance,
    next,
    jobs: {
      waiting,
      ...(waitingSince === undefined ? {} : { waitingSince }),
      running,
      overflow,
      elsewhere: elsewhereAt(memory.elsewhere, now),
    },
    blocks,
    jobsPerBlock,
    arrivals: recentAt(memory.recent, now).counts,
    ...(durations === undefined ? {} : { durations }),
    ...(boots === undefined ? {} : { boots }),
    week: weekAround(memory.observations.demand, now),
    prices: pricesIn(memory, spec, now),
    spent: spentAt(memory.observations.paid, leasesOf(root), now),
  };
}

/** A price that is too old to buy at is not known. */
function pricesIn(
  { offers, quotedAt, cooling, onDemandUsdPerHour }: PoolMemory,
  { quoteMs }: PoolSpec,
  now: Instant,
): PricesNow {
  const fresh = now - quotedAt > quoteMs ? [] : usableOffers(cooling, offers, now);
  let usdPerHour = Number.POSITIVE_INFINITY;
  for (const offer of fresh) if (offer.usdPerHour < usdPerHour) usdPerHour = offer.usdPerHour;
  return {
    ...(usdPerHour === Number.POSITIVE_INFINITY ? {} : { blockUsdPerHour: usdPerHour }),
    ...(onDemandUsdPerHour === null ? {} : { onDemandUsdPerHour }),
  };
}

function leasesOf(root: Branch): readonly Lease[] {
  const leases: Lease[] = [];
  for (const { view } of chosen(root, ({ living }) => living > 0)) if (view.lease !== null) leases.push(view.lease);
  return leases;
}

/** The jobs on blocks that count for what is wanted, and how many of those that serve have one. */
function onSupply({ onBlocks }: Workload, root: Branch): { readonly running: number; readonly busy: number } {
  let running = 0;
  let busy = 0;
  for (const { view, countsAs } of chosen(root, ({ supply }) => supply > 0)) {
    const jobs = onBlocks[view.id] ?? 0;
    running += jobs;
    if (countsAs === 'serving' && jobs > 0) busy += 1;
  }
  return { running, busy };
}
