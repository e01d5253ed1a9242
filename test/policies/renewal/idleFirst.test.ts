import { describe, expect, it } from 'vitest';
import { hours, minutes, NEVER } from '../../../src/domain/time.ts';
import { START, timesOf } from './aRenewal.ts';

const busy = { jobs: { running: 1, busySince: START } };

describe('idleFirst', () => {
  it('drains an idle block from the beginning of the band', () => {
    expect(timesOf('idleFirst', {})).toEqual(['2h55m', '3h', '1d4h']);
    expect(timesOf('idleFirst', { band: '10m' })).toEqual(['3h15m', '3h20m', '1d4h']);
  });

  it('drains a busy one when the other policy says, its successor bought at the same time as of an idle one', () => {
    expect(timesOf('idleFirst', {}, busy)).toEqual(['2h55m', '3h30m', '1d4h']);
    const inner = { policy: 'letExpire' };
    expect(timesOf('idleFirst', { inner }, busy)).toEqual(['3h30m', '4h', '4h']);
  });

  it('opens no band where fewer blocks will be wanted by then', () => {
    const demand = { blocks: 5, until: START + hours(3) };
    expect(timesOf('idleFirst', {}, { allowance: demand, next: { blocks: 2, until: NEVER } })).toEqual([
      '3h25m',
      '3h30m',
      '1d4h',
    ]);
    expect(timesOf('idleFirst', {}, { allowance: demand, next: { blocks: 9, until: NEVER } })).toEqual([
      '2h55m',
      '3h',
      '1d4h',
    ]);
    const later = { blocks: 5, until: START + hours(3) + minutes(26) };
    expect(timesOf('idleFirst', {}, { allowance: later, next: { blocks: 0, until: NEVER } })[0]).toBe('2h55m');
  });

  it('drains nothing in the first half of a lease, and relieves nothing in the first quarter', () => {
    expect(timesOf('idleFirst', { band: '9h' })).toEqual(['1h', '2h', '1d4h']);
  });
});
