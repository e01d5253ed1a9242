import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { hours } from '../../../src/domain/time.ts';
import { aLease, START, timesOf } from './aRenewal.ts';

describe('renewal of a lease of four hours', () => {
  it.each<[name: string, options: object, times: readonly string[]]>([
    ['surge', {}, ['3h25m', '3h30m', '1d4h']],
    ['surge', { lead: '1h', overlap: '10m' }, ['2h50m', '3h', '1d4h']],
    ['surge', { overlap: '0s' }, ['3h30m', '3h30m', '1d4h']],
    ['drainFirst', {}, ['3h30m', '3h30m', '1d4h']],
    ['drainFirst', { lead: '45m' }, ['3h15m', '3h15m', '1d4h']],
    ['letExpire', {}, ['4h', '4h', '4h']],
    // No drain in the first half, and no relief in the first quarter, however long the lead or the overlap.
    ['surge', { lead: '30m', overlap: '3h' }, ['1h', '3h30m', '1d4h']],
    ['surge', { lead: '6h' }, ['1h55m', '2h', '1d4h']],
    ['drainFirst', { lead: '4h' }, ['2h', '2h', '1d4h']],
  ])('%s %o', (name, options, times) => {
    expect(timesOf(name, options)).toEqual(times);
  });

  it.each<[name: string, times: readonly string[]]>([
    ['surge', ['1h25m', '1h30m', '2h']],
    ['drainFirst', ['1h30m', '1h30m', '2h']],
    ['letExpire', ['2h', '2h', '2h']],
  ])('%s goes by the end that AWS imposes where it is earlier', (name, times) => {
    expect(timesOf(name, {}, { lease: aLease(hours(4), START + hours(2)) })).toEqual(times);
  });

  it('of a lease of odd length is at whole instants, and not within its first half', () => {
    expect(timesOf('surge', { lead: '6h' }, { lease: aLease(7_201) })).toEqual(['1s801ms', '3s601ms', '1d7s201ms']);
  });

  it('a lease that was over before it began is drained at once', () => {
    expect(timesOf('surge', {}, { lease: aLease(0) })).toEqual(['0s', '0s', '1d']);
  });
});

describe('the options of renewal', () => {
  it.each([
    ['surge', { lead: '5x' }],
    ['surge', { lead: 5 }],
    ['drainFirst', { overlap: '5m' }],
    ['letExpire', { lead: '5m' }],
  ])('of %s do not include %o', (name, options) => {
    expect(catalogue.renewal[name]!.options.safeParse(options).success).toBe(false);
  });
});
