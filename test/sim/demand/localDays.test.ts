import { describe, expect, it } from 'vitest';
import { localDays } from '../../../sim/demand/localDays.ts';
import { hours, type Instant } from '../../../src/domain/time.ts';

const at = (iso: string): Instant => new Date(iso).getTime();

describe('the days of a place', () => {
  it.each([
    ['an ordinary day', 'Europe/Berlin', '2026-03-30', 24, [0, 1, 2, 3, 4]],
    ['the day that loses an hour', 'Europe/Berlin', '2026-03-29', 23, [0, 1, 3, 4, 5]],
    ['the day that gains one', 'Europe/Berlin', '2026-10-25', 25, [0, 1, 2, 2, 3]],
    ['the day that gains half an hour', 'Australia/Lord_Howe', '2026-04-05', 24.5, [0, 1, 1, 2, 3]],
    ['the day without a midnight', 'America/Santiago', '2026-09-06', 23, [1, 2, 3, 4, 5]],
  ])('%s has the hours of its wall clock', (_, timeZone, date, length, clock) => {
    const noon = at(`${date}T12:00:00Z`);
    const [day] = localDays(timeZone, noon, noon + 1);
    expect(day?.date).toBe(date);
    expect(day!.hours.reduce((sum, { lengthMs }) => sum + lengthMs, 0)).toBe(hours(length));
    expect(day!.hours.slice(0, 5).map(({ hour }) => hour)).toEqual(clock);
    for (const [index, hour] of day!.hours.entries())
      expect(hour.startsAt).toBe(day!.hours[0]!.startsAt + index * hours(1));
  });

  it('are those that touch the window, each of them whole', () => {
    const days = localDays('Australia/Melbourne', at('2026-03-05T23:00:00Z'), at('2026-03-08T13:00:00Z'));
    expect(days.map(({ date, weekend }) => [date, weekend])).toEqual([
      ['2026-03-06', false],
      ['2026-03-07', true],
      ['2026-03-08', true],
    ]);
    expect(days[0]!.hours[0]!.startsAt).toBe(at('2026-03-05T13:00:00Z'));
  });
});
