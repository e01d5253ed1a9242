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
    rank: (offers, { blocksIn }) =>
      sortedOnce(offers, (a, b) => (blocksIn[a.zone] ?? 0) - (blocksIn[b.zone] ?? 0) || byPrice(a, b)),
  }),
});
