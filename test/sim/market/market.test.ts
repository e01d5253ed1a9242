import { describe, expect, it } from 'vitest';
import { type Market, type MarketQuestion, marketOfScenario } from '../../../sim/market/market.ts';
import type { MarketSettings } from '../../../sim/scenario/scenario.ts';
import { BadInput } from '../../../src/config/mistakes.ts';
import { hours, type Instant, minutes } from '../../../src/domain/time.ts';
import type { Lease, Term } from '../../../src/domain/words.ts';

/** A Monday. */
const T0: Instant = new Date('2026-03-02T00:00:00Z').getTime();
const [M5, C5] = ['m5.2xlarge', 'c5.2xlarge'];
const [A, B] = ['us-east-1a', 'us-east-1b'];

const PLAIN: MarketSettings = {
  onDemand: { [M5]: 0.4, [C5]: 0.34 },
  prices: [],
  spotShare: 0.3,
  spotBlock: { shareAt1h: 0.55, sharePerHour: 0.03, weekendPoints: 5 },
  availability: [],
  droughts: [],
  interruptions: { model: 'none' },
};

const priced = (at: Instant, usdPerHour: number, zone = A, product = 'Linux/UNIX') => ({
  at,
  instanceType: M5,
  zone,
  product,
  usdPerHour,
});
const room = (at: Instant, instances: number, zone = A, instanceType = M5) => ({ at, instanceType, zone, instances });

const marketOf = (settings: Partial<MarketSettings> = {}, question: Partial<MarketQuestion> = {}): Market =>
  marketOfScenario(
    { ...PLAIN, ...settings },
    {
      seed: 1,
      from: T0,
      until: T0 + hours(168),
      instanceTypes: [M5, C5],
      zones: [A, B],
      billing: 'per-second',
      ...question,
    },
  );

const mistakesOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof BadInput) return error.message.split('\n');
    throw error;
  }
  return [];
};

const lease = (term: Term, usdPerHour: number, length = hours(4)): Lease => ({
  instanceId: 'i-1',
  offer: { instanceType: M5, zone: A, term, durationMs: length, usdPerHour },
  startsAt: T0,
  expiresAt: T0 + length,
  hardEndAt: T0 + length,
});

describe('a quote', () => {
  it('is the recorded spot price where there is one, and a share of on-demand where there is none', () => {
    const market = marketOf({ prices: [priced(T0 - 5, 0.1), priced(T0 + hours(1), 0.2)] });
    const spot = (zone: string, at: Instant) => market.quote(M5, zone, 'spot', hours(4), at);
    expect([spot(A, T0), spot(A, T0 + hours(1)), spot(B, T0)]).toEqual([0.1, 0.2, 0.12]);
  });

  it('is unknown before the first recorded price and for a type without any price', () => {
    const market = marketOf({ prices: [priced(T0 + 5, 0.1)] });
    expect(market.quote(M5, A, 'spot', hours(4), T0)).toBeUndefined();
    for (const term of ['spot', 'spot-block', 'on-demand'] as const)
      expect(market.quote('r5.large', A, term, hours(4), T0)).toBeUndefined();
  });

  it('of a spot block goes by its hours and the day, and of on-demand stays', () => {
    const market = marketOf();
    expect(market.quote(M5, A, 'spot-block', hours(4), T0)).toBe(0.256);
    expect(market.quote(M5, A, 'spot-block', hours(4), T0 + hours(5 * 24))).toBe(0.236);
    expect(market.quote(M5, A, 'spot-block', hours(9), T0)).toBeUndefined();
    expect(market.quote(M5, A, 'on-demand', hours(9), T0)).toBe(0.4);
  });
});

describe('room', () => {
  it('is unlimited where nothing is recorded, and none in a drought', () => {
    const droughts = [
      { zone: A, from: T0 + hours(1), until: T0 + hours(2) },
      { instanceType: C5, from: T0 + hours(3), until: T0 + hours(4) },
    ];
    const market = marketOf({ droughts });
    const rooms = (type: string, zone: string) => [0, 1, 2, 3].map((hour) => market.room(type, zone, T0 + hours(hour)));
    expect(rooms(M5, A)).toEqual([Infinity, 0, Infinity, Infinity]);
    expect(rooms(C5, B)).toEqual([Infinity, Infinity, Infinity, 0]);
    expect(market.room(M5, A, T0 + hours(1), 'on-demand')).toBe(0);
    expect(market.reclaims(M5, A)).toEqual([]);
  });

  it('is what was recorded, on-demand instances apart', () => {
    const market = marketOf({ availability: [room(T0, 4), room(T0 + hours(1), 0)] });
    expect([0, 1].map((hour) => market.room(M5, A, T0 + hours(hour)))).toEqual([4, 0]);
    expect(market.room(M5, A, T0 + hours(1), 'spot-block')).toBe(0);
    expect(market.room(M5, A, T0 + hours(1), 'on-demand')).toBe(Infinity);
    expect(market.room(M5, B, T0 + hours(1))).toBe(Infinity);
  });

  it('has none for plain spot while the price is above what interrupts it', () => {
    const market = marketOf({ prices: [priced(T0, 0.1), priced(T0 + hours(1), 0.5)], interruptAbove: 1 });
    expect(market.room(M5, A, T0)).toBe(Infinity);
    expect(market.room(M5, A, T0 + hours(1))).toBe(0);
    expect(market.room(M5, A, T0 + hours(1), 'spot-block')).toBe(Infinity);
  });
});

