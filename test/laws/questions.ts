import fc from 'fast-check';
import { hours, type Instant, minutes, NEVER } from '../../src/domain/time.ts';
import { type Lease, type Offer, TERMS } from '../../src/domain/words.ts';
import type { PurchaseQuestion } from '../../src/policy/laws/index.ts';
import type { MarketSeen, Quantiles } from '../../src/policy/observed.ts';
import type { Allowance } from '../../src/policy/operatingHours.ts';
import { countedZones } from '../../src/policy/purchase.ts';
import type { RenewalQuestion } from '../../src/policy/renewal.ts';
import type { ScalingQuestion } from '../../src/policy/scaling.ts';

/** Random questions for the laws; every policy of a slot is asked the same kind. */

export const YEAR_FROM: Instant = Date.UTC(2026, 0, 1);
export const YEAR_UNTIL: Instant = Date.UTC(2027, 0, 1);

/** Any millisecond of 2026, the first of a minute more often than not: that is where edges are. */
export const anInstant: fc.Arbitrary<Instant> = fc
  .tuple(fc.integer({ min: YEAR_FROM, max: YEAR_UNTIL - 1 }), fc.constantFrom(0, 0, 1, -1, undefined))
  .map(([at, offMs]) => (offMs === undefined ? at : Math.floor(at / minutes(15)) * minutes(15) + offMs));

export const aZone: fc.Arbitrary<string> = fc.constantFrom(
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'America/Santiago',
  'Africa/Casablanca',
  'America/St_Johns',
  'Pacific/Auckland',
  'Asia/Kathmandu',
);

export const anOffer: fc.Arbitrary<Offer> = fc.record({
  instanceType: fc.constantFrom('m5.xlarge', 'm5.2xlarge', 'c5.2xlarge'),
  zone: fc.constantFrom('us-east-1a', 'us-east-1b', 'us-east-1c'),
  term: fc.constantFrom(...TERMS),
  durationMs: fc.constantFrom(hours(1), hours(4)),
  usdPerHour: fc.constantFrom(0.1, 0.1, 0.2, 0.30000000000000004, 0.3, Number.NaN),
});

/** Leases of all lengths; some end sooner than they were bought for, because AWS imposes it. */
export const aLease: fc.Arbitrary<Lease> = fc
  .record({
    offer: anOffer,
    startsAt: anInstant,
    lengthMs: fc.integer({ min: 1, max: hours(30) }),
    hardShare: fc.constantFrom(undefined, 1, 0.5, 0.01),
  })
  .map(({ offer, startsAt, lengthMs, hardShare }) => ({
    instanceId: 'i-1',
    offer,
    startsAt,
    expiresAt: startsAt + lengthMs,
    hardEndAt: hardShare === undefined ? NEVER : startsAt + lengthMs * hardShare,
  }));

const someQuantiles: fc.Arbitrary<Quantiles> = fc
  .tuple(fc.integer({ min: 20, max: 999 }), fc.nat(hours(1)), fc.nat(hours(2)), fc.nat(hours(9)))
  .map(([count, p50Ms, more, most]) => ({ count, p50Ms, p95Ms: p50Ms + more, p99Ms: p50Ms + more + most }));

const aMarket: fc.Arbitrary<MarketSeen> = fc
  .record({
    ...{ grants: fc.nat(60), refusals: fc.nat(9), interruptions: fc.nat(4), refusedAt: anInstant, at: anInstant },
    kept: fc.record(
      { keptMs: fc.nat(hours(90)), keptSince: anInstant, keptBeforeMs: fc.nat(hours(90)) },
      { requiredKeys: [] },
    ),
  })
  .map(({ grants, refusals, interruptions, refusedAt, at, kept }) => ({
    grants,
    refusals,
    interruptions,
    ...(refusals === 0 ? {} : { lastRefusedAt: refusedAt }),
    ...(interruptions === 0 ? {} : { lastInterruptedAt: at }),
    ...kept,
  }));

/** Demand that always holds, or is followed by more or less. */
const anAllowance = fc.record({
  blocks: fc.nat(9),
  nextBlocks: fc.nat(9),
  holdsMs: fc.constantFrom(NEVER, minutes(1), minutes(50), hours(3)),
});

const allowanceFrom = (
  now: Instant,
  { blocks, nextBlocks, holdsMs }: { blocks: number; nextBlocks: number; holdsMs: number },
) => {
  const allowance: Allowance = { blocks, until: now + holdsMs };
  return { allowance, next: holdsMs === NEVER ? allowance : { blocks: nextBlocks, until: NEVER } };
};

