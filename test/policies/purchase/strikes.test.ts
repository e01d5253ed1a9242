import { describe, expect, it } from 'vitest';
import { breaker } from '../../../policies/purchase/breaker.ts';
import { weighed } from '../../../policies/purchase/weighed.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import type { Offer } from '../../../src/domain/words.ts';
import { unseenMarket } from '../../../src/policy/observed.ts';
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
const watched = (blocks: number, forMs: number) => ({ blocks, since: now - forMs });

const rankedBy = (policy: 'weighed' | 'breaker', over: Parameters<typeof aNeed>[0], options: object = {}) => {
  const made =
    policy === 'weighed'
      ? weighed.create(weighed.options.parse(options), aShelf)
      : breaker.create(breaker.options.parse(options), aShelf);
  return rankingOf(made.rank(offers, aNeed(over))).ranked.map(({ zone, term }) => `${zone} ${term}`);
};

/** It interrupted a block so long ago; before, it had kept blocks for `before`, and has kept them for `since` by now. */
const kept = (agoMs: number, before: number, since: number, isHeld = true) => ({
  ...struck(agoMs),
  keptBeforeMs: before,
  ...(isHeld ? { keptSince: now - since } : { keptMs: since }),
});
const held = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`m5/${name}`, { blocks: 1 }]));

describe('weighed', () => {
  const ranked = (over: Parameters<typeof aNeed>[0], options: object = {}) =>
    rankedBy('weighed', { terms: ['spot', 'on-demand'], ...over }, options);

  it('buys at the lowest price where nothing was interrupted, and nothing on demand', () => {
    expect(ranked({})).toEqual([A, B]);
    expect(ranked({ terms: ['on-demand'] }).slice(2)).toEqual([OWN_A, OWN_B]);
  });

  it('adds what interruptions are expected to cost to the price: two dollars once in as long as blocks are kept', () => {
    const about = (before: number, since: number) =>
      ranked({ held: held('a', 'b'), markets: { 'm5/a': kept(hours(3), hours(before), hours(since)) } });
    // 2 USD in 12 hours are 0.17 USD an hour, and a comes to 0.27; b has kept none, and is taken for what a was: 0.37 with it.
    expect(about(9, 3)).toEqual([A, B, OWN_A, OWN_B]);
    expect(about(3, 5)).toEqual([A, OWN_A, OWN_B, B]);
    expect(about(1, 1)).toEqual([OWN_A, OWN_B, A, B]);
  });

  it('trusts a market by what it kept itself, also while the pool has no block there', () => {
    const markets = { 'm5/a': kept(hours(3), minutes(10), hours(2)), 'm5/b': { ...unseenMarket, keptMs: hours(40) } };
    expect(ranked({ held: held('a'), markets })).toEqual([B, OWN_A, OWN_B, A]);
  });

  it('tries one block where a market is not worth its risk, a while after it interrupted one', () => {
    const markets = { 'm5/a': kept(hours(3), minutes(10), 0, false), 'm5/b': kept(hours(1), minutes(10), 0, false) };
    expect(ranked({ markets })).toEqual([A, OWN_A, OWN_B, B]);
    expect(ranked({ markets, held: held('a') })).toEqual([OWN_A, OWN_B, A, B]);
    expect(ranked({ markets, held: held('a') }, { probeAfter: '1h' })).toEqual([B, OWN_A, OWN_B, A]);
  });

  it('buys on demand while all of spot is too dear, where it has been worth its price; else jobs are left to the group', () => {
    const dear = { upTo: 0.2 };
    expect(ranked({ onDemandUsdPerHour: 0.4 }, dear)).toEqual([]);
    const refused = { 'm5/a': { ...unseenMarket, refusals: 3, lastRefusedAt: now } };
    expect(ranked({ onDemandUsdPerHour: 0.4, markets: refused }, dear)).toEqual([]);
    const worthIt = { 'm5/a': { ...unseenMarket, grants: 1, keptMs: hours(1) } };
    expect(ranked({ onDemandUsdPerHour: 0.4, markets: worthIt }, dear)).toEqual([OWN_A, OWN_B]);
    const interrupted = { 'm5/a': kept(hours(3), minutes(10), hours(1)) };
    expect(ranked({ onDemandUsdPerHour: 0.4, markets: interrupted }, dear)).toEqual([OWN_A, OWN_B]);
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
    expect(order({ held: { 'm5/a': watched(1, minutes(10)) } })).toBe(B);
    expect(order({ held: { 'm5/a': watched(1, minutes(20)) } })).toBe(A);
  });

  it('leaves the order to the policy that it is given', () => {
    const inner = { policy: 'ordered', zones: ['b'] };
    expect(rankedBy('breaker', { markets: { 'm5/b': struck(minutes(1)) } }, { inner })).toEqual([OWN_B, A, OWN_A, B]);
  });
});
