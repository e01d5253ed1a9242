import { z } from 'zod';
import { definePolicy } from '../../src/policy/index.ts';
import { byPrice, sortedOnce } from './byPrice.ts';

/**
 * The zone with the fewest living blocks first, within a zone the lowest price: for the term `spot`, where EC2 takes back
 * many instances of one zone at once, and a spread pool loses only its share.
 */
export const spreadZones = definePolicy({
  slot: 'purchase',
  name: 'spreadZones',
  about: 'Buys in the zone that has the fewest blocks, there at the lowest price per hour.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers, { zones }) {
      const living = new Map<string, number>();
      for (const zone of zones) living.set(zone, (living.get(zone) ?? 0) + 1);
      const blocksIn = (zone: string): number => living.get(zone) ?? 0;
      return sortedOnce(offers, (a, b) => blocksIn(a.zone) - blocksIn(b.zone) || byPrice(a, b));
    },
  }),
});
