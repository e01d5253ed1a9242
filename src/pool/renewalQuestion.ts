import type { BlockView } from '../block/block.ts';
import { type Instant, NEVER } from '../domain/time.ts';
import { type Lease, marketOf } from '../domain/words.ts';
import type { Writable } from '../domain/writable.ts';
import { type MarketSeen, type Quantiles, unseenMarket } from '../policy/observed.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import type { JobsSeen, RenewalQuestion } from '../policy/renewal.ts';
import type { PoolSpec } from './pool.ts';

/** What is the same for every block that is asked about at one moment. What has to be reckoned is, when it is first looked at. */
export interface PoolMoment {
  readonly now: Instant;
  readonly spec: PoolSpec;
  readonly allowance: Allowance;
  readonly next: Allowance;
  readonly durations: Quantiles | undefined;
  readonly boots: Quantiles | undefined;
  readonly markets: Readonly<Record<string, MarketSeen>>;
}

/** What a renewal policy is asked about a block; it holds the keeper's own objects, of which a policy is shown copies. */
export function renewalQuestion(pool: PoolMoment, block: BlockView, lease: Lease): RenewalQuestion {
  const { now, spec, allowance, next, boots } = pool;
  const { atRiskAt, slot } = block;
  const hardEnd = isHard(lease);
  const jobs = jobsSeen(pool, block);
  const market = marketSeen(pool, lease);
  const question: Writable<RenewalQuestion> = { now, slot, lease, allowance, next, spec, hardEnd, jobs, market };
  if (boots !== undefined) question.boots = boots;
  if (atRiskAt !== null) question.atRiskAt = atRiskAt;
  return question;
}

/**
 * One part of that question, by its name. In nearly every turn a kept answer holds, and most policies look at two parts: the
 * whole question would take longer to put together than the rest of a turn.
 */
export function partOfQuestion(pool: PoolMoment, block: BlockView, lease: Lease, name: string): unknown {
  switch (name) {
    case 'lease':
      return lease;
    case 'slot':
      return block.slot;
    case 'hardEnd':
      return isHard(lease);
    case 'jobs':
      return jobsSeen(pool, block);
    case 'market':
      return marketSeen(pool, lease);
    case 'atRiskAt':
      return block.atRiskAt ?? undefined;
    case 'now':
    case 'spec':
    case 'allowance':
    case 'next':
    case 'boots':
      return pool[name];
    default:
      return undefined; // a part that the question does not have
  }
}

const isHard = ({ hardEndAt }: Lease): boolean => hardEndAt !== NEVER;

function jobsSeen({ durations }: PoolMoment, { jobs: running, busySince }: BlockView): JobsSeen {
  const jobs: Writable<JobsSeen> = { running };
  if (busySince !== null) jobs.busySince = busySince;
  if (durations !== undefined) jobs.durations = durations;
  return jobs;
}

const marketSeen = ({ markets }: PoolMoment, { offer }: Lease): MarketSeen => markets[marketOf(offer)] ?? unseenMarket;
