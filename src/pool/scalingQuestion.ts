import type { BlockView } from '../block/block.ts';
import type { Workload } from '../domain/facts.ts';
import type { BlocksNow, ScalingQuestion } from '../policy/scaling.ts';
import { type RecentArrivals, recentAt } from './recentArrivals.ts';
import type { PoolMoment } from './renewalQuestion.ts';

/** What a scaling policy is asked about a pool whose jobs are known. `supply` are the blocks that stay or are on their way. */
export function scalingQuestion(
  { now, allowance, next, durations, boots }: PoolMoment,
  workload: Workload,
  recent: RecentArrivals,
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
    jobs: { waiting, ...(waitingSince === undefined ? {} : { waitingSince }), running, overflow },
    blocks,
    jobsPerBlock,
    arrivals: recentAt(recent, now).counts,
    ...(durations === undefined ? {} : { durations }),
    ...(boots === undefined ? {} : { boots }),
  };
}

function standing(state: BlockView['state'], jobs: number): keyof BlocksNow {
  if (state !== 'serving') return 'arriving';
  return jobs > 0 ? 'busy' : 'idle';
}
