import { describe, expect, it } from 'vitest';
import { ordered } from '../../../policies/purchase/ordered.ts';
import { anOffer, ranked } from './aPurchase.ts';

const offers = [
  anOffer('a', 0.1),
  anOffer('b', 0.2),
  anOffer('a', 0.3, 'c5'),
  anOffer('b', 0.4, 'c5'),
  anOffer('c', 0.05, 'r5'),
];

describe('ordered', () => {
  it('buys what is listed first, whatever the price, and the rest by price', () => {
    expect(ranked('ordered', { types: ['c5', 'm5'] }, offers)).toEqual(['c5/a', 'c5/b', 'm5/a', 'm5/b', 'r5/c']);
    expect(ranked('ordered', { zones: ['b'] }, offers)).toEqual(['m5/b', 'c5/b', 'r5/c', 'm5/a', 'c5/a']);
  });

  it('weighs types more than zones', () => {
    const options = { types: ['c5'], zones: ['b', 'c'] };
    expect(ranked('ordered', options, offers)).toEqual(['c5/b', 'c5/a', 'm5/b', 'r5/c', 'm5/a']);
  });

  it('leaves out what is not listed, if told so', () => {
    expect(ranked('ordered', { types: ['c5', 'm5'], zones: ['b'], others: 'never' }, offers)).toEqual(['c5/b', 'm5/b']);
    expect(ranked('ordered', { zones: ['d'], others: 'never' }, offers)).toEqual([]);
  });

  it('needs a list', () => {
    expect(ordered.options.safeParse({}).error?.issues[0]?.message).toBe(
      'expected "types", "zones" or both, found neither',
    );
    expect(ordered.options.safeParse({ types: [] }).success).toBe(false);
  });
});
