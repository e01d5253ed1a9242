import { describe, expect, it } from 'vitest';
import { hours } from '../../../src/domain/time.ts';
import { unseenMarket } from '../../../src/policy/observed.ts';
import { aNeed, anOffer, ranked } from './aPurchase.ts';

const { now } = aNeed();
const offers = [anOffer('a', 0.1), anOffer('b', 0.11), anOffer('c', 0.14)];

const inA = (seen: { lastRefusedAt?: number; lastInterruptedAt?: number }) => ({
  markets: { 'm5/a': { ...unseenMarket, ...seen } },
});

describe('steady', () => {
  it('buys by price while nothing happens', () => {
    expect(ranked('steady', {}, offers)).toEqual(['m5/a', 'm5/b', 'm5/c']);
  });

  it('counts a market as dearer that has just refused, and more so one that has just interrupted', () => {
    expect(ranked('steady', {}, offers, inA({ lastRefusedAt: now }))).toEqual(['m5/b', 'm5/a', 'm5/c']);
    expect(ranked('steady', {}, offers, inA({ lastInterruptedAt: now }))).toEqual(['m5/b', 'm5/c', 'm5/a']);
  });

  it('forgets evenly', () => {
    expect(ranked('steady', {}, offers, inA({ lastRefusedAt: now - hours(2) }))[0]).toBe('m5/b');
    expect(ranked('steady', {}, offers, inA({ lastRefusedAt: now - hours(4) }))[0]).toBe('m5/a');
    expect(ranked('steady', { memory: '1h' }, offers, inA({ lastRefusedAt: now - hours(1) }))[0]).toBe('m5/a');
  });

  it('takes penalties of its own, both at once for a market that did both', () => {
    const options = { refusalPenalty: 0.2, interruptionPenalty: 0.2 };
    const both = inA({ lastRefusedAt: now, lastInterruptedAt: now });
    expect(ranked('steady', options, offers, both)).toEqual(['m5/b', 'm5/c', 'm5/a']);
    expect(ranked('steady', { refusalPenalty: 0, interruptionPenalty: 0 }, offers, both)[0]).toBe('m5/a');
  });

  it('takes an unknown price for no low one', () => {
    expect(ranked('steady', {}, [anOffer('a', Number.NaN), anOffer('b', 9)])).toEqual(['m5/b', 'm5/a']);
  });
});
