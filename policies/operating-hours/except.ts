import { z } from 'zod';
import { choiceOf, definePolicy, earliest } from '../../src/policy/index.ts';
import { joined, stretchOf } from './joined.ts';

/**
 * Operating hours, and others that close them: for hours that stay as they are while something else takes precedence, such
 * as a maintenance window, or a company's shutdown that is kept in one place for all pools.
 */
export const except = definePolicy({
  slot: 'operatingHours',
  name: 'except',
  about: 'Wants what some operating hours want, and none while others want any.',
  example: {
    hours: { policy: 'always', blocks: 2 },
    closedWhen: { policy: 'calendar', calendar: 'holidays.ics', blocks: 1 },
  },
  options: z.strictObject({
    hours: choiceOf('operatingHours').describe('The operating hours that hold'),
    closedWhen: choiceOf('operatingHours').describe('No blocks are wanted while these operating hours want any'),
  }),
  create({ hours, closedWhen }, shelf) {
    const open = stretchOf(shelf.policy('operatingHours', hours));
    const closing = stretchOf(shelf.policy('operatingHours', closedWhen));
    return joined((now) => {
      const closed = closing(now);
      if (closed.blocks > 0) return { blocks: 0, until: closed.until };
      const { blocks, until } = open(now);
      return { blocks, until: earliest(until, closed.until) };
    });
  },
});
