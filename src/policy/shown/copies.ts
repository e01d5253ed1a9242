import type { Lease, Offer } from '../../domain/words.ts';
import type { MarketSeen, Quantiles } from '../observed.ts';
import type { Allowance } from '../operatingHours.ts';
import type { Held, PurchaseQuestion } from '../purchase.ts';
import type { JobsSeen, RenewalQuestion } from '../renewal.ts';
import type { PricesNow, ScalingQuestion, Spent, WeekSeen } from '../scaling.ts';

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * Copies of questions, with the documented fields and no more, whatever else the objects carry that they are made of. They are
 * written out field by field, so that a new field of the keeper's is not shown before it is added here.
 */
export function renewalCopy(question: RenewalQuestion): RenewalQuestion {
  const { now, slot, lease, allowance, next, spec, hardEnd, jobs, boots, atRiskAt, market } = question;
  const { leaseMs, surge, overrunMs } = spec;
  const copy: Writable<RenewalQuestion> = {
    now,
    slot,
    lease: leaseCopy(lease),
    allowance: allowanceCopy(allowance),
    next: allowanceCopy(next),
    spec: { leaseMs, surge, overrunMs },
    hardEnd,
    jobs: jobsCopy(jobs),
    market: marketCopy(market),
  };
  if (boots !== undefined) copy.boots = quantilesCopy(boots);
  if (atRiskAt !== undefined) copy.atRiskAt = atRiskAt;
  return copy;
}

/** What a scaling policy is asked, as a copy. */
export function scalingCopy(question: ScalingQuestion): ScalingQuestion {
  const { now, allowance, next, jobs, blocks, jobsPerBlock, arrivals, durations, boots, week, prices, spent } =
    question;
  const { waiting, waitingSince, running, overflow, elsewhere } = jobs;
  const { arriving, busy, idle, draining } = blocks;
  const copy: Writable<ScalingQuestion> = {
    now,
    allowance: allowanceCopy(allowance),
    next: allowanceCopy(next),
    jobs: { waiting, ...(waitingSince === undefined ? {} : { waitingSince }), running, overflow, elsewhere },
    blocks: { arriving, busy, idle, draining },
    jobsPerBlock,
    arrivals: [...arrivals],
    week: weekCopy(week),
    prices: pricesCopy(prices),
    spent: spentCopy(spent),
  };
  if (durations !== undefined) copy.durations = quantilesCopy(durations);
  if (boots !== undefined) copy.boots = quantilesCopy(boots);
  return copy;
}

/** What a purchase policy is asked, as a copy. */
export function purchaseCopy({ offers, need }: PurchaseQuestion): PurchaseQuestion {
  const { now, allowance, next, slot, blockId, zones, held, markets, onDemandUsdPerHour } = need;
  const seen: Record<string, MarketSeen> = {};
  for (const [market, met] of Object.entries(markets)) seen[market] = marketCopy(met);
  return {
    offers: offers.map(offerCopy),
    need: {
      now,
      allowance: allowanceCopy(allowance),
      next: allowanceCopy(next),
      slot,
      blockId,
      zones: [...zones],
      held: heldCopy(held),
      markets: seen,
      ...(onDemandUsdPerHour === undefined ? {} : { onDemandUsdPerHour }),
    },
  };
}

const offerCopy = ({ instanceType, zone, term, durationMs, usdPerHour }: Offer): Offer => ({
  instanceType,
  zone,
  term,
  durationMs,
  usdPerHour,
});

function heldCopy(held: Readonly<Record<string, Held>>): Readonly<Record<string, Held>> {
  const copy: Record<string, Held> = {};
  for (const [market, { blocks, since }] of Object.entries(held))
    copy[market] = since === undefined ? { blocks } : { blocks, since };
  return copy;
}

const leaseCopy = ({ instanceId, offer, startsAt, expiresAt, hardEndAt }: Lease): Lease => ({
  instanceId,
  offer: offerCopy(offer),
  startsAt,
  expiresAt,
  hardEndAt,
});

const allowanceCopy = ({ blocks, until }: Allowance): Allowance => ({ blocks, until });

const quantilesCopy = ({ count, p50Ms, p95Ms, p99Ms }: Quantiles): Quantiles => ({ count, p50Ms, p95Ms, p99Ms });

const weekCopy = ({ likeThisHour, likeNextHour }: WeekSeen): WeekSeen => ({
  likeThisHour: [...likeThisHour],
  likeNextHour: [...likeNextHour],
});

function pricesCopy({ blockUsdPerHour, onDemandUsdPerHour }: PricesNow): PricesNow {
  const copy: Writable<PricesNow> = {};
  if (blockUsdPerHour !== undefined) copy.blockUsdPerHour = blockUsdPerHour;
  if (onDemandUsdPerHour !== undefined) copy.onDemandUsdPerHour = onDemandUsdPerHour;
  return copy;
}

const spentCopy = ({ todayUsd, monthUsd }: Spent): Spent => ({ todayUsd, monthUsd });

function jobsCopy({ running, busySince, durations }: JobsSeen): JobsSeen {
  const copy: Writable<JobsSeen> = { running };
  if (busySince !== undefined) copy.busySince = busySince;
  if (durations !== undefined) copy.durations = quantilesCopy(durations);
  return copy;
}

function marketCopy(met: MarketSeen): MarketSeen {
  const { grants, refusals, interruptions, lastRefusedAt, lastInterruptedAt } = met;
  const copy: Writable<MarketSeen> = { grants, refusals, interruptions };
  if (lastRefusedAt !== undefined) copy.lastRefusedAt = lastRefusedAt;
  if (lastInterruptedAt !== undefined) copy.lastInterruptedAt = lastInterruptedAt;
  return copy;
}
