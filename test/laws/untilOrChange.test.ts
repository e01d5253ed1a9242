import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { NEVER } from '../../src/domain/time.ts';
import { rankingOf } from '../../src/policy/purchase.ts';
import { apartFromNow, type Said, showPurchase, showRenewal } from '../../src/policy/shown/ask.ts';
import { sameAsRead } from '../../src/policy/shown/reads.ts';
import { aShelf } from '../support/aShelf.ts';
import { aPurchaseQuestion, aRenewalQuestion } from './questions.ts';
import { writtenOptions } from './writtenOptions.ts';

/**
 * An answer stands until its `until`, or until something is another value that was read for it. Each policy of the shelf is
 * asked about two questions: the second has some fields of another one, and where none of these was read, and the time has
 * not run out, the answer is the same.
 */

/** Which fields of the second question are those of another: few, so that often none of them was read. */
const aMixture = fc.array(fc.constantFrom(false, false, false, true), { minLength: 12, maxLength: 12 });

const RUNS = 300;

describe('every renewal policy', () => {
  it.each(Object.values(catalogue.renewal))('$name', (definition) => {
    let stands = 0;
    const property = fc.property(
      writtenOptions[definition.name]!,
      aRenewalQuestion,
      aRenewalQuestion,
      aMixture,
      (options, question, other, mixture) => {
        const policy = definition.create(definition.options.parse(options), aShelf);
        const said = showRenewal(question, (shown) => policy.timesFor(shown));
        const second = mixed(question, other, mixture);
        if (!isKept(said, question, second, second.now)) return;
        stands += 1;
        expect(policy.timesFor(second)).toEqual(said.answer);
      },
    );
    fc.assert(property, { numRuns: RUNS });
    // Else the law would say nothing.
    expect(stands).toBeGreaterThan(RUNS / 50);
  });
});

describe('every purchase policy', () => {
  it.each(Object.values(catalogue.purchase))('$name', (definition) => {
    let stands = 0;
    const property = fc.property(
      writtenOptions[definition.name]!,
      aPurchaseQuestion,
      aPurchaseQuestion,
      aMixture,
      fc.constantFrom(false, false, false, true),
      (options, question, other, mixture, newOffers) => {
        const policy = definition.create(definition.options.parse(options), aShelf);
        const said = showPurchase(question, ({ offers, need }) => {
          const { ranked, until } = rankingOf(policy.rank(offers, need));
          // By their places: what was shown is a copy.
          return { places: ranked.map((offer) => offers.indexOf(offer)), ...(until === undefined ? {} : { until }) };
        });
        const offers = newOffers ? other.offers : question.offers;
        const second = { offers, need: mixed(question.need, other.need, mixture) };
        if (!isKept(said, question, second, second.need.now)) return;
        stands += 1;
        const { ranked } = rankingOf(policy.rank(offers, second.need));
        expect(ranked.map((offer) => offers.indexOf(offer))).toEqual(said.answer.places);
      },
    );
    fc.assert(property, { numRuns: RUNS });
    // Else the law would say nothing.
    expect(stands).toBeGreaterThan(RUNS / 50);
  });
});

function isKept<Answer extends { readonly until?: number }>(
  said: Said<Answer>,
  before: { readonly now?: number; readonly need?: { readonly now: number } },
  after: object,
  now: number,
): said is Exclude<Said<Answer>, { readonly wrote: unknown }> {
  if ('wrote' in said || said.reads === undefined) return false;
  const { reads, answer } = said;
  const askedAt = before.now ?? before.need?.now ?? NEVER;
  if (answer.until === undefined) return sameAsRead(reads, before, after);
  return now >= askedAt && now < answer.until && sameAsRead(apartFromNow(reads), before, after);
}

/** The first with some fields of the second, absent ones too. */
function mixed<Value extends object>(one: Value, other: Value, mixture: readonly boolean[]): Value {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted();
  const fields = names.flatMap((name, place) => {
    const from = mixture[place % mixture.length] === true ? other : one;
    return name in from ? [[name, from[name as keyof Value]] as const] : [];
  });
  // Known: each field is one of a value of this type.
  return Object.fromEntries(fields) as Value;
}
