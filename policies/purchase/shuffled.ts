import { z } from 'zod';
import { definePolicy, marketOf } from '../../src/policy/index.ts';
import { byPrice, compare, sortedOnce } from './byPrice.ts';

/**
 * An order of its own for each block, drawn from its id: for many pools that would otherwise all run to the same cheapest
 * market, and be refused and interrupted there together. The same block meets the same order again. Prices decide nothing
 * but between offers of one market; `upTo` sets them a limit.
 */
export const shuffled = definePolicy({
  slot: 'purchase',
  name: 'shuffled',
  about: 'Buys in an order of markets that is drawn anew for each block.',
  // By design: chance is followed whatever it costs.
  waives: ['cost'],
  options: z.strictObject({}),
  create: () => ({
    rank(offers, { blockId }) {
      const lots = new Map(offers.map((offer) => [marketOf(offer), lotOf(`${blockId} ${marketOf(offer)}`)]));
      const lot = (market: string): number => lots.get(market) ?? 0;
      return sortedOnce(offers, (a, b) => compare(lot(marketOf(a)), lot(marketOf(b))) || byPrice(a, b));
    },
  }),
});

/** FNV-1a, stirred at the end: names that differ in their last letter alone are to land far apart. */
function lotOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
