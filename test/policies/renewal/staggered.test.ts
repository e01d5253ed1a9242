import { describe, expect, it } from 'vitest';
import { timesOf } from './aRenewal.ts';

const drains = (options: object, slots: number): readonly string[] =>
  Array.from({ length: slots }, (_, slot) => timesOf('staggered', options, { slot })[1]!);

describe('staggered', () => {
  it('drains blocks that were born together one after the other, evenly over the spread', () => {
    expect(drains({ spread: '40m' }, 4)).toEqual(['3h30m', '3h10m', '3h20m', '3h']);
    expect(drains({ spread: '40m' }, 8).toSorted()).toEqual(
      ['2h55m', '3h', '3h5m', '3h10m', '3h15m', '3h20m', '3h25m', '3h30m'].toSorted(),
    );
  });

  it('moves relief and drain alike, and leaves the end to the jobs', () => {
    expect(timesOf('staggered', {}, { slot: 1 })).toEqual(['3h15m', '3h20m', '1d4h']);
  });

  it('spreads whichever policy it is given', () => {
    const inner = { policy: 'drainFirst', lead: '1h' };
    expect(timesOf('staggered', { inner, spread: '10m' }, { slot: 1 })).toEqual(['2h55m', '2h55m', '1d4h']);
  });

  it('moves nothing into the first half of a lease', () => {
    expect(drains({ spread: '6h' }, 4)).toEqual(['3h30m', '2h', '2h', '2h']);
  });
});
