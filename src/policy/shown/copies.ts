import type { Lease, Offer } from '../../domain/words.ts';
import type { Writable } from '../../domain/writable.ts';
import type { MarketSeen, Quantiles } from '../observed.ts';
import type { Allowance } from '../operatingHours.ts';
import type { JobsSeen, RenewalQuestion } from '../renewal.ts';

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

/** An offer, as a copy. */
export const offerCopy = ({ instanceType, zone, term, durationMs, usdPerHour }: Offer): Offer => ({
  instanceType,
  zone,
  term,
  durationMs,
  usdPerHour,
});

const leaseCopy = ({ instanceId, offer, startsAt, expiresAt, hardEndAt }: Lease): Lease => ({
  instanceId,
  offer: offerCopy(offer),
  startsAt,
  expiresAt,
  hardEndAt,
});

/** An allowance, as a copy. */
export const allowanceCopy = ({ blocks, until }: Allowance): Allowance => ({ blocks, until });

/** Quantiles, as a copy. */
export const quantilesCopy = ({ count, p50Ms, p95Ms, p99Ms }: Quantiles): Quantiles => ({ count, p50Ms, p95Ms, p99Ms });

function jobsCopy({ running, busySince, durations }: JobsSeen): JobsSeen {
  const copy: Writable<JobsSeen> = { running };
  if (busySince !== undefined) copy.busySince = busySince;
  if (durations !== undefined) copy.durations = quantilesCopy(durations);
  return copy;
}

/** What was met in a market, as a copy. */
export function marketCopy(met: MarketSeen): MarketSeen {
  const { grants, refusals, interruptions, lastRefusedAt, lastInterruptedAt, keptMs, keptSince, keptBeforeMs } = met;
  const copy: Writable<MarketSeen> = { grants, refusals, interruptions };
  if (lastRefusedAt !== undefined) copy.lastRefusedAt = lastRefusedAt;
  if (lastInterruptedAt !== undefined) copy.lastInterruptedAt = lastInterruptedAt;
  if (keptMs !== undefined) copy.keptMs = keptMs;
  if (keptSince !== undefined) copy.keptSince = keptSince;
  if (keptBeforeMs !== undefined) copy.keptBeforeMs = keptBeforeMs;
  return copy;
}
