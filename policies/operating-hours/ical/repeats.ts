import { type Day, dateOf, dayOf, LAST_DAY, lengthOfMonth, weekdayOf } from './days.ts';
import type { Rule, Weekday } from './rule.ts';

/** How many days may still be looked at. Shared by whatever is to be bounded together. */
export interface Budget {
  days: number;
}

/** A file whose rules take more than this, for a stretch of questions, is refused: it has room for 800 daily events. */
export const MOST_DAYS_LOOKED_AT = 1_000_000;

/**
 * The days that a rule gives after the event's own, from one day to another, both included, ascending.
 *
 * It always ends: a period is a day, a week, a month or a year; each step goes on by at least one period, a period has at
 * most 366 days, and the last day is given. What a rule cannot meet is not searched for beyond it. A `COUNT` is not looked
 * at here: `lastDayOf` turns it into a day.
 *
 * @param start the event's own day, from which periods are counted
 * @param budget lowered by the days looked at; at 0 the days end
 */
export function* repeatsBetween(rule: Rule, start: Day, from: Day, until: Day, budget: Budget): Generator<Day> {
  const last = Math.min(until, LAST_DAY);
  const first = Math.max(from, start + 1);
  const periods = periodsOf(rule, start);
  for (let step = Math.max(0, periods.stepBefore(first)); budget.days > 0; step += 1) {
    const begins = periods.beginning(step);
    if (begins > last) return;
    const days = periods.daysIn(begins);
    budget.days -= 1 + days.looked;
    for (const day of placed(days.found, rule.positions)) if (day >= first && day <= last) yield day;
  }
}

/**
 * The last day on which an event starts that starts `COUNT` times; undefined where the budget did not suffice to count.
 * Its own start counts as the first.
 */
export function lastDayOf(rule: Rule, start: Day, count: number, budget: Budget): Day | undefined {
  let [left, last] = [count - 1, start];
  if (left === 0) return start;
  // At most one start a day: these never come to their end.
  if (left >= LAST_DAY - start) return LAST_DAY;
  for (const day of repeatsBetween(rule, start, start, LAST_DAY, budget)) {
    last = day;
    left -= 1;
    if (left === 0) return last;
  }
  return budget.days > 0 ? last : undefined;
}

interface Periods {
  /** A step whose period begins at or before a day; the one after it begins later. */
  stepBefore(day: Day): number;
  /** The day on which the period of a step begins. */
  beginning(step: number): Day;
  daysIn(begins: Day): { readonly found: readonly Day[]; readonly looked: number };
}

function periodsOf(rule: Rule, start: Day): Periods {
  const { freq, interval, weekStart, months, monthDays, weekdays } = rule;
  const own = dateOf(start);
  const inMonths = (month: number): boolean => months.length === 0 || months.includes(month);
  switch (freq) {
    case 'DAILY': {
      const fits = (day: Day): boolean => {
        if (months.length + monthDays.length + weekdays.length === 0) return true;
        const date = dateOf(day);
        return inMonths(date.month) && isMonthDay(day, monthDays) && isWeekday(day, weekdays);
      };
      return {
        stepBefore: (day) => Math.floor((day - start) / interval),
        beginning: (step) => start + step * interval,
        daysIn: (day) => ({ found: fits(day) ? [day] : [], looked: 0 }),
      };
    }
    case 'WEEKLY': {
      const week = start - ((weekdayOf(start) - weekStart + 7) % 7);
      const wanted = weekdays.length === 0 ? [{ weekday: weekdayOf(start) }] : weekdays;
      return {
        stepBefore: (day) => Math.floor((day - week) / (7 * interval)),
        beginning: (step) => week + step * 7 * interval,
        daysIn: (begins) => only(begins, 7, (day) => isWeekday(day, wanted) && inMonths(dateOf(day).month)),
      };
    }
    case 'MONTHLY': {
      const month = own.year * 12 + own.month - 1;
      return {
        stepBefore: (day) => {
          const { year, month: of } = dateOf(day);
          return Math.floor((year * 12 + of - 1 - month) / interval);
        },
        beginning: (step) => firstOfMonth(month + step * interval),
        daysIn: (begins) => {
          const { year, month: of } = dateOf(begins);
          return inMonths(of) ? ofMonth(rule, own.day, year, of) : { found: [], looked: 0 };
        },
      };
    }
    case 'YEARLY':
      return {
        stepBefore: (day) => Math.floor((dateOf(day).year - own.year) / interval),
        beginning: (step) => dayOf(own.year + step * interval, 1, 1),
        daysIn: (begins) => ofYear(rule, own, dateOf(begins).year),
      };
  }
}

function ofMonth({ monthDays, weekdays }: Rule, ownDay: number, year: number, month: number) {
  const days = monthDays.length + weekdays.length === 0 ? [ownDay] : monthDays;
  const [begins, length] = [dayOf(year, month, 1), lengthOfMonth(year, month)];
  return only(begins, length, (day) => isMonthDay(day, days) && isNthWeekday(day, weekdays, begins, length));
}

function ofYear(rule: Rule, own: { readonly month: number; readonly day: number }, year: number) {
  const { months, monthDays, weekdays } = rule;
  // Weekdays are numbered within the year, unless months or days of months are named.
  if (weekdays.length > 0 && months.length === 0 && monthDays.length === 0) {
    const [begins, next] = [dayOf(year, 1, 1), dayOf(year + 1, 1, 1)];
    return only(begins, next - begins, (day) => isNthWeekday(day, weekdays, begins, next - begins));
  }
  const all = monthDays.length > 0 ? ALL_MONTHS : [own.month];
  const found: Day[] = [];
  let looked = 0;
  for (const month of (months.length === 0 ? all : months).toSorted((a, b) => a - b)) {
    const days = ofMonth(rule, own.day, year, month);
    found.push(...days.found);
    looked += days.looked;
  }
  return { found, looked };
}

const ALL_MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const firstOfMonth = (month: number): Day => dayOf(Math.floor(month / 12), (month % 12) + 1, 1);

function only(begins: Day, length: number, fits: (day: Day) => boolean) {
  const found: Day[] = [];
  for (let day = begins; day < begins + length; day += 1) if (fits(day)) found.push(day);
  return { found, looked: length };
}

function isMonthDay(day: Day, monthDays: readonly number[]): boolean {
  if (monthDays.length === 0) return true;
  const date = dateOf(day);
  return monthDays.includes(date.day) || monthDays.includes(date.day - lengthOfMonth(date.year, date.month) - 1);
}

const isWeekday = (day: Day, weekdays: readonly Weekday[]): boolean =>
  weekdays.length === 0 || weekdays.some(({ weekday }) => weekday === weekdayOf(day));

/** The nth of its weekday, from the beginning of a month or a year and from its end. */
function isNthWeekday(day: Day, weekdays: readonly Weekday[], begins: Day, length: number): boolean {
  if (weekdays.length === 0) return true;
  const nth = Math.floor((day - begins) / 7) + 1;
  const nthLast = -Math.floor((begins + length - 1 - day) / 7) - 1;
  return weekdays.some(
    (wanted) =>
      wanted.weekday === weekdayOf(day) && (wanted.nth === undefined || wanted.nth === nth || wanted.nth === nthLast),
  );
}

/** Those at the positions that are wanted, counted from the beginning or, if negative, from the end. */
function placed(days: readonly Day[], positions: readonly number[]): readonly Day[] {
  if (positions.length === 0) return days;
  return days.filter((_, index) => positions.includes(index + 1) || positions.includes(index - days.length));
}
