import type { Offer } from '../../domain/words.ts';
import { countedZones, type PurchasePolicy, type PurchaseQuestion, rankingOf } from '../purchase.ts';
import { showPurchase, wroteTo } from '../shown/ask.ts';
import { alwaysSoon, instantsHeld, instantText, type Law, type Laws, untilText } from './law.ts';

type PurchaseLaw = Law<PurchasePolicy, PurchaseQuestion>;

/** What is ranked was on offer: an offer that the policy made up cannot be bought. */
export const ranksWhatIsOffered: PurchaseLaw = (policy, { offers, need }) => {
  const foreign = rankedBy(policy, { offers, need }).find((offer) => !offers.includes(offer));
  return foreign === undefined ? undefined : `ranks ${textOf(foreign)}, which was not among the offers`;
};

/** No offer is ranked twice: a refused one would be asked for again in the same round. */
export const ranksWithoutRepeats: PurchaseLaw = (policy, { offers, need }) => {
  const ranked = rankedBy(policy, { offers, need });
  const repeat = ranked.find((offer, index) => ranked.indexOf(offer) < index);
  return repeat === undefined ? undefined : `ranks ${textOf(repeat)} twice`;
};

/** The order in which EC2 lists its offers decides nothing. */
export const ranksWhateverTheOrder: PurchaseLaw = (policy, { offers, need }) => {
  const expected = rankText(rankedBy(policy, { offers, need }));
  const half = Math.floor(offers.length / 2);
  for (const other of [offers.toReversed(), [...offers.slice(half), ...offers.slice(0, half)]]) {
    const found = rankText(rankedBy(policy, { offers: other, need }));
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
  const first = rankText(rankedBy(policy, { offers, need }));
  const zones = [...need.zones, ...need.zones];
  policy.rank(offers.slice(1), { ...need, slot: need.slot + 1, zones, blocksIn: countedZones(zones) });
  const second = rankText(rankedBy(policy, { offers, need }));
  return first === second
    ? undefined
    : `ranks first ${first} and then ${second}, asked twice the same; expected the same both times`;
};

/** What it is shown is a copy, and not to be changed: the keeper takes a try for a fault, and lets its fallback decide. */
export const leavesNeedAlone: PurchaseLaw = (policy, question) => {
  const said = showPurchase(question, ({ offers, need }) => policy.rank(offers, need));
  return 'wrote' in said ? wroteTo(said.wrote) : undefined;
};

/**
 * What the keeper keeps is what it would be told: the ranking is the same until its `until`, or where it has none and the
 * policy did not look at `need.now`, for good.
 */
export const ranksUntil: PurchaseLaw = (policy, question) => {
  const { offers, need } = question;
  const said = showPurchase(question, (shown) => rankingOf(policy.rank(shown.offers, shown.need)));
  if ('wrote' in said) return wroteTo(said.wrote);
  const { until } = said.answer;
  if (until !== undefined && !(until > need.now))
    return `returns until ${instantText(until)} at ${instantText(need.now)}; expected an instant after now`;
  const soon = alwaysSoon((at) => rankingOf(policy.rank(offers, { ...need, now: at })).until, need.now);
  if (soon !== undefined) return soon;
  const first = rankText(said.answer.ranked);
  for (const at of instantsHeld(said, need.now)) {
    const later = rankText(rankedBy(policy, { offers, need: { ...need, now: at } }));
    if (later !== first)
      return `ranks ${first}${untilText(until)} when it is asked at ${instantText(need.now)}, but at ${instantText(at)} it ranks ${later}; expected the same order until then`;
  }
  return undefined;
};

/** What every purchase policy keeps, whatever is on offer. */
export const purchaseLaws: Laws<PurchasePolicy, PurchaseQuestion> = {
  // First, since the others hand over what they have themselves, and a try to write throws there.
  leavesNeedAlone,
  leavesOffersAlone,
  ranksWhatIsOffered,
  ranksWithoutRepeats,
  ranksWhateverTheOrder,
  ranksAlike,
  ranksUntil,
};

const rankedBy = (policy: PurchasePolicy, { offers, need }: PurchaseQuestion): readonly Offer[] =>
  rankingOf(policy.rank(offers, need)).ranked;

const textOf = ({ instanceType, zone, term, durationMs, usdPerHour }: Offer): string =>
  `${instanceType}/${zone}/${term}/${durationMs}ms at ${usdPerHour} USD`;

const rankText = (offers: readonly Offer[]): string => `[${offers.map(textOf).join(', ')}]`;
