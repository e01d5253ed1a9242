import { assert, constantFrom, integer, property, record, subarray } from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Day, dateOf, dayOf, LAST_DAY } from '../../../policies/operating-hours/ical/days.ts';
import { lastDayOf, repeatsBetween } from '../../../policies/operating-hours/ical/repeats.ts';
import { ruleOf } from '../../../policies/operating-hours/ical/rule.ts';

const numberOf = (text: string): Day => {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return dayOf(year, month, day);
};
const textOf = (number: Day): string => {
  const { year, month, day } = dateOf(number);
  return new Temporal.PlainDate(year, month, day).toString();
};

/** The first days of a rule, the event's own before them. */
const first = (count: number, start: string, rule: string): readonly string[] => {
  const own = numberOf(start);
  const parsed = ruleOf(rule, 'UTC');
  const last = parsed.count === undefined ? LAST_DAY : lastDayOf(parsed, own, parsed.count, { days: 1_000_000 });
  const days = [own];
  for (const day of repeatsBetween(parsed, own, own, last ?? own, { days: 1_000_000 })) {
    if (days.length === count) break;
    days.push(day);
  }
  return days.map(textOf);
};

describe('a recurrence rule, by the examples of RFC 5545 section 3.8.5.3', () => {
  it.each([
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02', '1997-09-12 1997-09-22 1997-10-02 1997-10-12'],
    ['FREQ=YEARLY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA', '1998-01-30', '1998-01-31 1999-01-01'],
    ['FREQ=DAILY;BYMONTH=1', '1998-01-30', '1998-01-31 1999-01-01'],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR', '1997-09-01', '1997-09-03 1997-09-05 1997-09-15 1997-09-17'],
    ['FREQ=MONTHLY;COUNT=10;BYDAY=1FR', '1997-09-05', '1997-10-03 1997-11-07 1997-12-05 1998-01-02 1998-02-06'],
    ['FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU', '1997-09-07', '1997-09-28 1997-11-02 1997-11-30 1998-01-04'],
    ['FREQ=MONTHLY;COUNT=6;BYDAY=-2MO', '1997-09-22', '1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16'],
    ['FREQ=MONTHLY;BYMONTHDAY=-3', '1997-09-28', '1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26'],
    ['FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1', '1997-09-30', '1997-10-01 1997-10-31 1997-11-01 1997-11-30'],
    ['FREQ=YEARLY;COUNT=10;BYMONTH=6,7', '1997-06-10', '1997-07-10 1998-06-10 1998-07-10 1999-06-10'],
    ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19', '1998-05-18 1999-05-17'],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '1997-09-02', '1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13'],
    ['FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13', '1997-09-13', '1997-10-11 1997-11-08 1997-12-13 1998-01-10'],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', '1996-11-05', '2000-11-07 2004-11-02'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '1997-10-07 1997-11-06'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29', '1997-10-30 1997-11-27 1997-12-30 1998-01-29'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '1997-08-10 1997-08-19 1997-08-24'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '1997-08-17 1997-08-19 1997-08-31'],
    ['FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007-01-15', '2007-01-30 2007-02-15 2007-03-15 2007-03-30'],
  ])('%s from %s', (rule, start, expected) => {
    const days = expected.split(' ');
    expect(first(days.length + 1, start, rule)).toEqual([start, ...days]);
  });

  it.each([
    ['FREQ=DAILY;BYMONTHDAY=-1', '2026-01-05', '2026-01-31 2026-02-28 2026-03-31'],
    ['FREQ=DAILY;INTERVAL=7;BYDAY=TU', '2026-01-05', ''],
    ['FREQ=DAILY;INTERVAL=3;BYDAY=TU', '2026-01-05', '2026-01-20 2026-02-10'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2024-02-29', '2028-02-29 2032-02-29'],
    ['FREQ=YEARLY;INTERVAL=4', '2096-02-29', '2104-02-29'],
    ['FREQ=YEARLY;INTERVAL=100', '2096-02-29', '2196-02-29 2296-02-29'],
    ['FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29', '2100-01-01', '2400-02-29'],
    ['FREQ=MONTHLY', '2026-01-31', '2026-03-31 2026-05-31 2026-07-31'],
    ['FREQ=MONTHLY;INTERVAL=12;BYMONTH=2', '2026-01-05', ''],
    ['FREQ=MONTHLY;INTERVAL=24;BYMONTH=1', '2026-01-05', '2028-01-05'],
    ['FREQ=DAILY;INTERVAL=999999999', '2026-01-05', ''],
    ['FREQ=WEEKLY;INTERVAL=99999999999999999999', '2026-01-05', ''],
    ['FREQ=YEARLY;INTERVAL=999999999;COUNT=1000000000', '0001-01-01', ''],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29', '2026-01-05', ''],
    ['FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2', '2026-01-05', ''],
    ['FREQ=MONTHLY;BYDAY=5MO;BYMONTH=2', '2026-01-05', '2044-02-29 2072-02-29'],
  ])('%s from %s comes where it can, and ends where it cannot', (rule, start, expected) => {
    const days = expected.split(' ').filter(Boolean);
    expect(first(days.length + 1, start, rule)).toEqual([start, ...days]);
  });
});

