import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../src/domain/time.ts';
import { keptFor, unseenMarket } from '../../src/policy/observed.ts';
import {
  type MarketsSeen,
  MOST_MARKETS,
  marketsTogether,
  noMarkets,
  withGrant,
  withInterruption,
  withKeeping,
  withoutKeeping,
  withRefusal,
} from '../../src/pool/markets.ts';
import { anOffer } from '../support/aBlock.ts';

const DAY = hours(24);
const MONDAY = Date.UTC(2026, 2, 2, 8);
const offerIn = (zone: string) => anOffer({ instanceType: 'm5', zone });

describe('what a pool has met in its markets', () => {
  it('counts whole ones on the day', () => {
    let markets = withGrant(noMarkets, offerIn('a'), MONDAY);
    markets = withRefusal(markets, offerIn('b'), MONDAY + 1);
    markets = withInterruption(markets, offerIn('a'), MONDAY + 2);
    expect(markets.seen).toEqual({
      'm5/b': { ...unseenMarket, refusals: 1, lastRefusedAt: MONDAY + 1 },
      'm5/a': { ...unseenMarket, grants: 1, interruptions: 1, lastInterruptedAt: MONDAY + 2 },
    });
  });

  it('halves in four weeks, those alike of which nothing was heard', () => {
    let markets: MarketsSeen = noMarkets;
    for (const zone of ['a', 'b'])
      for (let grant = 0; grant < 10; grant += 1) markets = withGrant(markets, offerIn(zone), MONDAY);
    markets = withGrant(markets, offerIn('a'), MONDAY + 28 * DAY);
    expect(markets.seen).toMatchObject({ 'm5/a': { grants: 6 }, 'm5/b': { grants: 5 } });
  });

  it('lets a market that is met often change its ways', () => {
    let markets: MarketsSeen = noMarkets;
    for (let grant = 0; grant < 20_000; grant += 1) markets = withGrant(markets, offerIn('a'), MONDAY);
    for (let refusal = 0; refusal < 1_000; refusal += 1) markets = withRefusal(markets, offerIn('a'), MONDAY);
    const { grants = 0, refusals = 0 } = markets.seen['m5/a'] ?? {};
    expect(refusals / (grants + refusals)).toBeCloseTo(0.5, 1);
  });

  it('forgets the market that was not met for the longest time', () => {
    let markets: MarketsSeen = noMarkets;
    for (let zone = 0; zone < MOST_MARKETS; zone += 1) markets = withGrant(markets, offerIn(`${zone}`), MONDAY);
    markets = withGrant(markets, offerIn('0'), MONDAY + 1);
    markets = withGrant(markets, offerIn('new'), MONDAY + 2);
    const known = Object.keys(markets.seen);
    expect(known).toHaveLength(MOST_MARKETS);
    expect(known).not.toContain('m5/1');
    expect(known.slice(-2)).toEqual(['m5/0', 'm5/new']);
  });

  it('is the same for two lives together as for one, but for what is cut off', () => {
    const aLife = fc.array(
      fc.record({
        zone: fc.constantFrom('a', 'b', 'c'),
        afterMs: fc.integer({ min: 0, max: hours(60) }),
        met: fc.constantFrom(withGrant, withRefusal, withInterruption),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(aLife, aLife, (first, second) => {
        const lived = (life: typeof first, from: number, before: MarketsSeen = noMarkets) => {
          let at = from;
          let markets = before;
          for (const { zone, afterMs, met } of life) markets = met(markets, offerIn(zone), (at += afterMs));
          return { markets, at };
        };
        const before = lived(first, MONDAY);
        const one = lived(second, before.at, before.markets).markets;
        const two = marketsTogether(before.markets, lived(second, before.at).markets);
        expect(Object.keys(two.seen)).toEqual(Object.keys(one.seen));
        for (const [market, { grants, refusals, interruptions, ...last }] of Object.entries(one.seen)) {
          const same = two.seen[market]!;
          expect(same).toMatchObject(last);
          expect(Math.abs(same.grants - grants)).toBeLessThan(0.1);
          expect(Math.abs(same.refusals - refusals)).toBeLessThan(0.1);
          expect(Math.abs(same.interruptions - interruptions)).toBeLessThan(0.1);
        }
      }),
    );
  });
});

describe('for how long a market has kept blocks', () => {
  const MARKET = 'm5/a';
  const offer = offerIn('a');
  const [NINE, TEN, NOON, TWO] = [MONDAY + hours(1), MONDAY + hours(2), MONDAY + hours(4), MONDAY + hours(6)];
  const keptAt = (markets: MarketsSeen, at: number) => keptFor(markets.seen[MARKET] ?? unseenMarket, at) / hours(1);

  it('is the time in which it had one at least, whatever lies between', () => {
    const left = withoutKeeping(withKeeping(noMarkets, offer, MONDAY), offer, NINE);
    expect(keptAt(left, NOON)).toBe(1);
    expect(keptAt(withKeeping(left, offer, NOON), TWO)).toBe(3);
  });

  it('begins anew with an interruption, of which what comes within minutes is a part', () => {
    let markets = withInterruption(withKeeping(noMarkets, offer, MONDAY), offer, TEN);
    markets = withInterruption(markets, offer, TEN + minutes(4));
    expect(markets.seen[MARKET]).toMatchObject({ interruptions: 2, keptBeforeMs: hours(2), keptSince: TEN });
    expect(keptAt(markets, NOON)).toBe(2);
    expect(withInterruption(markets, offer, NOON).seen[MARKET]).toMatchObject({
      keptBeforeMs: hours(2),
      keptSince: NOON,
    });
  });

  it('begins anew where it refuses spot while it has none', () => {
    const spot = { ...offer, term: 'spot' } as const;
    const left = withoutKeeping(withKeeping(noMarkets, spot, MONDAY), spot, NINE);
    expect(keptAt(withRefusal(left, spot, TEN), TEN)).toBe(0);
    expect(keptAt(withRefusal(left, { ...spot, term: 'on-demand' }, TEN), TEN)).toBe(1);
    expect(keptAt(withRefusal(withKeeping(left, spot, NINE), spot, TEN), TEN)).toBe(2);
  });

  it('goes on over a restart while blocks live on, and is no longer counted where none do', () => {
    const before = withKeeping(noMarkets, offer, MONDAY);
    expect(keptAt(marketsTogether(before, withKeeping(noMarkets, offer, NINE)), TEN)).toBe(2);
    expect(keptAt(marketsTogether(before, noMarkets), TEN)).toBe(0);
    const struck = withInterruption(withKeeping(noMarkets, offer, NINE), offer, TEN);
    expect(keptAt(marketsTogether(before, struck), NOON)).toBe(2);
  });
});
