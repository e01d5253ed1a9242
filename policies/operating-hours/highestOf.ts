import { z } from 'zod';
import { choiceOf, definePolicy, earliest } from '../../src/policy/index.ts';
import { joined, stretchOf } from './joined.ts';

/** As many blocks as the most demanding of its parts wants: for a pool that several teams share, each with hours of its own. */
export const highestOf = definePolicy({
  slot: 'operatingHours',
  name: 'highestOf',
  about: 'Wants as many blocks as the highest of several operating hours.',
  example: {
    of: [
      { policy: 'always', blocks: 1 },
      { policy: 'calendar', calendar: 'releases.ics', blocks: 8 },
    ],
  },
  options: z.strictObject({
    of: z.array(choiceOf('operatingHours')).min(1).describe('The operating hours; the highest count holds'),
  }),
  create({ of }, shelf) {
    const parts = of.map((choice) => stretchOf(shelf.policy('operatingHours', choice)));
    return joined((now) => {
      const demands = parts.map((part) => part(now));
      return {
        blocks: Math.max(...demands.map(({ blocks }) => blocks)),
        until: earliest(...demands.map(({ until }) => until)),
      };
    });
  },
});
