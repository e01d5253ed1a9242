import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours } from '../../src/domain/time.ts';
import { unseenMarket } from '../../src/policy/observed.ts';
import {
  type MarketsSeen,
  MOST_MARKETS,
  marketsTogether,
  noMarkets,
  withGrant,
  withInterruption,
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
