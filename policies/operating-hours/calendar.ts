import { z } from 'zod';
import { choiceOf, definePolicy, earliest, textFile } from '../../src/policy/index.ts';
import { isZone } from './calendar/zone.ts';
import { intervals } from './ical/intervals.ts';
import { readCalendar } from './ical/readCalendar.ts';
import { joined, stretchOf } from './joined.ts';
import { blocks, zone } from './options.ts';

const options = z
  .strictObject({
    calendar: textFile().describe('An iCalendar file (.ics) beside pools.yaml'),
    zone: zone('days, and times that name no zone, go').optional(),
    events: z
      .enum(['open', 'closed'])
      .default('open')
      .describe('Whether blocks are wanted while an event takes place, or are not'),
    blocks: blocks().optional().describe('How many blocks are wanted while an event takes place; with events: open'),
    otherwise: choiceOf('operatingHours')
      .optional()
      .describe('The operating hours while no event takes place; required with events: closed'),
  })
  .superRefine(({ events, blocks, otherwise }, context) => {
    if (events === 'open' && blocks === undefined)
      context.addIssue({
        code: 'custom',
        message: 'expected the number of "blocks" for events that are open, found none',
      });
    if (events === 'closed' && blocks !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['blocks'],
        message: 'expected no "blocks" for events that are closed',
      });
    if (events === 'closed' && otherwise === undefined)
      context.addIssue({ code: 'custom', message: 'expected "otherwise", the hours that events close, found none' });
  })
  .superRefine(
    ({ calendar, zone }, context) => {
      for (const { line, message } of readCalendar(calendar.text, zone).mistakes)
        context.addIssue({ code: 'custom', path: ['calendar'], message: `${calendar.file}:${line}: ${message}` });
    },
    // Also where another option is wrong, so that all mistakes are told at once.
    { when: ({ value }) => isReadable(value) },
  );

/**
 * The events of an iCalendar file: for hours that are kept in a calendar program, such as release days, and for holidays,
 * of which every country has a file to be had, as what closes other hours.
 *
 * The file is read with `pools.yaml`: a calendar that changed is seen when the keeper starts anew.
 */
export const calendar = definePolicy({
  slot: 'operatingHours',
  name: 'calendar',
  about: 'Wants blocks during the events of an iCalendar file, or none during them.',
  example: { calendar: 'shifts.ics', blocks: 2 },
  options,
  create({ calendar, zone, events, blocks = 0, otherwise }, shelf) {
    const standingAt = intervals(readCalendar(calendar.text, zone).series);
    const usual = otherwise === undefined ? undefined : stretchOf(shelf.policy('operatingHours', otherwise));
    const during = events === 'open' ? blocks : 0;
    return joined((now) => {
      const { open, until } = standingAt(now);
      if (open) return { blocks: during, until };
      const rest = usual?.(now) ?? { blocks: 0, until };
      return { blocks: rest.blocks, until: earliest(until, rest.until) };
    });
  },
});

/** Enough of the options to read the calendar, whatever else is wrong with them. */
function isReadable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('calendar' in value)) return false;
  const { calendar } = value;
  if (typeof calendar !== 'object' || calendar === null) return false;
  if ('zone' in value && value.zone !== undefined && !(typeof value.zone === 'string' && isZone(value.zone)))
    return false;
  return (
    'file' in calendar && typeof calendar.file === 'string' && 'text' in calendar && typeof calendar.text === 'string'
  );
}
