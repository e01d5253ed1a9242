import { z } from 'zod';
import { choiceOf, definePolicy, earliest } from '../../src/policy/index.ts';
import { joined, stretchOf } from './joined.ts';

/** As many blocks as the least demanding of its parts wants: for hours that are learned or shared, held under a ceiling that may change with the hour. */
export const lowestOf = definePolicy({
  slot: 'operatingHours',
  name: 'lowestOf',
  about: 'Wants as many blocks as the lowest of several operating hours.',
  example: {
    of: [
      { policy: 'always', blocks: 4 },
      { policy: 'calendar', calendar: 'shifts.ics', blocks: 8 },
    ],
  },
  options: z.strictObject({
    of: z.array(choiceOf('operatingHours')).min(1).describe('The operating hours; the lowest count holds'),
  }),
  create({ of }, shelf) {
    const parts = of.map((choice) => stretchOf(shelf.policy('operatingHours', choice)));
    return joined((now) => {
      const demands = parts.map((part) => part(now));
      return {
        blocks: Math.min(...demands.map(({ blocks }) => blocks)),
        until: earliest(...demands.map(({ until }) => until)),
      };
    });
  },
});