export const aRenewalQuestion: fc.Arbitrary<RenewalQuestion> = fc
  .record({
    lease: aLease,
    slot: fc.nat(9),
    allowance: anAllowance,
    running: fc.nat(4),
    sinceMs: fc.nat(hours(4)),
    durations: fc.option(someQuantiles, { nil: undefined }),
    boots: fc.option(someQuantiles, { nil: undefined }),
    riskMs: fc.option(fc.integer({ min: -1_000, max: hours(30) }), { nil: undefined }),
    market: aMarket,
    overrunMs: fc.constantFrom(0, minutes(10), hours(24)),
  })
  .map(({ lease, slot, allowance, running, sinceMs, durations, boots, riskMs, market, overrunMs }) => ({
    now: lease.startsAt + sinceMs,
    slot,
    lease,
    ...allowanceFrom(lease.startsAt + sinceMs, allowance),
    market,
    spec: { leaseMs: lease.offer.durationMs, surge: 2, overrunMs },
    hardEnd: lease.hardEndAt !== NEVER,
    jobs: {
      running,
      ...(running === 0 ? {} : { busySince: lease.startsAt }),
      ...(durations === undefined ? {} : { durations }),
    },
    ...(boots === undefined ? {} : { boots }),
    ...(riskMs === undefined ? {} : { atRiskAt: lease.startsAt + riskMs }),
  }));

const someBlocks = fc.array(fc.nat(30), { maxLength: 6 });

export const aScalingQuestion: fc.Arbitrary<ScalingQuestion> = fc
  .record({
    now: anInstant,
    allowance: anAllowance,
    waiting: fc.constantFrom(0, 0, 1, 2, 7, 60),
    waitsMs: fc.nat(hours(1)),
    jobsPerBlock: fc.constantFrom(1, 2, 5),
    full: fc.boolean(),
    blocks: fc.record({ arriving: fc.nat(5), busy: fc.nat(9), idle: fc.nat(5), draining: fc.nat(3) }),
    overflow: fc.nat(5),
    elsewhere: fc.nat(5),
    arrivals: fc.array(fc.constantFrom(0, 0, 0, 1, 3, 20), { maxLength: 60 }),
    observed: fc.record({
      durations: fc.option(someQuantiles, { nil: undefined }),
      boots: fc.option(someQuantiles, { nil: undefined }),
    }),
    week: fc.record({ likeThisHour: someBlocks, likeNextHour: someBlocks }),
    prices: fc.record(
      {
        ...{ blockUsdPerHour: fc.constantFrom(0.1, 0.3), leasedUsdPerHour: fc.constantFrom(0.1, 0.2) },
        onDemandUsdPerHour: fc.constant(0.2),
      },
      { requiredKeys: [] },
    ),
    spent: fc.record({
      todayUsd: fc.constantFrom(0, 5, 49.9, 50),
      monthUsd: fc.constantFrom(50, 499.9, 500),
    }),
  })
  .map(
    ({
      now,
      allowance,
      waiting,
      waitsMs,
      jobsPerBlock,
      full,
      blocks,
      overflow,
      elsewhere,
      arrivals,
      observed,
      ...money
    }) => ({
      now,
      ...allowanceFrom(now, allowance),
      jobs: {
        waiting,
        ...(waiting === 0 ? {} : { waitingSince: now - waitsMs }),
        running: blocks.busy * (full ? jobsPerBlock : 1),
        overflow,
        elsewhere: overflow + elsewhere,
      },
      blocks,
      jobsPerBlock,
      arrivals,
      ...(observed.durations === undefined ? {} : { durations: observed.durations }),
      ...(observed.boots === undefined ? {} : { boots: observed.boots }),
      ...money,
    }),
  );

export const aPurchaseQuestion: fc.Arbitrary<PurchaseQuestion> = fc
  .record({
    offers: fc.array(anOffer, { maxLength: 12 }),
    repeats: fc.nat(3),
    zones: fc.array(fc.constantFrom('us-east-1a', 'us-east-1b', 'eu-west-1a'), { maxLength: 6 }),
    now: anInstant,
    slot: fc.nat(9),
    allowance: anAllowance,
    markets: fc.dictionary(
      fc.constantFrom('m5.xlarge/us-east-1a', 'm5.xlarge/us-east-1b', 'c5.2xlarge/us-east-1c'),
      aMarket,
    ),
    onDemand: fc.constantFrom({}, { onDemandUsdPerHour: 0.2 }),
    terms: fc.subarray([...TERMS], { minLength: 1 }),
    held: fc.dictionary(
      fc.constantFrom('m5.xlarge/us-east-1a', 'm5.xlarge/us-east-1b'),
      fc.record({ blocks: fc.integer({ min: 1, max: 20 }), since: anInstant }, { requiredKeys: ['blocks'] }),
    ),
  })
  .map(({ offers, repeats, zones, now, slot, allowance, markets, onDemand, held, terms }) => ({
    // The same offer may be quoted twice.
    offers: [...offers, ...offers.slice(0, repeats)],
    need: {
      ...{ now, slot, zones, blocksIn: countedZones(zones), blockId: `ci-${slot}.1` },
      ...{ ...allowanceFrom(now, allowance), held, markets, terms, ...onDemand },
    },
  }));