describe('reclaims', () => {
  it('are where recorded availability falls to nothing, and not where it only falls', () => {
    const market = marketOf({ availability: [room(T0, 4), room(T0 + 10, 2), room(T0 + 20, 0), room(T0 + 30, 3)] });
    expect(market.reclaims(M5, A)).toEqual([T0 + 20]);
    expect(market.reclaims(M5, B)).toEqual([]);
  });

  it('are where the price rises above the multiple of on-demand, each rise once', () => {
    const prices = [0.1, 0.41, 0.9, 0.4, 0.5].map((usdPerHour, n) => priced(T0 + hours(n), usdPerHour));
    expect(marketOf({ prices, interruptAbove: 1 }).reclaims(M5, A)).toEqual([T0 + hours(1), T0 + hours(4)]);
    expect(marketOf({ prices }).reclaims(M5, A)).toEqual([]);
    expect(marketOf({ prices: prices.slice(1, 3), interruptAbove: 1 }).reclaims(M5, A)).toEqual([]);
  });

  it('add up over their causes, in order and each once', () => {
    const drawn = { interruptions: { model: 'constant', hazardPerHour: 0.1 } } as const;
    const [first = 0, ...others] = marketOf(drawn).reclaims(M5, A);
    const availability = [room(T0, 1), room(first, 0), room(first + 1, 1), room(first + 2, 0)];
    expect(marketOf({ ...drawn, availability }).reclaims(M5, A)).toEqual(
      [...new Set([first, first + 2, ...others])].sort((a, b) => a - b),
    );
  });

  it('strike every market by itself', () => {
    const market = marketOf({ interruptions: { model: 'constant', hazardPerHour: 0.1 } });
    expect(market.reclaims(M5, A)).not.toEqual(market.reclaims(M5, B));
    expect(market.reclaims(M5, A)).not.toEqual(market.reclaims(C5, A));
  });

  it('of recorded runs come with the room that goes with them, in place of the record', () => {
    const availability = [0, 1, 4, 5, 9, 10].map((hour, n) => room(T0 + hours(hour), n % 2, A, '*'));
    const market = marketOf({ availability, interruptions: { model: 'recorded-run' } }, { zones: [A] });
    const reclaims = market.reclaims(M5, A);
    expect(reclaims.length).toBeGreaterThan(20);
    for (const at of reclaims) {
      expect(market.room(M5, A, at - 1)).toBe(Infinity);
      expect(market.room(M5, A, at)).toBe(0);
    }
    expect(market.reclaims(C5, A)).not.toEqual(reclaims);
  });
});

describe('what cannot be used', () => {
  it('is told for every market at once', () => {
    const settings: Partial<MarketSettings> = {
      interruptions: { model: 'recorded-run' },
      prices: [priced(T0, 0.1), priced(T0, 0.2, A, 'Windows')],
    };
    const says = mistakesOf(() => marketOf(settings, { instanceTypes: [M5] }));
    expect(says).toHaveLength(3);
    expect(says[0]).toBe(
      'scenario.yaml: market.prices: expected prices of one product for m5.2xlarge/us-east-1a, found Linux/UNIX, Windows: keep one',
    );
    expect(says[2]).toContain('recorded availability of m5.2xlarge/us-east-1b');
  });

  it('includes an on-demand price that nobody gave', () => {
    expect(mistakesOf(() => marketOf().onDemandUsd('r5.large', T0, T0 + 1))).toEqual([
      'scenario.yaml: market.onDemand: expected the on-demand price of r5.large, found none: add r5.large: USD-PER-HOUR',
    ]);
  });
});

