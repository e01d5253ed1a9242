import type { Offer } from '../../domain/words.ts';
import type { Need, PurchasePolicy } from '../purchase.ts';
import type { Law, Laws } from './law.ts';

/** What a purchase policy is asked. */
export interface PurchaseQuestion {
  readonly offers: readonly Offer[];
  readonly need: Need;
}

type PurchaseLaw = Law<PurchasePolicy, PurchaseQuestion>;

/** What is ranked was on offer: an offer that the policy made up cannot be bought. */
export const ranksWhatIsOffered: PurchaseLaw = (policy, { offers, need }) => {
  const foreign = policy.rank(offers, need).find((offer) => !offers.includes(offer));
  return foreign === undefined ? undefined : `ranks ${textOf(foreign)}, which was not among the offers`;
};

/** No offer is ranked twice: a refused one would be asked for again in the same round. */
export const ranksWithoutRepeats: PurchaseLaw = (policy, { offers, need }) => {
  const ranked = policy.rank(offers, need);
  const repeat = ranked.find((offer, index) => ranked.indexOf(offer) < index);
  return repeat === undefined ? undefined : `ranks ${textOf(repeat)} twice`;
};

/** The order in which EC2 lists its offers decides nothing. */
export const ranksWhateverTheOrder: PurchaseLaw = (policy, { offers, need }) => {
  const expected = rankText(policy.rank(offers, need));
  const half = Math.floor(offers.length / 2);
  for (const other of [offers.toReversed(), [...offers.slice(half), ...offers.slice(0, half)]]) {
    const found = rankText(policy.rank(other, need));
    if (found !== expected) return `ranks ${expected}; the same offers in another order as ${found}`;
  }
  return undefined;
};

/** The list of offers is the pool's: a policy that sorts it in place changes what others see. */
export const leavesOffersAlone: PurchaseLaw = (policy, { offers, need }) => {
  // Both ways round: a list that happens to be in the policy's order shows no change.
  for (const order of [offers, offers.toReversed()]) {
    const copy = order.map((offer) => ({ ...offer }));
    policy.rank(copy, need);
    const [was, is] = [rankText(order), rankText(copy)];
    if (was !== is) return `changes the offers it is given: they were ${was}, and became ${is}`;
  }
  return undefined;
};

/** The same question gets the same answer, whatever was asked in between. */
export const ranksAlike: PurchaseLaw = (policy, { offers, need }) => {
  const first = rankText(policy.rank(offers, need));
  policy.rank(offers.slice(1), { ...need, slot: need.slot + 1, zones: [...need.zones, ...need.zones] });
  const second = rankText(policy.rank(offers, need));
  return first === second ? undefined : `asked twice the same, it ranks first ${first} and then ${second}`;
};

/** What every purchase policy keeps, whatever is on offer. */
export const purchaseLaws: Laws<PurchasePolicy, PurchaseQuestion> = {
  // First, since the others hand over the list itself.
  leavesOffersAlone,
  ranksWhatIsOffered,
  ranksWithoutRepeats,
  ranksWhateverTheOrder,
  ranksAlike,
};

const textOf = ({ instanceType, zone, term, durationMs, usdPerHour }: Offer): string =>
  `${instanceType}/${zone}/${term}/${durationMs}ms at ${usdPerHour} USD`;

const rankText = (offers: readonly Offer[]): string => `[${offers.map(textOf).join(', ')}]`;