describe('the days of any rule', () => {
  const anyRule = record({
    freq: constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: constantFrom(1, 1, 2, 3, 7, 12, 100, 999_999_999),
    weekdays: subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']),
    nth: constantFrom('', '', '1', '2', '5', '-1', '-5'),
    months: subarray([1, 2, 4, 12]),
    monthDays: subarray([1, 13, 29, 31, -1, -31]),
    positions: constantFrom('', '', '1', '-1', '2,-2'),
    weekStart: constantFrom('MO', 'SU', 'WE'),
    start: integer({ min: dayOf(1, 1, 1), max: dayOf(2100, 12, 31) }),
    skip: integer({ min: 0, max: 4_000 }),
  }).map(({ freq, interval, weekdays, nth, months, monthDays, positions, weekStart, start, skip }) => {
    const numbered = freq === 'MONTHLY' || freq === 'YEARLY' ? nth : '';
    const parts = [`FREQ=${freq}`, `INTERVAL=${interval}`, `WKST=${weekStart}`];
    if (weekdays.length > 0) parts.push(`BYDAY=${weekdays.map((day) => `${numbered}${day}`).join(',')}`);
    if (months.length > 0) parts.push(`BYMONTH=${months.join(',')}`);
    const days = freq === 'WEEKLY' ? [] : monthDays;
    if (days.length > 0) parts.push(`BYMONTHDAY=${days.join(',')}`);
    if (positions !== '' && weekdays.length + months.length + days.length > 0) parts.push(`BYSETPOS=${positions}`);
    return { text: parts.join(';'), start, from: start + skip };
  });

  it('are those that a look at each day by itself finds, at a cost of the days between', () => {
    assert(
      property(anyRule, ({ text, start, from }) => {
        const rule = ((): ReturnType<typeof ruleOf> | undefined => {
          try {
            return ruleOf(text, 'UTC');
          } catch {
            return undefined; // of no day at all, which is told as a mistake
          }
        })();
        if (rule === undefined) return;
        const budget = { days: 1_000_000 };
        const found = [...repeatsBetween(rule, start, from, from + 400, budget)];
        expect(found.map(textOf)).toEqual(oneByOne(text, start, from, from + 400).map(textOf));
        // A year before and one after, for periods that reach out, and one for each period.
        expect(1_000_000 - budget.days).toBeLessThanOrEqual(2 * (400 + 2 * 366));
      }),
      { numRuns: 60 },
    );
  });

  it('have a date and a number, each of the other', () => {
    assert(
      property(integer({ min: dayOf(0, 1, 1), max: LAST_DAY }), (day) => {
        const { year, month, day: ofMonth } = dateOf(day);
        expect(dayOf(year, month, ofMonth)).toBe(day);
        expect(Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString()).toBe(
          new Temporal.PlainDate(year, month, ofMonth).toString(),
        );
      }),
    );
  });
});

/** The oracle: every day asked by itself, with dates of Temporal, in the words of the RFC's table of BYxxx parts. */
function oneByOne(text: string, start: Day, from: Day, until: Day): readonly Day[] {
  const parts = new Map(text.split(';').map((part) => part.split('=') as [string, string]));
  const list = (name: string): readonly string[] => parts.get(name)?.split(',') ?? [];
  const [freq, interval] = [parts.get('FREQ') ?? '', Number(parts.get('INTERVAL'))];
  const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  const own = plain(start);
  const weekOf = (date: Temporal.PlainDate): Temporal.PlainDate =>
    date.subtract({ days: (date.dayOfWeek - 1 - names.indexOf(parts.get('WKST') ?? '') + 7) % 7 });
  const periodOf = (date: Temporal.PlainDate): number => {
    if (freq === 'DAILY') return own.until(date).days;
    if (freq === 'WEEKLY') return weekOf(own).until(weekOf(date)).days / 7;
    if (freq === 'MONTHLY') return (date.year - own.year) * 12 + date.month - own.month;
    return date.year - own.year;
  };
  const fits = (date: Temporal.PlainDate): boolean => {
    const [months, monthDays, weekdays] = [list('BYMONTH'), list('BYMONTHDAY'), list('BYDAY')];
    if (months.length > 0 && !months.includes(String(date.month))) return false;
    if (monthDays.length > 0 && !monthDays.some((day) => [date.day, date.day - date.daysInMonth - 1].includes(+day)))
      return false;
    if (weekdays.length > 0 && !weekdays.some((day) => isNth(day, date, months.length + monthDays.length > 0)))
      return false;
    const isSet = weekdays.length + monthDays.length > 0;
    if (freq === 'WEEKLY') return isSet || date.dayOfWeek === own.dayOfWeek;
    if (freq === 'MONTHLY') return isSet || date.day === own.day;
    if (freq === 'YEARLY') return isSet || (date.day === own.day && (months.length > 0 || date.month === own.month));
    return true;
  };
  const isNth = (text: string, date: Temporal.PlainDate, inMonths: boolean): boolean => {
    if (names[date.dayOfWeek - 1] !== text.slice(-2)) return false;
    const nth = Number(text.slice(0, -2));
    if (nth === 0) return true;
    const [at, length] =
      freq === 'MONTHLY' || inMonths ? [date.day, date.daysInMonth] : [date.dayOfYear, date.daysInYear];
    return nth === Math.ceil(at / 7) || nth === -Math.ceil((length - at + 1) / 7);
  };
  const byPeriod = new Map<number, Day[]>();
  for (let day = from - 366; day <= until + 366; day += 1) {
    const period = periodOf(plain(day));
    if (period < 0 || period % interval !== 0 || !fits(plain(day))) continue;
    byPeriod.set(period, [...(byPeriod.get(period) ?? []), day]);
  }
  const positions = list('BYSETPOS').map(Number);
  return [...byPeriod.values()]
    .flatMap((days) =>
      positions.length === 0
        ? days
        : days.filter((_, at) => positions.some((one) => [at + 1, at - days.length].includes(one))),
    )
    .filter((day) => day > start && day >= from && day <= until);
}

const plain = (day: Day): Temporal.PlainDate => Temporal.PlainDate.from('1970-01-01').add({ days: day });
