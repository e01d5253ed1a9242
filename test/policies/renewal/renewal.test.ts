import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { hours, type Instant, type Millis, NEVER } from '../../../src/domain/time.ts';
import type { Lease } from '../../../src/domain/words.ts';
import { unseenMarket } from '../../../src/policy/observed.ts';
import { lengthOf } from '../../../src/policy/options.ts';
import { aShelf } from '../../support/aShelf.ts';

const START = Date.UTC(2026, 2, 2, 8);

const aLease = (lengthMs: Millis, hardEndAt: Instant = NEVER): Lease => ({
  instanceId: 'i-1',
  offer: { instanceType: 'm5.xlarge', zone: 'us-east-1a', term: 'spot', durationMs: lengthMs, usdPerHour: 0.1 },
  startsAt: START,
  expiresAt: START + lengthMs,
  hardEndAt,
});

/** Relieved, drained and ended so long after the start of the lease. */
function timesOf(name: string, options: object, lease: Lease): readonly string[] {
  const definition = catalogue.renewal[name]!;
  const { relieveAt, drainAt, endBy } = definition.create(definition.options.parse(options), aShelf).timesFor({
    now: START,
    slot: 0,
    lease,
    demand: { blocks: 1, until: NEVER },
    next: { blocks: 1, until: NEVER },
    market: unseenMarket,
    spec: { leaseMs: lease.offer.durationMs, surge: 2 },
    jobs: { running: 0 },
  });
  return [relieveAt, drainAt, endBy].map((at) => lengthOf(at - START));
}

describe('renewal of a lease of four hours', () => {
  it.each<[name: string, options: object, times: readonly string[]]>([
    ['surge', {}, ['3h25m', '3h30m', '4h']],
    ['surge', { lead: '1h', overlap: '10m' }, ['2h50m', '3h', '4h']],
    ['surge', { overlap: '0s' }, ['3h30m', '3h30m', '4h']],
    ['drainFirst', {}, ['3h30m', '3h30m', '4h']],
    ['drainFirst', { lead: '45m' }, ['3h15m', '3h15m', '4h']],
    ['letExpire', {}, ['4h', '4h', '4h']],
    // Never in the first half, however long the lead or the overlap.
    ['surge', { lead: '30m', overlap: '3h' }, ['2h', '3h30m', '4h']],
    ['surge', { lead: '6h' }, ['2h', '2h', '4h']],
    ['drainFirst', { lead: '4h' }, ['2h', '2h', '4h']],
  ])('%s %o', (name, options, times) => {
    expect(timesOf(name, options, aLease(hours(4)))).toEqual(times);
  });

  it.each<[name: string, times: readonly string[]]>([
    ['surge', ['1h25m', '1h30m', '2h']],
    ['drainFirst', ['1h30m', '1h30m', '2h']],
    ['letExpire', ['2h', '2h', '2h']],
  ])('%s goes by the end that AWS imposes where it is earlier', (name, times) => {
    expect(timesOf(name, {}, aLease(hours(4), START + hours(2)))).toEqual(times);
  });

  it('a lease that was over before it began is over at once', () => {
    expect(timesOf('surge', {}, aLease(0))).toEqual(['0s', '0s', '0s']);
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
