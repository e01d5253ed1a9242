import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, inverseNormal, ln } from '../../../sim/chance/maths.ts';

/** How far apart two numbers are, as a share of the second. */
const apart = (found: number, wanted: number): number =>
  wanted === 0 || found === wanted ? Math.abs(found - wanted) : Math.abs(found / wanted - 1);

describe('ln', () => {
  it('agrees with Math.log over all positive numbers', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }), (x) => {
        expect(apart(ln(x), Math.log(x))).toBeLessThan(1e-12);
      }),
      { numRuns: 5_000 },
    );
  });

  it('keeps its accuracy next to 1, where the logarithm vanishes', () => {
    for (const distance of [1e-15, 1e-9, 1e-4, 0.2, 0.41, 0.42])
      for (const x of [1 - distance, 1 + distance]) expect(apart(ln(x), Math.log(x))).toBeLessThan(1e-12);
  });

  it('answers as Math.log at the ends', () => {
    for (const x of [0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(ln(x)).toBe(Math.log(x));
  });
});

describe('exp', () => {
  it('agrees with Math.exp wherever the answer is a normal number', () => {
    fc.assert(
      fc.property(fc.double({ min: -708, max: 709.78, noNaN: true }), (x) => {
        expect(apart(exp(x), Math.exp(x))).toBeLessThan(1e-12);
      }),
      { numRuns: 5_000 },
    );
  });

  it('answers as Math.exp at the ends', () => {
    for (const x of [0, -746, 710, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(exp(x)).toBe(Math.exp(x));
    expect(exp(-745)).toBe(Math.exp(-745));
  });

  it('undoes ln', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (x) => {
        expect(apart(exp(ln(x)), x)).toBeLessThan(1e-13);
      }),
    );
  });
});

describe('the inverse normal', () => {
  it('gives the published quantiles', () => {
    const published = [
      [0.5, 0],
      [0.75, 0.674489750196081743],
      [0.9, 1.28155156554460046],
      [0.95, 1.644853626951472714],
      [0.975, 1.959963984540054235],
      [0.99, 2.326347874040841101],
      [0.001, -3.090232306167813542],
      [1e-10, -6.361340902404056],
      [1e-20, -9.262340089798408],
    ] as const;
    for (const [share, deviations] of published) expect(apart(inverseNormal(share), deviations)).toBeLessThan(1e-12);
  });

  it('lies as far above the middle as below it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (share) => {
        expect(inverseNormal(1 - share)).toBeCloseTo(-inverseNormal(share), 9);
      }),
    );
  });

  it('grows with the share, over the seams of its three parts too', () => {
    const shares = [1e-12, 1.3e-11, 1.4e-11, 1e-6, 0.0749, 0.075, 0.0751, 0.5, 0.9249, 0.925, 0.9251, 1 - 1e-9];
    const quantiles = shares.map(inverseNormal);
    expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
    expect(new Set(quantiles).size).toBe(shares.length);
  });

  it('has no answer outside 0 to 1', () => {
    expect(inverseNormal(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(inverseNormal(1)).toBe(Number.POSITIVE_INFINITY);
    for (const share of [-0.1, 1.1, Number.NaN]) expect(inverseNormal(share)).toBeNaN();
  });
});
