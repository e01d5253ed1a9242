import type { MarketSeen } from '../observed.ts';
import type { Held, Need, PurchaseQuestion } from '../purchase.ts';
import { allowanceCopy, marketCopy, offerCopy } from './copies.ts';
import { Copied, type Copies, type Parts } from './parts.ts';

/**
 * What a purchase policy is asked, part by part, as copies: with the documented fields and no more. Where all blocks of a pool are is
 * reckoned for those that look at it.
 */
export const purchaseParts = (question: PurchaseQuestion): Parts => new Copied(question, COPIES);

const COPIES: Copies<PurchaseQuestion, PurchaseQuestion> = {
  offers: ({ offers }) => offers.map(offerCopy),
  need: ({ need }) => new Copied<Need, Need>(need, NEED),
};

const NEED: Copies<Need, Need> = {
  now: ({ now }) => now,
  allowance: ({ allowance }) => allowanceCopy(allowance),
  next: ({ next }) => allowanceCopy(next),
  slot: ({ slot }) => slot,
  blockId: ({ blockId }) => blockId,
  zones: ({ zones }) => [...zones],
  blocksIn: ({ blocksIn }) => Object.fromEntries(byName(blocksIn)),
  held: ({ held }) => heldCopy(held),
  markets: ({ markets }) => {
    const seen: Record<string, MarketSeen> = {};
    for (const [market, met] of Object.entries(markets)) seen[market] = marketCopy(met);
    return seen;
  },
  onDemandUsdPerHour: ({ onDemandUsdPerHour }) => onDemandUsdPerHour,
  terms: ({ terms }) => [...terms],
};

function heldCopy(held: Readonly<Record<string, Held>>): Readonly<Record<string, Held>> {
  const copy: Record<string, Held> = {};
  for (const [market, { blocks, since }] of byName(held))
    copy[market] = since === undefined ? { blocks } : { blocks, since };
  return copy;
}

/** In an order that says nothing of which block came first. */
const byName = <Value>(record: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
