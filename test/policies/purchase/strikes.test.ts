import { describe, expect, it } from 'vitest';
import { breaker } from '../../../policies/purchase/breaker.ts';
import { weighed } from '../../../policies/purchase/weighed.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import type { Offer } from '../../../src/domain/words.ts';
import { rankingOf } from '../../../src/policy/purchase.ts';
import { aShelf } from '../../support/aShelf.ts';
import { aNeed, anOffer } from './aPurchase.ts';

const offers: readonly Offer[] = [
  anOffer('a', 0.1),
  anOffer('b', 0.2),
  { ...anOffer('a', 0.4), term: 'on-demand' },
  { ...anOffer('b', 0.4), term: 'on-demand' },
];
const [A, B, OWN_A, OWN_B] = ['a spot', 'b spot', 'a on-demand', 'b on-demand'];

const { now } = aNeed();
const struck = (agoMs: number) => ({ grants: 3, refusals: 0, interruptions: 1, lastInterruptedAt: now - agoMs });
const kept = (blocks: number, forMs: number) => ({ blocks, since: now - forMs });

const rankedBy = (policy: 'weighed' | 'breaker', over: Parameters<typeof aNeed>[0], options: object = {}) => {
  const made =
    policy === 'weighed'
      ? weighed.create(weighed.options.parse(options), aShelf)
      : breaker.create(breaker.options.parse(options), aShelf);
  return rankingOf(made.rank(offers, aNeed(over))).ranked.map(({ zone, term }) => `${zone} ${term}`);
};

describe('weighed', () => {
  it('buys at the lowest price where nothing was interrupted', () => {
    expect(rankedBy('weighed', {})).toEqual([A, B, OWN_A, OWN_B]);
  });

  it('buys elsewhere, or on demand, where an interruption is expected to cost more than is saved', () => {
    // 2 USD once in ten hours are 0.2 USD an hour.
    const held = { 'm5/a': kept(1, hours(1)), 'm5/b': kept(1, hours(1)) };
    expect(rankedBy('weighed', { held, markets: { 'm5/a': struck(hours(10)) } })).toEqual([B, A, OWN_A, OWN_B]);
    expect(rankedBy('weighed', { held, markets: { 'm5/a': struck(hours(5)) } })).toEqual([B, OWN_A, OWN_B, A]);
    expect(rankedBy('weighed', { held, markets: { 'm5/a': struck(hours(5)) } }, { usdPerKill: 0.4 })).toEqual([
      ...[A, B, OWN_A, OWN_B],
    ]);
  });

  it('buys one block alone in a market that nobody watches, while any of the pool is on trial', () => {
    const probe = { probe: '15m' };
    const markets = { 'm5/a': struck(hours(1)) };
    expect(rankedBy('weighed', { markets }, probe)).toEqual([B, OWN_A, OWN_B, A]);
    expect(rankedBy('weighed', { markets, held: { 'm5/b': { blocks: 1 } } }, probe)).toEqual([OWN_A, OWN_B, A, B]);
    expect(rankedBy('weighed', { markets, held: { 'm5/b': kept(1, minutes(14)) } }, probe)).toEqual([
      OWN_A,
      OWN_B,
      A,
      B,
    ]);
    expect(rankedBy('weighed', { markets, held: { 'm5/b': kept(1, minutes(15)) } }, probe)).toEqual([
      B,
      OWN_A,
      OWN_B,
      A,
    ]);
    expect(
      rankedBy('weighed', { markets: { 'm5/a': struck(hours(25)) }, held: { 'm5/b': { blocks: 1 } } }, probe)[0],
    ).toBe(A);
  });
});

describe('breaker', () => {
  it('leaves a market alone for a while, and buys nothing else differently', () => {
    expect(rankedBy('breaker', { markets: { 'm5/a': struck(minutes(29)) } })).toEqual([B, OWN_A, OWN_B, A]);
    expect(rankedBy('breaker', { markets: { 'm5/a': struck(minutes(9)) } }, { for: '9m' })).toEqual([
      ...[A, B, OWN_A, OWN_B],
    ]);
  });

  it('is closed by one block that is kept', () => {
    const markets = { 'm5/a': struck(hours(1)) };
    const order = (held: Parameters<typeof aNeed>[0]) => rankedBy('breaker', { markets, ...held })[0];
    expect(order({ held: {} })).toBe(A);
    expect(order({ held: { 'm5/a': { blocks: 1 } } })).toBe(B);
    expect(order({ held: { 'm5/a': kept(1, minutes(10)) } })).toBe(B);
    expect(order({ held: { 'm5/a': kept(1, minutes(20)) } })).toBe(A);
  });

  it('leaves the order to the policy that it is given', () => {
    const inner = { policy: 'ordered', zones: ['b'] };
    expect(rankedBy('breaker', { markets: { 'm5/b': struck(minutes(1)) } }, { inner })).toEqual([OWN_B, A, OWN_A, B]);
  });
});
