import fc from 'fast-check';
import { hours, type Instant, minutes, NEVER } from '../../src/domain/time.ts';
import { type Lease, type Offer, TERMS } from '../../src/domain/words.ts';
import type { PurchaseQuestion } from '../../src/policy/laws/index.ts';
import { unseenMarket } from '../../src/policy/observed.ts';
import type { RenewalQuestion } from '../../src/policy/renewal.ts';

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

const aLength = fc.constantFrom('0s', '90s', '5m', '30m', '1h', '3h', '30h');

const aTime = fc
  .tuple(fc.constantFrom(0, 1, 1, 2, 2, 2, 3, 8, 12, 22, 23), fc.constantFrom(0, 15, 30, 45))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

const aWindow = fc
  .record({
    days: fc.constantFrom('daily', 'mon-fri', 'sat-sun', 'fri-mon', 'sun', 'tue,thu'),
    from: aTime,
    to: aTime,
    blocks: fc.nat(9),
  })
  .map((window) => ({ ...window, to: window.to > window.from ? window.to : `${window.to}+1` }));

const aDate = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([month, day]) => `2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);

const anException = fc.oneof(
  aDate.map((date) => ({ date, closed: true })),
  fc.tuple(aDate, fc.nat(9)).map(([date, blocks]) => ({ date, blocks })),
  fc.tuple(aDate, aWindow).map(([date, { from, to, blocks }]) => ({ date, from, to, blocks })),
);

/** Options as somebody might write them, by the name of the policy: a new policy adds its own here. */
export const writtenOptions: Readonly<Record<string, fc.Arbitrary<Readonly<Record<string, unknown>>>>> = {
  weekly: fc.record({
    zone: aZone,
    windows: fc.array(aWindow, { minLength: 1, maxLength: 4 }),
    exceptions: fc.uniqueArray(anException, { maxLength: 3, selector: ({ date }) => date }),
    lead: fc.constantFrom('0s', '10m', '2h'),
  }),
  always: fc.record({ blocks: fc.nat(50) }),
  surge: fc.record({ lead: aLength, overlap: aLength }),
  drainFirst: fc.record({ lead: aLength }),
  letExpire: fc.constant({}),
  cheapest: fc.constant({}),
  spreadZones: fc.constant({}),
};

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

export const aRenewalQuestion: fc.Arbitrary<RenewalQuestion> = fc
  .record({ lease: aLease, slot: fc.nat(9), blocks: fc.nat(9), running: fc.nat(4), sinceMs: fc.nat(hours(4)) })
  .map(({ lease, slot, blocks, running, sinceMs }) => ({
    now: lease.startsAt + sinceMs,
    slot,
    lease,
    demand: { blocks, until: NEVER },
    next: { blocks, until: NEVER },
    market: unseenMarket,
    spec: { leaseMs: lease.offer.durationMs, surge: 2 },
    jobs: running === 0 ? { running } : { running, busySince: lease.startsAt },
  }));

const steadyDemand = { demand: { blocks: 6, until: NEVER }, next: { blocks: 6, until: NEVER } };

export const aPurchaseQuestion: fc.Arbitrary<PurchaseQuestion> = fc
  .record({
    offers: fc.array(anOffer, { maxLength: 12 }),
    repeats: fc.nat(3),
    zones: fc.array(fc.constantFrom('us-east-1a', 'us-east-1b', 'eu-west-1a'), { maxLength: 6 }),
    now: anInstant,
    slot: fc.nat(9),
  })
  .map(({ offers, repeats, zones, now, slot }) => ({
    // The same offer may be quoted twice.
    offers: [...offers, ...offers.slice(0, repeats)],
    need: { now, slot, zones, blockId: `ci-${slot}.1`, ...steadyDemand, markets: {} },
  }));
