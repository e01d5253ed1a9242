import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meetsRefusal, REFUSAL_SCOPES, type RefusalScope, scopeOf } from '../../src/domain/refusalScope.ts';
import { ALWAYS } from '../../src/domain/time.ts';
import type { Offer, Refusal } from '../../src/domain/words.ts';
import { afterGranted, afterRefused, type Rests, restsUntil } from '../../src/pool/rests.ts';
import { anOffer } from '../support/aBlock.ts';
import { livesIn } from '../support/aMarketplace.ts';
import { aPool } from '../support/aPool.ts';
import { hours, minutes, seconds } from '../support/lengths.ts';

const TYPES = ['m5.2xlarge', 'm7g.2xlarge', 'c5.4xlarge', 'g5.2xlarge'] as const;
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;
const REASONS = [
  ...(['no-capacity', 'subnet-full', 'quota', 'throttled'] as const),
  ...(['bad-template', 'forbidden', 'unsupported-term'] as const),
] satisfies readonly Refusal[];

const everyOffer: readonly Offer[] = TYPES.flatMap((instanceType) =>
  ZONES.map((zone) => anOffer({ instanceType, zone })),
);

const someOffers = fc.shuffledSubarray([...everyOffer], { minLength: 1 });

interface Struck {
  readonly offer: Offer;
  readonly refusal: Refusal;
  readonly scope: RefusalScope;
  /** Whether EC2 says what it is about. */
  readonly said: boolean;
  readonly until: number;
}

const struck: fc.Arbitrary<Struck> = fc.record({
  offer: fc.constantFrom(...everyOffer),
  refusal: fc.constantFrom(...REASONS),
  scope: fc.constantFrom(...REFUSAL_SCOPES),
  said: fc.boolean(),
  until: fc.constantFrom(minutes(20), hours(1), hours(9)),
});

