import { describe, expect, it } from 'vitest';
import { BLOCK_PRICE, leasingOf } from '../../../data/records/leasing.ts';
import { hours, minutes } from '../../support/lengths.ts';

const job = (startMinutes: number, lengthMinutes: number) => ({
  job: `j${startMinutes}`,
  queuedAt: minutes(startMinutes),
  durationMs: minutes(lengthMinutes),
});

describe('leasing recorded jobs', () => {
  it('buys every job a lease of its own, in whole started hours', () => {
    const { noReuse } = leasingOf([job(0, 10), job(20, 61)], BLOCK_PRICE);
    expect(noReuse).toMatchObject({ leases: 2, leaseHours: 3 });
    expect(noReuse.cost).toBeCloseTo(0.55 + 2 * 0.58, 10);
  });

  it('uses a free lease again if it lasts, the one that ends first', () => {
    // Leases [0, 60) free from 10, and [5, 65) free from 15; the third job fits both, the fourth only the second.
    const { reuse } = leasingOf([job(0, 10), job(5, 10), job(20, 35), job(25, 38), job(56, 5)], BLOCK_PRICE);
    // The last needs until 61: the first lease ends at 60, the second is taken until 63.
    expect(reuse.leases).toBe(3);
  });

  it('takes a lease up to its last instant, and none that ends at the start', () => {
    expect(leasingOf([job(0, 30), job(30, 30)], BLOCK_PRICE).reuse.leases).toBe(1);
    expect(leasingOf([job(0, 60), job(60, 1)], BLOCK_PRICE).reuse.leases).toBe(2);
  });

  it('reads starts in any order, the shorter of two first', () => {
    const jobs = [job(30, 30), job(0, 30), job(0, 20)];
    expect(leasingOf(jobs, BLOCK_PRICE)).toEqual(leasingOf(jobs.toReversed(), BLOCK_PRICE));
  });

  it('runs what is longer than any lease on demand', () => {
    const long = { job: 'j1', queuedAt: 0, durationMs: hours(7) };
    expect(leasingOf([long], BLOCK_PRICE).reuse).toEqual({ leases: 0, leaseHours: 0, cost: 7 });
  });
});
