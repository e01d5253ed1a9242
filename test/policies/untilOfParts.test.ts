import { describe, expect, it } from 'vitest';
import { fallback } from '../../policies/purchase/fallback.ts';
import { steady } from '../../policies/purchase/steady.ts';
import { upTo } from '../../policies/purchase/upTo.ts';
import { worthwhile } from '../../policies/purchase/worthwhile.ts';
import { idleFirst } from '../../policies/renewal/idleFirst.ts';
import { riskAware } from '../../policies/renewal/riskAware.ts';
import { staggered } from '../../policies/renewal/staggered.ts';
import { after, hours, minutes, NEVER } from '../../src/domain/time.ts';
import type { PolicyDefinition, Shelf } from '../../src/policy/definePolicy.ts';
import { unseenMarket } from '../../src/policy/observed.ts';
import { rankingOf } from '../../src/policy/purchase.ts';
import type { RenewalQuestion } from '../../src/policy/renewal.ts';
import { aLease } from '../support/aBlock.ts';
import { aShelf } from '../support/aShelf.ts';
import { aNeed, anOffer } from './purchase/aPurchase.ts';

/** How long an answer holds whose parts say how long theirs do. */

const { now } = aNeed();
const offers = [anOffer('a', 0.1)];

/** A shelf whose purchase policies rank what they are given until an instant, which is their name in minutes from now. */
const minutesLong: Shelf = {
  policy: ((_slot, { policy }) => ({
    rank: (ranked: typeof offers) => (policy === 'none' ? ranked : { ranked, until: now + minutes(Number(policy)) }),
  })) as Shelf['policy'],
};

function untilOf(definition: PolicyDefinition<'purchase'>, options: object, over = {}): number | undefined {
  const policy = definition.create(definition.options.parse(options), minutesLong);
  const { until } = rankingOf(policy.rank(offers, aNeed(over)));
  return until === undefined ? undefined : (until - now) / minutes(1);
}

const part = (policy: string) => ({ policy });
const falls = (afterMinutes: number) => ({
  allowance: { blocks: 6, until: now + minutes(afterMinutes) },
  next: { blocks: 0, until: NEVER },
  zones: ['a'],
});

describe('A ranking holds', () => {
  it('of worthwhile no longer than until the fall is near, and from then on until the fall', () => {
    const options = { least: '60m', inner: part('300') };
    expect(untilOf(worthwhile, options)).toBe(300);
    // The first instant of which less than an hour is left is a millisecond after it.
    expect(untilOf(worthwhile, options, falls(100))).toBe(40 + 1 / minutes(1));
    expect(untilOf(worthwhile, options, falls(59))).toBe(59);
    expect(untilOf(worthwhile, { ...options, inner: part('none') }, falls(100))).toBeUndefined();
  });

  it('of fallback as long as those of both parts', () => {
    expect(untilOf(fallback, { first: part('9'), then: part('5') })).toBe(5);
    expect(untilOf(fallback, { first: part('4'), then: part('5') })).toBe(4);
    expect(untilOf(fallback, { first: part('4'), then: part('none') })).toBeUndefined();
    expect(untilOf(fallback, { first: part('none'), then: part('5') })).toBeUndefined();
  });

  it('of upTo as long as that of its part', () => {
    expect(untilOf(upTo, { usdPerHour: 1, inner: part('7') })).toBe(7);
  });

  it('of steady for good once all is forgotten, and not for sure while a penalty fades', () => {
    const refused = (agoMs: number) => ({ markets: { 'm5/a': { ...unseenMarket, lastRefusedAt: now - agoMs } } });
    const until = (over: object) =>
      rankingOf(steady.create(steady.options.parse({}), aShelf).rank(offers, aNeed(over))).until;
    expect(until(refused(hours(6)))).toBe(NEVER);
    expect(until(refused(hours(6) - 1))).toBeUndefined();
    // It does not look at the time then.
    expect(until({})).toBeUndefined();
  });
});

describe('Times hold', () => {
  const demand = { blocks: 1, until: NEVER };
  const question: RenewalQuestion = {
    ...{ now: 0, slot: 1, lease: aLease(), allowance: demand, next: demand, hardEnd: false, jobs: { running: 0 } },
    spec: { leaseMs: hours(4), surge: 1, overrunMs: hours(24) },
    market: unseenMarket,
    atRiskAt: after(0, hours(1)),
  };
  const times = { relieveAt: hours(3), drainAt: hours(3) + 1, endBy: hours(28), until: minutes(6) };
  const shelf: Shelf = { policy: (() => ({ timesFor: () => times })) as unknown as Shelf['policy'] };

  it.each([staggered, idleFirst, riskAware] as const)('of $name as long as those of its part', (definition) => {
    const options = definition.options.parse({}) as never;
    for (const running of [0, 1]) {
      const moved = definition.create(options, shelf).timesFor({ ...question, jobs: { running } });
      expect(moved.until).toBe(minutes(6));
      expect(moved.relieveAt).toBeLessThan(times.relieveAt);
    }
  });
});
