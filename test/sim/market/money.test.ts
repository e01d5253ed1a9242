import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microUsd, sumMicroUsd, usdOf } from '../../../sim/market/money.ts';

describe('money', () => {
  it('is rounded to the nearest micro-dollar, halves away from zero', () => {
    expect([0.0000004, 0.0000005, 0.0000015, -0.0000005, -0.0000004, 1.2345678].map(microUsd)).toEqual([
      0, 1, 2, -1, 0, 1_234_568,
    ]);
  });

  it('keeps whole micro-dollars on the way to USD and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (micro) => {
        expect(microUsd(usdOf(micro))).toBe(micro);
      }),
    );
  });

  it('has the same sum in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true })), (usd) => {
        const amounts = usd.map(microUsd);
        expect(sumMicroUsd(amounts.toReversed())).toBe(sumMicroUsd(amounts));
      }),
    );
    expect(() => sumMicroUsd([2 ** 53, 1])).toThrow(RangeError);
  });
});
