import { describe, expect, it } from 'vitest';
import type { Offer } from '../../src/domain/words.ts';
import { purchaseLaws } from '../../src/policy/laws/index.ts';
import type { Need, PurchasePolicy } from '../../src/policy/purchase.ts';
import { everyPolicyKeeps, firesFor } from './everyPolicy.ts';
import { aPurchaseQuestion } from './questions.ts';

describe('every purchase policy', () => {
  everyPolicyKeeps('purchase', purchaseLaws, aPurchaseQuestion);
});

describe('the laws of purchase', () => {
  const ranking = (rank: (offers: readonly Offer[], need: Need) => readonly Offer[]): PurchasePolicy => ({ rank });

  it.each<[law: string, wrong: () => PurchasePolicy, sentence: RegExp]>([
    [
      'ranksWhatIsOffered',
      () => ranking((offers) => offers.map((offer) => ({ ...offer, zone: 'us-east-1d' }))),
      /us-east-1d.*not among the offers/,
    ],
    ['ranksWithoutRepeats', () => ranking((offers) => [...offers, ...offers.slice(0, 1)]), /twice/],
    // The tie is broken by whatever came first.
    [
      'ranksWhateverTheOrder',
      () => ranking((offers) => offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour)),
      /in another order/,
    ],
    // The types forbid it; a policy in JavaScript can.
    [
      'leavesOffersAlone',
      () => ranking((offers) => (offers as Offer[]).sort((a, b) => a.usdPerHour - b.usdPerHour)),
      /changes the offers/,
    ],
    ['ranksAlike', () => rotating(), /asked twice/],
  ])('%s fires', (law, wrong, sentence) => {
    expect(firesFor(purchaseLaws, law, wrong, aPurchaseQuestion)).toMatch(sentence);
  });

  function rotating(): PurchasePolicy {
    let questions = 0;
    return ranking((offers) => offers.filter((_, index) => index % 2 === (questions += 1) % 2));
  }
});
