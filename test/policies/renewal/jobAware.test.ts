import { describe, expect, it } from 'vitest';
import { jobAware } from '../../../policies/renewal/jobAware.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { timesOf } from './aRenewal.ts';

const durations = { count: 200, p50Ms: minutes(6), p95Ms: minutes(40), p99Ms: hours(3) };
const boots = { count: 40, p50Ms: minutes(2), p95Ms: minutes(3), p99Ms: minutes(9) };
const seen = { jobs: { running: 0, durations }, boots };

describe('jobAware', () => {
  it('leads by the jobs that it has seen and some slack, and overlaps by the boots', () => {
    expect(timesOf('jobAware', {}, seen)).toEqual(['3h12m', '3h15m', '1d4h']);
    expect(timesOf('jobAware', { slack: '0s' }, seen)).toEqual(['3h17m', '3h20m', '1d4h']);
  });

  it('goes by another quantile, within the shortest and the longest lead', () => {
    expect(timesOf('jobAware', { quantile: 'p50' }, seen)[1]).toBe('3h49m');
    expect(timesOf('jobAware', { quantile: 'p50', leadAtLeast: '20m' }, seen)[1]).toBe('3h40m');
    expect(timesOf('jobAware', { quantile: 'p99', leadAtMost: '90m' }, seen)[1]).toBe('2h30m');
  });

  it('goes by its options until enough has been seen', () => {
    expect(timesOf('jobAware', {})).toEqual(['3h25m', '3h30m', '1d4h']);
    expect(timesOf('jobAware', { lead: '45m', overlap: '10m' })).toEqual(['3h5m', '3h15m', '1d4h']);
    expect(timesOf('jobAware', {}, { boots })).toEqual(['3h27m', '3h30m', '1d4h']);
  });

  it('drains no block in the first half of its lease', () => {
    expect(timesOf('jobAware', { quantile: 'p99', leadAtMost: '9h' }, seen)).toEqual(['1h57m', '2h', '1d4h']);
  });

  it('refuses a shortest lead above the longest', () => {
    const { error } = jobAware.options.safeParse({ leadAtLeast: '3h', leadAtMost: '2h' });
    expect(error?.issues).toEqual([expect.objectContaining({ path: ['leadAtLeast'] })]);
  });
});
