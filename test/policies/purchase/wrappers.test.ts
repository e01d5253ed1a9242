import { describe, expect, it } from 'vitest';
import { fallback } from '../../../policies/purchase/fallback.ts';
import { minutes, NEVER } from '../../../src/domain/time.ts';
import type { Shelf } from '../../../src/policy/definePolicy.ts';
import { aNeed, anOffer, ranked } from './aPurchase.ts';

const offers = [anOffer('a', 0.1), anOffer('b', 0.2), anOffer('c', 0.3)];
const all = ['m5/a', 'm5/b', 'm5/c'];

/** Five blocks live; from so many minutes on, fewer or more are wanted than the six of now. */
const changes = (afterMinutes: number, blocks: number) => ({
  allowance: { blocks: 6, until: aNeed().now + minutes(afterMinutes) },
  next: { blocks, until: NEVER },
  zones: ['a', 'a', 'b', 'b', 'c'],
});

describe('worthwhile', () => {
  it('buys nothing shortly before fewer blocks are wanted', () => {
    expect(ranked('worthwhile', {}, offers, changes(59, 0))).toEqual([]);
    expect(ranked('worthwhile', {}, offers, changes(60, 0))).toEqual(all);
    expect(ranked('worthwhile', { least: '10m' }, offers, changes(59, 0))).toEqual(all);
  });

  it('buys where as many or more are wanted next, and where demand never changes', () => {
    expect(ranked('worthwhile', {}, offers, changes(5, 6))).toEqual(all);
    expect(ranked('worthwhile', {}, offers, changes(5, 9))).toEqual(all);
    expect(ranked('worthwhile', {}, offers)).toEqual(all);
  });

  it('buys a block that will be among the fewer', () => {
    expect(ranked('worthwhile', {}, offers, changes(5, 5))).toEqual([]);
    expect(ranked('worthwhile', {}, offers, { ...changes(5, 5), zones: ['a', 'b', 'c'] })).toEqual(all);
  });

  it('leaves the order to the policy that it is given', () => {
    const inner = { policy: 'ordered', zones: ['c'] };
    expect(ranked('worthwhile', { inner }, offers)).toEqual(['m5/c', 'm5/a', 'm5/b']);
  });
});

describe('upTo', () => {
  it('buys up to the limit, in the order of the policy that it is given', () => {
    expect(ranked('upTo', { usdPerHour: 0.2 }, offers)).toEqual(['m5/a', 'm5/b']);
    const inner = { policy: 'ordered', zones: ['c', 'b'] };
    expect(ranked('upTo', { inner, usdPerHour: 0.2 }, offers)).toEqual(['m5/b', 'm5/a']);
  });

  it('buys nothing where everything is dearer, or its price is unknown', () => {
    expect(ranked('upTo', { usdPerHour: 0.09 }, [...offers, anOffer('d', Number.NaN)])).toEqual([]);
  });
});

describe('fallback', () => {
  const first = { policy: 'ordered', zones: ['c'], others: 'never' };

  it('buys what the first ranks, then what the second ranks of the rest', () => {
    expect(ranked('fallback', { first }, offers)).toEqual(['m5/c', 'm5/a', 'm5/b']);
    expect(ranked('fallback', { first, then: { policy: 'upTo', usdPerHour: 0.1 } }, offers)).toEqual(['m5/c', 'm5/a']);
  });

  it('buys by the second alone where the first buys nothing', () => {
    expect(ranked('fallback', { first: { ...first, zones: ['z'] } }, offers)).toEqual(all);
  });

  it('ranks an offer once that was quoted twice, though its parts take different ones of the two', () => {
    const twice = [anOffer('a', 0.1), anOffer('a', 0.1)];
    const taking = (policy: string) => ({ rank: () => (policy === 'last' ? twice.slice(-1) : twice.slice(0, 1)) });
    const policy = fallback.create(
      { first: { policy: 'first' }, then: { policy: 'last' } },
      // Known: this policy asks the shelf for purchase policies only.
      { policy: ((_slot, choice) => taking(choice.policy)) as Shelf['policy'] },
    );
    expect(policy.rank(twice, aNeed())).toEqual([anOffer('a', 0.1)]);
  });

  it('nests', () => {
    const inner = { policy: 'fallback', first, then: { policy: 'ordered', zones: ['b'] } };
    expect(ranked('worthwhile', { inner }, offers)).toEqual(['m5/c', 'm5/b', 'm5/a']);
    expect(ranked('worthwhile', { inner }, offers, changes(5, 0))).toEqual([]);
  });
});
