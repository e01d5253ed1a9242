import { Temporal } from 'temporal-polyfill';
import { definePolicy } from '../../src/policy/index.ts';
import { minutesOf } from './calendar/clockTime.ts';
import { type Stretch, timetable } from './calendar/timetable.ts';
import { weekdaysOf } from './calendar/weekdays.ts';
import { datesOf, type WeeklyOptions, weeklyOptions } from './weeklyOptions.ts';

/**
 * A week of operating windows by the wall clock of one zone, with dated exceptions: for a team that works by the clock.
 *
 * - A window belongs, whole, to the date on which it opens, even where it runs past midnight.
 * - An exception replaces the windows that open on its dates. A window of the day before still runs to its end.
 * - Where windows overlap, the highest count holds.
 * - A time that a change of the clock skips is reached at the change; a time that it repeats is reached the first time.
 * - `lead` is elapsed time, like the lease of a block.
 */
export const weekly = definePolicy({
  slot: 'operatingHours',
  name: 'weekly',
  about: 'Wants blocks in weekly windows by the wall clock of a time zone, with dated exceptions.',
  example: { zone: 'Europe/Berlin', windows: [{ days: 'mon-fri', from: '08:00', to: '18:00', blocks: 4 }] },
  options: weeklyOptions,
  create({ zone, windows, exceptions, lead }) {
    const usual = windows.map((window) => ({ days: weekdaysOf(window.days), stretch: stretchOf(window) }));
    const departures = exceptions.map((exception) => ({
      ...datesOf(exception.date),
      stretches: stretchesOf(exception),
    }));
    return timetable({
      zone,
      leadMs: lead,
      exceptional: departures.toSorted((a, b) => Temporal.PlainDate.compare(a.first, b.first)),
      stretchesOn(date) {
        const departing = departures.filter(({ first, last }) => isBetween(date, first, last));
        if (departing.length > 0) return departing.flatMap(({ stretches }) => stretches);
        return usual.filter(({ days }) => days.has(date.dayOfWeek)).map(({ stretch }) => stretch);
      },
    });
  },
});

const stretchOf = ({ from, to, blocks }: { from: string; to: string; blocks: number }): Stretch => ({
  fromMinutes: minutesOf(from),
  toMinutes: minutesOf(to),
  blocks,
});

/** None for a closed date; without times, the whole of it. */
function stretchesOf({
  from = '00:00',
  to = '24:00',
  blocks,
}: WeeklyOptions['exceptions'][number]): readonly Stretch[] {
  return blocks === undefined ? [] : [stretchOf({ from, to, blocks })];
}

const isBetween = (date: Temporal.PlainDate, first: Temporal.PlainDate, last: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(first, date) <= 0 && Temporal.PlainDate.compare(date, last) <= 0;
