import { describe, expect, it } from 'vitest';
import { type Launch, Refusing } from '../../../sim/cloud/refusing.ts';
import { marketOfScenario } from '../../../sim/market/market.ts';
import type { MarketSettings } from '../../../sim/scenario/scenario.ts';
import { hours } from '../../../src/domain/time.ts';
import { aScenario, MONDAY } from '../../support/aScenario.ts';

const ZONES = ['us-east-1a', 'us-east-1b'];
const TYPES = ['m5.2xlarge', 'm7g.2xlarge', 'c5.4xlarge', 'g5.xlarge'];

/** An account under these settings, at an instant that can be set. */
function anAccount(settings: Partial<MarketSettings>) {
  const clock = { now: MONDAY };
  const market: MarketSettings = {
    ...aScenario().market,
    onDemand: Object.fromEntries(TYPES.map((type) => [type, 0.4])),
    ...settings,
  };
  const question = { seed: 1, from: MONDAY, until: MONDAY + hours(24), instanceTypes: TYPES, zones: ZONES };
  const refusing = new Refusing(
    () => clock.now,
    marketOfScenario(market, { ...question, billing: 'per-second' }),
    market,
  );
  return {
    clock,
    refusalOf: (over: Partial<Launch> = {}) => refusing.refusalOf(aLaunch(over)),
    start: (over: Partial<Launch> = {}) => refusing.started(aLaunch(over)),
  };
}

const aLaunch = (over: Partial<Launch>): Launch => ({
  instanceType: 'm5.2xlarge',
  zone: 'us-east-1a',
  term: 'spot',
  pool: 'ci',
  ...over,
});

describe('a refusal', () => {
  it.each([
    ['instanceType', 'm5.2xlarge', { instanceType: 'm7g.2xlarge' }],
    ['family', 'm5', { instanceType: 'c5.4xlarge' }],
    ['architecture', 'x86_64', { instanceType: 'm7g.2xlarge' }],
    ['zone', 'us-east-1a', { zone: 'us-east-1b' }],
    ['pool', 'ci', { pool: 'big' }],
    ['term', 'spot', { term: 'on-demand' }],
  ] as const)('about a %s leaves the others alone', (scope, value, other) => {
    const { refusalOf } = anAccount({ refusals: [{ refusal: 'quota', [scope]: value }] });
    expect(refusalOf()).toBe('quota');
    expect(refusalOf(other)).toBeUndefined();
  });

  it('about nothing in particular is about the whole account', () => {
    const { refusalOf } = anAccount({ refusals: [{ refusal: 'throttled' }] });
    for (const instanceType of TYPES)
      for (const zone of ZONES)
        for (const term of ['spot', 'spot-block', 'on-demand'] as const)
          expect(refusalOf({ instanceType, zone, term })).toBe('throttled');
  });

  it('about several things strikes where they all hold', () => {
    const { refusalOf } = anAccount({ refusals: [{ refusal: 'no-capacity', family: 'm5', zone: 'us-east-1b' }] });
    expect(refusalOf({ zone: 'us-east-1b' })).toBe('no-capacity');
    expect(refusalOf()).toBeUndefined();
    expect(refusalOf({ instanceType: 'c5.4xlarge', zone: 'us-east-1b' })).toBeUndefined();
  });

  it('lasts from an instant to the one before another', () => {
    const [from, until] = [MONDAY + hours(1), MONDAY + hours(2)];
    const { clock, refusalOf } = anAccount({ refusals: [{ refusal: 'bad-template', from, until }] });
    for (const [at, refusal] of [
      [from - 1, undefined],
      [from, 'bad-template'],
      [until - 1, 'bad-template'],
      [until, undefined],
    ] as const) {
      clock.now = at;
      expect(refusalOf()).toBe(refusal);
    }
  });

  it('of several is the one that EC2 would come to first, whatever their order', () => {
    const refusals = [{ refusal: 'no-capacity' }, { refusal: 'forbidden' }, { refusal: 'quota' }] as const;
    expect(anAccount({ refusals }).refusalOf()).toBe('forbidden');
    expect(anAccount({ refusals: refusals.toReversed() }).refusalOf()).toBe('forbidden');
  });
});

describe('a quota', () => {
  const quotas = [{ family: 'standard', term: 'spot', vcpus: 24 }] as const;

  it('counts the vCPUs of all its families and zones, spot blocks too, and the new one', () => {
    const { refusalOf, start } = anAccount({ quotas });
    start({ term: 'spot-block' });
    expect(refusalOf({ instanceType: 'c5.4xlarge', zone: 'us-east-1b' })).toBeUndefined();
    start({ instanceType: 'm7g.2xlarge', zone: 'us-east-1b' });
    // 8 + 8 run: 8 more are allowed, 16 are not.
    expect(refusalOf()).toBeUndefined();
    expect(refusalOf({ instanceType: 'c5.4xlarge' })).toBe('quota');
  });

  it('leaves other families and on-demand alone', () => {
    const { refusalOf, start } = anAccount({ quotas });
    for (let count = 0; count < 3; count += 1) start();
    expect(refusalOf()).toBe('quota');
    expect(refusalOf({ term: 'on-demand' })).toBeUndefined();
    expect(refusalOf({ instanceType: 'g5.xlarge' })).toBeUndefined();
  });

  it('has room again when an instance has ended', () => {
    const { refusalOf, start } = anAccount({ quotas });
    start({ instanceType: 'c5.4xlarge' });
    const end = start();
    expect(refusalOf()).toBe('quota');
    end();
    expect(refusalOf()).toBeUndefined();
  });
});

describe('a subnet', () => {
  const subnets = [
    { id: 'a-small', zone: 'us-east-1a', addresses: 1 },
    { id: 'a-large', zone: 'us-east-1a', addresses: 2 },
  ];

  it('is full when all of its zone are, on demand too, and has room again when an instance has ended', () => {
    const { refusalOf, start } = anAccount({ subnets });
    start();
    start({ term: 'on-demand' });
    expect(refusalOf()).toBeUndefined();
    const end = start({ instanceType: 'c5.4xlarge' });
    expect(refusalOf()).toBe('subnet-full');
    expect(refusalOf({ term: 'on-demand' })).toBe('subnet-full');
    end();
    expect(refusalOf()).toBeUndefined();
  });

  it('is no limit in a zone of which none is listed', () => {
    const { refusalOf, start } = anAccount({ subnets });
    for (let count = 0; count < 10; count += 1) start({ zone: 'us-east-1b' });
    expect(refusalOf({ zone: 'us-east-1b' })).toBeUndefined();
  });

  it('that is struck leaves the others of its zone to be used', () => {
    const refusals = [{ refusal: 'subnet-full', subnet: 'a-large', until: MONDAY + hours(1) }] as const;
    const { clock, refusalOf, start } = anAccount({ subnets, refusals });
    expect(refusalOf()).toBeUndefined();
    start();
    expect(refusalOf()).toBe('subnet-full');
    clock.now = MONDAY + hours(1);
    expect(refusalOf()).toBeUndefined();
  });

  it('that is struck says how, where no other is left', () => {
    const refusals = [{ refusal: 'forbidden', subnet: 'a-large' }] as const;
    const { refusalOf, start } = anAccount({ subnets, refusals });
    start();
    expect(refusalOf()).toBe('forbidden');
  });
});
