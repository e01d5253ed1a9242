import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import { purchaseLaws } from '../../src/policy/laws/index.ts';
import type { PurchasePolicy } from '../../src/policy/purchase.ts';
import { everyPolicyKeeps, firesFor } from './everyPolicy.ts';
import { aPurchaseQuestion } from './questions.ts';

describe('every purchase policy', () => {
  everyPolicyKeeps('purchase', purchaseLaws, aPurchaseQuestion);
});

describe('the laws of purchase', () => {
  const ranking = (rank: PurchasePolicy['rank']): PurchasePolicy => ({ rank });

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
    [
      'leavesNeedAlone',
      () =>
        ranking((offers, { markets }) => {
          for (const market of Object.values(markets)) Object.assign(market, { refusals: 0 });
          return offers;
        }),
      /tried to change need\.markets\..*\.refusals of its question/,
    ],
    [
      'ranksUntil',
      () => ranking((offers, { now }) => ({ ranked: offers, until: now - 1 })),
      /expected an instant after now/,
    ],
    [
      'ranksUntil',
      () => ranking((offers, { now }) => ({ ranked: now % 2 === 0 ? offers : [], until: NEVER })),
      /until never .*, but at /,
    ],
    // Seconds taken for milliseconds.
    [
      'ranksUntil',
      () => ranking((offers, { now }) => ({ ranked: offers, until: now + 600 })),
      /instants are in milliseconds/,
    ],
    ['ranksUntil', () => rotating(), /, but at /],
  ])('%s fires', (law, wrong, sentence) => {
    expect(firesFor(purchaseLaws, law, wrong, aPurchaseQuestion)).toMatch(sentence);
  });

  function rotating(): PurchasePolicy {
    let questions = 0;
    return ranking((offers) => offers.filter((_, index) => index % 2 === (questions += 1) % 2));
  }
});
