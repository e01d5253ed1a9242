import type { Offer, Term } from '../../src/policy/index.ts';

/** Says which of two offers comes first: negative for the first, positive for the second, 0 for neither. */
export type Comparison = (a: Offer, b: Offer) => number;

/** Cheapest first; at the same price by zone, type, term and, longest first, duration: offers that tie are equal. */
export const byPrice: Comparison = (a, b) =>
  compare(priceOf(a), priceOf(b)) ||
  compare(a.zone, b.zone) ||
  compare(a.instanceType, b.instanceType) ||
  compare(SAFETY[a.term], SAFETY[b.term]) ||
  compare(b.durationMs, a.durationMs);

/** The offers in an order, each once, even if it was quoted twice. The given list stays as it is. */
export function sortedOnce(offers: readonly Offer[], order: Comparison): readonly Offer[] {
  const sorted = offers.toSorted(order);
  return sorted.filter((offer, index) => {
    const previous = sorted[index - 1];
    return previous === undefined || order(previous, offer) !== 0;
  });
}

/** At the same price the instance that is the least likely to be taken away comes first. */
const SAFETY: Readonly<Record<Term, number>> = { 'on-demand': 0, 'spot-block': 1, spot: 2 };

/** An unknown price is not a low one. */
export const priceOf = ({ usdPerHour }: Offer): number =>
  Number.isNaN(usdPerHour) ? Number.POSITIVE_INFINITY : usdPerHour;

/** By code unit and not by language: the order must be the same on every machine. */
export const compare = <Value extends string | number>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);
