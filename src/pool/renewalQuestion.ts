import type { BlockView } from '../block/block.ts';
import { type Instant, NEVER } from '../domain/time.ts';
import { type Lease, marketOf } from '../domain/words.ts';
import { type MarketSeen, type Quantiles, unseenMarket } from '../policy/observed.ts';
import type { Demand } from '../policy/operatingHours.ts';
import type { RenewalQuestion } from '../policy/renewal.ts';
import type { PoolSpec } from './pool.ts';

/** What is the same for every block that is asked about at one moment. */
export interface PoolMoment {
  readonly now: Instant;
  readonly spec: PoolSpec;
  readonly demand: Demand;
  readonly next: Demand;
  readonly durations: Quantiles | undefined;
  readonly boots: Quantiles | undefined;
  readonly markets: Readonly<Record<string, MarketSeen>>;
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * What a renewal policy is asked about a block. Written out field by field: this is asked for every block in every turn, and
 * spreads would take most of a turn's time.
 */
export function renewalQuestion(pool: PoolMoment, block: BlockView, lease: Lease): RenewalQuestion {
  const { now, spec, demand, next, durations, boots, markets } = pool;
  const { jobs: running, busySince, atRiskAt, slot } = block;
  const jobs: Writable<RenewalQuestion['jobs']> = { running };
  if (busySince !== null) jobs.busySince = busySince;
  if (durations !== undefined) jobs.durations = durations;
  const market = markets[marketOf(lease.offer)] ?? unseenMarket;
  const hardEnd = lease.hardEndAt !== NEVER;
  const question: Writable<RenewalQuestion> = { now, slot, lease, demand, next, spec, hardEnd, jobs, market };
  if (boots !== undefined) question.boots = boots;
  if (atRiskAt !== null) question.atRiskAt = atRiskAt;
  return question;
}
