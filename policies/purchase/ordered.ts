import { z } from 'zod';
import { definePolicy } from '../../src/policy/index.ts';
import { byPrice, compare, sortedOnce } from './byPrice.ts';

const names = () => z.array(z.string()).min(1).optional();

/**
 * A team's own preference, whatever the price: for jobs that run best on one type, or in the zone where their cache is.
 * Types weigh more than zones; what the lists leave equal goes by price.
 */
export const ordered = definePolicy({
  slot: 'purchase',
  name: 'ordered',
  about: 'Buys the types and zones that are listed first, whatever the price.',
  example: { zones: ['us-east-1b', 'us-east-1a'] },
  // By design: what is preferred may be dear, scarce, or taken back time and again.
  waives: ['cover', 'cost'],
  options: z
    .strictObject({
      types: names().describe('Instance types, the best first'),
      zones: names().describe('Zones, the best first'),
      others: z
        .enum(['last', 'never'])
        .default('last')
        .describe('Whether what is not listed is bought after what is, or not at all'),
    })
    .superRefine(({ types, zones }, context) => {
      if (types === undefined && zones === undefined)
        context.addIssue({ code: 'custom', message: 'expected "types", "zones" or both, found neither' });
    }),
  create({ types, zones, others }) {
    const [typePlace, zonePlace] = [placesOf(types), placesOf(zones)];
    const isListed = (place: number): boolean => place < LAST;
    return {
      rank(offers) {
        const allowed = offers.filter(
          ({ instanceType, zone }) =>
            others === 'last' || (isListed(typePlace(instanceType)) && isListed(zonePlace(zone))),
        );
        return sortedOnce(
          allowed,
          (a, b) =>
            compare(typePlace(a.instanceType), typePlace(b.instanceType)) ||
            compare(zonePlace(a.zone), zonePlace(b.zone)) ||
            byPrice(a, b),
        );
      },
    };
  },
});

const LAST = Number.POSITIVE_INFINITY;

/** The place of a name in a list; all are first where there is none. */
function placesOf(names: readonly string[] | undefined): (name: string) => number {
  if (names === undefined) return () => 0;
  const places = new Map<string, number>();
  for (const name of names) if (!places.has(name)) places.set(name, places.size);
  return (name) => places.get(name) ?? LAST;
}