describe('what a lease costs, in micro-dollars', () => {
  const prices = [priced(T0, 0.1), priced(T0 + minutes(90), 0.2)];

  it('moves with the market for plain spot', () => {
    const perSecond = marketOf({ prices });
    const byHour = marketOf({ prices }, { billing: 'hour-start' });
    const until = T0 + minutes(150);
    expect(perSecond.leaseUsd(lease('spot', 0.1), until, 'us')).toBe(350_000);
    expect(perSecond.leaseUsd(lease('spot', 0.1), until, 'aws')).toBe(350_000);
    expect(byHour.leaseUsd(lease('spot', 0.1), until, 'us')).toBe(400_000);
    expect(byHour.leaseUsd(lease('spot', 0.1), until, 'aws')).toBe(200_000);
  });

  it('stays at the price of its purchase for a spot block, and is nothing if AWS ends it early', () => {
    const market = marketOf({ prices });
    const block = lease('spot-block', 0.256);
    expect(market.leaseUsd(block, T0 + hours(4), 'aws')).toBe(1_024_000);
    expect(market.leaseUsd(block, T0 + hours(4) - 1, 'aws')).toBe(0);
    expect(market.leaseUsd(block, T0 + hours(1), 'us')).toBe(256_000);
    expect(market.leaseUsd(block, T0 + hours(1), undefined)).toBe(256_000);
    expect(market.leaseUsd(block, T0, 'us')).toBe(0);
  });

  it('is the fixed price for on-demand, by the second or by started hours', () => {
    expect(marketOf().leaseUsd(lease('on-demand', 0.4), T0 + minutes(90), 'us')).toBe(600_000);
    expect(marketOf().onDemandUsd(M5, T0, T0 + minutes(90))).toBe(600_000);
    expect(marketOf({}, { billing: 'hour-start' }).onDemandUsd(M5, T0, T0 + minutes(90))).toBe(800_000);
  });
});

describe('what pictures and recordings are made of', () => {
  const prices = [priced(T0 - hours(1), 0.1), priced(T0 + hours(2), 0.2), priced(T0 + hours(1), 0.15, B)];

  it('is the price at the beginning and every change, in order of time', () => {
    const market = marketOf({ prices }, { instanceTypes: [M5] });
    expect(market.changes(T0, T0 + hours(3))).toEqual([
      { at: T0, market: `${M5}/${A}`, usdPerHour: 0.1 },
      { at: T0 + hours(1), market: `${M5}/${B}`, usdPerHour: 0.15 },
      { at: T0 + hours(2), market: `${M5}/${A}`, usdPerHour: 0.2 },
    ]);
  });

  it('is the room at the beginning and every change, droughts included', () => {
    const market = marketOf(
      {
        availability: [room(T0 - 1, 4), room(T0 + 10, 2)],
        droughts: [{ from: T0 + 5, until: T0 + 8 }],
      },
      { instanceTypes: [M5], zones: [A] },
    );
    expect(market.roomChanges(T0, T0 + 100).map(({ at, instances }) => [at - T0, instances])).toEqual([
      [0, 4],
      [5, 0],
      [8, 4],
      [10, 2],
    ]);
  });

  it('has a line for each market and kind of lease, the durations of blocks apart', () => {
    const market = marketOf({ prices }, { instanceTypes: [M5], zones: [A] });
    const kinds = (['spot', 'on-demand', 'spot-block'] as const).flatMap((term) =>
      [hours(1), hours(6)].map((durationMs) => ({ term, durationMs })),
    );
    expect(
      market
        .priceSteps(kinds)
        .map(({ term, points }) => [term, points.map(({ at, value }) => [(at - T0) / hours(1), value])]),
    ).toEqual([
      [
        'spot',
        [
          [0, 0.1],
          [2, 0.2],
        ],
      ],
      ['on-demand', [[0, 0.4]]],
      [
        'spot-block',
        [
          [0, 0.22],
          [120, 0.2],
        ],
      ],
      [
        'spot-block',
        [
          [0, 0.28],
          [120, 0.26],
        ],
      ],
    ]);
  });
});

describe('the share of a lease that some stretches of it cost', () => {
  it('goes by the price of each moment, and not by the time', () => {
    const market = marketOf({ prices: [priced(T0, 0.01), priced(T0 + minutes(30), 0.09)] });
    // 18 and 162 of each 180 parts: ten minutes before the change cost 6 of them.
    const share = market.shareIn(lease('spot', 0.01), T0 + hours(1), [[T0 + minutes(10), T0 + minutes(20)]]);
    expect(share).toBeCloseTo(6 / 180, 9);
    expect(market.shareIn(lease('spot', 0.01), T0 + hours(1), [[T0, T0 + hours(2)]])).toBe(1);
    const constant = market.shareIn(lease('on-demand', 0.4), T0 + hours(1), [[T0 + minutes(10), T0 + minutes(20)]]);
    expect(constant).toBeCloseTo(1 / 6, 9);
  });
});
