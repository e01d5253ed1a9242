import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastWhere, lowestAround } from '../../../sim/baselines/search.ts';

describe('the search for a fixed count', () => {
  it('finds the least that holds, wherever it begins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.nat(80), fc.nat(60), async (most, threshold, guess) => {
        const asked: number[] = [];
        const found = await leastWhere(
          (count) => {
            asked.push(count);
            return Promise.resolve(count >= threshold);
          },
          guess,
          most,
        );
        expect(found).toBe(Math.min(threshold, most));
        expect(new Set(asked).size).toBe(asked.length);
      }),
    );
  });

  it('finds the lowest of a valley', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.nat(60), fc.nat(60), async (most, bottom, guess) => {
        const found = await lowestAround((count) => Promise.resolve(Math.abs(count - bottom)), guess, most);
        expect(found).toBe(Math.min(bottom, most));
      }),
    );
  });

  it('asks few: the run of a week is dear', async () => {
    let asked = 0;
    await leastWhere(
      (count) => {
        asked += 1;
        return Promise.resolve(count >= 24);
      },
      22,
      60,
    );
    expect(asked).toBeLessThanOrEqual(4);
  });
});
