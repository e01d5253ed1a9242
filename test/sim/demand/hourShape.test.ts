import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourShape, peaksFor } from '../../../sim/demand/hourShape.ts';

describe('the shape of a day', () => {
  it('has the peak and the trough that were asked for, and a mean of one', () => {
    const question = fc.double({ min: 0, max: 0.9, noNaN: true }).chain((trough) => {
      const { least, most } = peaksFor(trough);
      return fc.record({ trough: fc.constant(trough), peak: fc.double({ min: least, max: most, noNaN: true }) });
    });
    fc.assert(
      fc.property(question, ({ peak, trough }) => {
        const shape = hourShape(peak, trough);
        expect(Math.max(...shape)).toBeCloseTo(peak, 9);
        expect(Math.min(...shape)).toBeCloseTo(trough, 9);
        expect(shape.reduce((sum, rate) => sum + rate, 0) / 24).toBeCloseTo(1, 9);
      }),
    );
  });

  it('has two humps with a dip for lunch, and a night', () => {
    const shape = hourShape(2, 0.1);
    expect([10, 11, 14, 15, 16].map((hour) => shape[hour]!.toFixed(6))).toEqual(new Array(5).fill('2.000000'));
    expect(shape[12]).toBeLessThan(2);
    expect(shape[3]).toBe(0.1);
  });

  it('refuses a peak that no bending of the slopes can give', () => {
    expect(() => hourShape(1.1, 0.1)).toThrow(RangeError);
    expect(() => hourShape(10, 0.1)).toThrow(RangeError);
  });
});
