import { describe, expect, it } from 'vitest';
import { anOffer, ranked } from './aPurchase.ts';

const offers = ['a', 'b', 'c', 'd'].map((zone, index) => anOffer(zone, 0.1 + index / 10));

describe('shuffled', () => {
  it('spreads the first choices of many blocks evenly, whatever the prices', () => {
    const firsts = new Map<string, number>();
    for (let block = 0; block < 1_000; block += 1) {
      const [first = ''] = ranked('shuffled', {}, offers, { blockId: `ci-${block % 20}.${block}` });
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    expect([...firsts.values()].every((count) => count > 200 && count < 300)).toBe(true);
    expect(firsts.size).toBe(4);
  });

  it('gives a block the same order each time, and keeps the order of the rest when a market is gone', () => {
    const order = ranked('shuffled', {}, offers);
    expect(ranked('shuffled', {}, offers.toReversed())).toEqual(order);
    expect(ranked('shuffled', {}, offers.slice(1))).toEqual(order.filter((market) => market !== 'm5/a'));
  });

  it('ranks the offers of one market by price', () => {
    const market = [anOffer('a', 0.3), { ...anOffer('a', 0.2), term: 'on-demand' as const }];
    expect(ranked('shuffled', {}, market)).toEqual(['m5/a', 'm5/a']);
  });
});
