import { describe, expect, it } from 'vitest';
import { minutes } from '../../../src/domain/time.ts';
import { unseenMarket } from '../../../src/policy/observed.ts';
import { aLease, START, timesOf } from './aRenewal.ts';

const usual = ['3h25m', '3h30m', '1d4h'];
const atRisk = (afterMs: number, grants = 0, interruptions = 0) => ({
  atRiskAt: START + afterMs,
  market: { ...unseenMarket, grants, interruptions },
});

describe('riskAware', () => {
  it('renews a block from when it is at risk', () => {
    expect(timesOf('riskAware', {}, atRisk(minutes(60)))).toEqual(['1h', '1h5m', '1d4h']);
    expect(timesOf('riskAware', { overlap: '0s' }, atRisk(minutes(60)))).toEqual(['1h', '1h', '1d4h']);
  });

  it('leaves a block without risk, and one that is due before, to the other policy', () => {
    expect(timesOf('riskAware', {})).toEqual(usual);
    expect(timesOf('riskAware', {}, atRisk(minutes(206)))).toEqual(usual);
    expect(timesOf('riskAware', { inner: { policy: 'letExpire' } })).toEqual(['4h', '4h', '4h']);
  });

  it('drains no later than the other policy', () => {
    expect(timesOf('riskAware', { overlap: '1h' }, atRisk(minutes(200)))).toEqual(['3h20m', '3h30m', '1d4h']);
  });

  it('lets a lease settle first', () => {
    expect(timesOf('riskAware', {}, atRisk(minutes(1)))).toEqual(['30m', '35m', '1d4h']);
    expect(timesOf('riskAware', { settle: '2h' }, atRisk(-60_000))[0]).toBe('2h');
  });

  it('believes a market until its record speaks against it, and again once it interrupts', () => {
    expect(timesOf('riskAware', {}, atRisk(minutes(60), 19, 0))[0]).toBe('1h');
    expect(timesOf('riskAware', {}, atRisk(minutes(60), 20, 0))).toEqual(usual);
    expect(timesOf('riskAware', {}, atRisk(minutes(60), 20, 1))[0]).toBe('1h');
    expect(timesOf('riskAware', {}, atRisk(minutes(60), 40, 1))).toEqual(usual);
    expect(timesOf('riskAware', { leastRate: 0 }, atRisk(minutes(60), 9_999, 0))[0]).toBe('1h');
  });

  it('is about plain spot only', () => {
    const lease = { ...aLease(), offer: { ...aLease().offer, term: 'spot-block' as const } };
    expect(timesOf('riskAware', {}, { ...atRisk(minutes(60)), lease })).toEqual(usual);
  });
});
