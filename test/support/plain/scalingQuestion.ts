import type { BlockView } from '../../../src/block/block.ts';
import type { Workload } from '../../../src/domain/facts.ts';
import { isPriced, type Lease } from '../../../src/domain/words.ts';
import type { BlocksNow, ScalingQuestion } from '../../../src/policy/scaling.ts';
import { weekAround } from '../../../src/pool/demandSeen.ts';
import { elsewhereAt } from '../../../src/pool/elsewhere.ts';
import type { PoolMemory } from '../../../src/pool/memory.ts';
import { recentAt } from '../../../src/pool/recentArrivals.ts';
import type { PoolMoment } from '../../../src/pool/renewalQuestion.ts';
import { pricesIn } from '../../../src/pool/scalingQuestion.ts';
import { spentAt } from '../../../src/pool/spending.ts';

/** What a scaling policy is asked about a pool whose jobs are known. `supply` are the blocks that stay or are on their way. */
export function scalingQuestion(
  { now, spec, allowance, next, durations, boots }: PoolMoment,
  workload: Workload,
  memory: PoolMemory,
  living: readonly BlockView[],
  supply: readonly BlockView[],
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
    prices: pricesIn(memory, spec, now, pricedIn(supply)),
    spent: spentAt(memory.observations.paid, leasesOf(living), now),
  };
}

function pricedIn(supply: readonly BlockView[]): { readonly priced: number; readonly microUsdPerHour: number } {
  const prices = leasesOf(supply)
    .filter(({ offer }) => isPriced(offer))
    .map(({ offer }) => offer.usdPerHour);
  return {
    priced: prices.length,
    microUsdPerHour: prices.reduce((sum, price) => sum + Math.round(price * 1_000_000), 0),
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
