import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascendingOrder } from '../../../data/records/ordered.ts';

describe('the order of values', () => {
  const values = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 5 })),
    fc.array(fc.integer({ min: -1e13, max: 1e13 })),
    fc.array(fc.double({ noNaN: true })),
    fc.array(fc.constantFrom(1e300, 0, 1.5, 7)),
  );

  it('is ascending, of equals the first one first, without those left out', () => {
    fc.assert(
      fc.property(values, fc.func(fc.boolean()), (all, isLeftOut) => {
        const places = all.map((_, place) => place);
        const plain = (kept: readonly number[]) => kept.toSorted((a, b) => all[a]! - all[b]! || a - b);
        const column = Float64Array.from(all);
        expect([...(ascendingOrder(column) ?? places)]).toEqual(plain(places));
        const found = ascendingOrder(column, isLeftOut);
        expect([...(found ?? places)]).toEqual(plain(places.filter((place) => !isLeftOut(place))));
      }),
      { numRuns: 1_000 },
    );
  });
});