describe('refusals', () => {
  it('of some offers, for any reason and of any scope, never keep a pool from one that can be bought', () => {
    fc.assert(
      fc.property(
        someOffers.filter((offers) => offers.length > 1),
        fc.nat(),
        fc.array(struck, { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        (offers, index, rules, wanted) => {
          const good = offers[index % offers.length];
          const refusalOf = (offer: Offer, at: number) => {
            if (offer === good) return undefined;
            const rule = rules.find((one) => at < one.until && meetsRefusal(one, offer));
            // All are of one term, and one of them can be bought.
            if (rule?.refusal === 'unsupported-term') return undefined;
            if (rule === undefined) return undefined;
            // EC2 never says that a refusal is about more than it is.
            const isTrue = good !== undefined && !meetsRefusal({ ...rule, offer }, good);
            return { refusal: rule.refusal, ...(rule.said && isTrue ? { scope: rule.scope } : {}) };
          };
          const { servedAt } = livesIn(aPool(wanted), { offers, refusalOf }, hours(3));
          expect(servedAt(wanted)).toBeLessThan(hours(2));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of everything let a pool try one block in half a minute, and each offer twice in a rest at most', () => {
    fc.assert(
      fc.property(
        someOffers,
        fc.constantFrom(...REASONS),
        fc.option(fc.constantFrom(...REFUSAL_SCOPES), { nil: undefined }),
        fc.integer({ min: 1, max: 8 }),
        (offers, refusal, scope, wanted) => {
          const said = { refusal, ...(scope === undefined ? {} : { scope }) };
          const { asked, announced } = livesIn(aPool(wanted), { offers, refusalOf: () => said }, hours(2));
          // Those that were opened together each go through the offers before any of them has learnt anything.
          const later = asked.filter(({ at }) => at > minutes(4));
          const openedAts = new Map<string, number>();
          for (const { blockId, at } of asked) if (!openedAts.has(blockId)) openedAts.set(blockId, at);
          const opened = [...openedAts.values()].filter((at) => at > minutes(4));
          for (const at of opened)
            expect(opened.filter((other) => other >= at && other < at + seconds(30)).length).toBe(1);
          // Once in its rest, and once more by a block that was opened while another one was on its way through the offers.
          for (const one of later)
            expect(
              later.filter(({ at, offer }) => offer === one.offer && at >= one.at && at < one.at + minutes(1)).length,
            ).toBeLessThanOrEqual(2);
          expect(announced).toContain('AllRefused');
        },
      ),
      { numRuns: 100 },
    );
  });

  it('cool nothing outside what they are about', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(struck, fc.boolean()), { maxLength: 12 }), (rules) => {
        let rests: Rests = new Map();
        for (const [index, [{ offer, refusal, scope }, isGranted]] of rules.entries())
          rests = isGranted
            ? afterGranted(rests, offer, minutes(index))
            : afterRefused(rests, { offer, refusal, scope, at: minutes(index) }, everyOffer, minutes(5));
        for (const offer of everyOffer)
          if (!rules.some(([rule, isGranted]) => !isGranted && meetsRefusal(rule, offer)))
            expect(restsUntil(rests, offer)).toBe(ALWAYS);
      }),
    );
  });

  it('that do not say what they are about cool no type that was not refused itself', () => {
    const vague = struck.filter(({ refusal }) => refusal !== 'throttled' && refusal !== 'unsupported-term');
    fc.assert(
      fc.property(someOffers, fc.array(vague, { maxLength: 12 }), (offers, rules) => {
        let rests: Rests = new Map();
        const told = rules.filter(({ offer }) => offers.includes(offer));
        for (const [index, { offer, refusal }] of told.entries())
          rests = afterRefused(rests, { offer, refusal, at: index }, offers, minutes(5));
        for (const offer of offers)
          if (!told.some((rule) => rule.offer.instanceType === offer.instanceType))
            expect(restsUntil(rests, offer)).toBe(ALWAYS);
        for (const { offer, refusal } of told)
          if (scopeOf({ offer, refusal }) === 'offer') expect(restsUntil(rests, offer)).toBeGreaterThan(ALWAYS);
      }),
    );
  });
});

describe('instances that never join', () => {
  it('are few of each version of a template, and a version that joins is bought from at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 8, max: 20 }), (wanted, changedAt) => {
        const at = hours(changedAt);
        const broken = livesIn(
          aPool(wanted),
          {
            offers: [anOffer()],
            fateOf: () => 'never-joins',
            facts: [{ type: 'template.changed', at, pool: 'ci', hash: 'b' }],
          },
          hours(48),
        );
        // Those that were bought before one had failed, those up to the third in a row, and then a probe after 1, 2, 4 and 8 hours.
        const most = wanted + 2 + 5;
        expect(broken.asked.filter((one) => one.at < at).length).toBeLessThanOrEqual(most);
        const later = broken.asked.filter((one) => one.at >= at && one.at < at + hours(24));
        expect(later.length).toBeGreaterThanOrEqual(wanted);
        expect(later.length).toBeLessThanOrEqual(most);
        expect(broken.announced).toContain('NeverJoins');

        const mended = livesIn(
          aPool(wanted),
          {
            offers: [anOffer()],
            fateOf: (_, asked) => (asked < at ? 'never-joins' : 'joins'),
            facts: [{ type: 'template.changed', at, pool: 'ci', hash: 'b' }],
          },
          at + hours(1),
        );
        expect(mended.servedAt(wanted)).toBeLessThan(at + minutes(15));
      }),
      { numRuns: 20 },
    );
  });

  it('are found out by a probe to join again', () => {
    const { servedAt } = livesIn(
      aPool(3),
      { offers: [anOffer()], fateOf: (_, at) => (at < hours(5) ? 'never-joins' : 'joins') },
      hours(12),
    );
    expect(servedAt(3)).toBeLessThan(hours(10));
  });
});

describe('instances that end before they serve', () => {
  it('rest their market twice as long each time, and the other one is bought in', () => {
    const bad = anOffer();
    const good = anOffer({ zone: 'us-east-1b' });
    const lived = livesIn(
      aPool(2),
      { offers: [bad, good], fateOf: ({ zone }) => (zone === bad.zone ? 'ends-early' : 'joins') },
      hours(24),
    );
    expect(lived.servedAt(2)).toBeLessThan(minutes(5));
    const alone = livesIn(aPool(2), { offers: [bad], fateOf: () => 'ends-early' }, hours(24));
    // After 5, 10, 20, 40, 80 and 160 minutes, and then every four hours: two at a time.
    expect(alone.asked.length).toBeLessThanOrEqual(2 * 13);
    expect(alone.asked.length).toBeGreaterThan(10);
  });
});
