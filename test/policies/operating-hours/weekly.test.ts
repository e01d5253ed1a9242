import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { weekly } from '../../../policies/operating-hours/weekly.ts';
import { isoOf } from '../../../src/domain/time.ts';
import { aShelf } from '../../support/aShelf.ts';

type Written = z.input<typeof weekly.options>;

const office = { days: 'mon-fri', from: '08:00', to: '18:00', blocks: 5 };
const night = { days: 'daily', from: '22:00', to: '06:00+1', blocks: 2 };

const policyOf = (written: Partial<Written>) =>
  weekly.create(weekly.options.parse({ zone: 'Europe/Berlin', windows: [office], ...written }), aShelf);

const at = (text: string): number => Date.parse(text);

/** `5 until 2026-03-02T17:00:00.000Z`. */
const answer = (written: Partial<Written>, now: string): string => {
  const { blocks, until } = policyOf(written).allowedAt(at(now));
  return `${blocks} until ${isoOf(until).replace(':00.000Z', 'Z')}`;
};

describe('a weekly window', () => {
  it('opens and closes by the wall clock: one hour earlier in UTC once summer time has begun', () => {
    expect(answer({}, '2026-03-27T06:59:00Z')).toBe('0 until 2026-03-27T07:00Z');
    expect(answer({}, '2026-03-27T07:00:00Z')).toBe('5 until 2026-03-27T17:00Z');
    expect(answer({}, '2026-03-27T17:00:00Z')).toBe('0 until 2026-03-30T06:00Z');
  });

  it('belongs to the day on which it opens: Friday’s night ends on Saturday', () => {
    const windows = [{ ...night, days: 'mon-fri' }];
    expect(answer({ windows }, '2026-03-07T04:00:00Z')).toBe('2 until 2026-03-07T05:00Z');
    expect(answer({ windows }, '2026-03-07T05:00:00Z')).toBe('0 until 2026-03-09T21:00Z');
  });

  it('yields to a higher count where windows overlap, and its end then changes nothing', () => {
    const windows = [office, { days: 'mon', from: '06:00', to: '10:00', blocks: 3 }];
    expect(answer({ windows }, '2026-03-02T06:00:00Z')).toBe('3 until 2026-03-02T07:00Z');
    expect(answer({ windows }, '2026-03-02T07:30:00Z')).toBe('5 until 2026-03-02T17:00Z');
  });

  it('merges with an equal neighbour across midnight', () => {
    const windows = [{ days: 'sat-sun', from: '00:00', to: '24:00', blocks: 4 }];
    expect(answer({ windows }, '2026-03-07T12:00:00Z')).toBe('4 until 2026-03-08T23:00Z');
  });

  it('that never closes has no next change', () => {
    const windows = [{ days: 'daily', from: '00:00', to: '24:00', blocks: 4 }];
    expect(answer({ windows }, '2026-03-07T12:00:00Z')).toBe('4 until never');
  });

  it('of no blocks is no window', () => {
    expect(answer({ windows: [{ ...office, blocks: 0 }] }, '2026-03-02T09:00:00Z')).toBe('0 until never');
  });

  it('runs over the weekend where its days do', () => {
    const windows = [{ ...office, days: 'fri-mon' }];
    expect(answer({ windows }, '2026-03-09T18:00:00Z')).toBe('0 until 2026-03-13T07:00Z');
  });

  it('opens early by the lead, also on the day before', () => {
    const windows = [{ days: 'mon', from: '00:00', to: '01:00', blocks: 1 }];
    expect(answer({ windows, lead: '20m' }, '2026-03-08T12:00:00Z')).toBe('0 until 2026-03-08T22:40Z');
  });
});

describe('an exception', () => {
  it('closes a date', () => {
    const exceptions = [{ date: '2026-03-03', closed: true } as const];
    expect(answer({ exceptions }, '2026-03-02T18:00:00Z')).toBe('0 until 2026-03-04T07:00Z');
  });

  it('closes a range of dates, both ends included', () => {
    const exceptions = [{ date: '2026-12-24..2027-01-01', closed: true } as const];
    expect(answer({ exceptions }, '2026-12-23T18:00:00Z')).toBe('0 until 2027-01-04T07:00Z');
  });

  it('gives a date hours of its own', () => {
    const exceptions = [{ date: '2026-03-07', from: '10:00', to: '12:00', blocks: 1 }];
    expect(answer({ exceptions }, '2026-03-06T18:00:00Z')).toBe('0 until 2026-03-07T09:00Z');
    expect(answer({ exceptions }, '2026-03-07T09:00:00Z')).toBe('1 until 2026-03-07T11:00Z');
  });

  it('without hours holds from midnight to midnight, however long that date is', () => {
    const exceptions = [{ date: '2026-10-25', blocks: 3 }];
    expect(answer({ exceptions }, '2026-10-24T12:00:00Z')).toBe('0 until 2026-10-24T22:00Z');
    expect(answer({ exceptions }, '2026-10-24T22:00:00Z')).toBe('3 until 2026-10-25T23:00Z');
  });

  it('lets the window of the day before run to its end, and stops its own date’s window from opening', () => {
    const written = { windows: [night], exceptions: [{ date: '2026-03-03', closed: true } as const] };
    expect(answer(written, '2026-03-02T23:30:00Z')).toBe('2 until 2026-03-03T05:00Z');
    expect(answer(written, '2026-03-03T05:00:00Z')).toBe('0 until 2026-03-04T21:00Z');
  });

  it('adds up with another one for the same date', () => {
    const exceptions = [
      { date: '2026-03-07', from: '08:00', to: '12:00', blocks: 1 },
      { date: '2026-03-07..2026-03-08', from: '10:00', to: '14:00', blocks: 2 },
    ];
    expect(answer({ exceptions }, '2026-03-07T08:00:00Z')).toBe('1 until 2026-03-07T09:00Z');
    expect(answer({ exceptions }, '2026-03-07T09:00:00Z')).toBe('2 until 2026-03-07T13:00Z');
  });

  it('years ahead is not overlooked where nothing else ever changes', () => {
    const windows = [{ days: 'daily', from: '00:00', to: '24:00', blocks: 4 }];
    const exceptions = [{ date: '2031-05-01', closed: true } as const];
    expect(answer({ windows, exceptions }, '2026-03-07T12:00:00Z')).toBe('4 until 2031-04-30T22:00Z');
    expect(answer({ windows, exceptions }, '2031-05-01T12:00:00Z')).toBe('0 until 2031-05-01T22:00Z');
    expect(answer({ windows, exceptions }, '2032-05-01T12:00:00Z')).toBe('4 until never');
  });

  it('that closes two years in a row is followed by the first window after it', () => {
    const exceptions = ['2026', '2027'].map((year) => ({
      date: `${year}-01-01..${year}-12-31`,
      closed: true as const,
    }));
    const windows = [{ ...office, days: 'thu' }];
    expect(answer({ windows, exceptions }, '2026-01-05T12:00:00Z')).toBe('0 until 2028-01-06T07:00Z');
  });
});

describe('when the clock changes', () => {
  // Berlin 2026: 02:00 becomes 03:00 on 29 March at 01:00Z; 03:00 becomes 02:00 on 25 October at 01:00Z.
  const windows = (from: string, to: string) => [{ days: 'sun', from, to, blocks: 1 }];

  it('a window that opens in the skipped hour opens at the change', () => {
    expect(answer({ windows: windows('02:30', '05:00') }, '2026-03-29T00:00:00Z')).toBe('0 until 2026-03-29T01:00Z');
  });

  it('a window that closes in the skipped hour closes at the change', () => {
    expect(answer({ windows: windows('01:00', '02:30') }, '2026-03-29T00:00:00Z')).toBe('1 until 2026-03-29T01:00Z');
  });

  it('a window within the skipped hour does not take place, nor does its lead', () => {
    const written = { windows: windows('02:10', '02:50'), lead: '15m' };
    expect(answer(written, '2026-03-28T12:00:00Z')).toBe('0 until 2026-04-04T23:55Z');
  });

  it('a window within the repeated hour takes place once, the first time', () => {
    expect(answer({ windows: windows('02:15', '02:45') }, '2026-10-25T00:00:00Z')).toBe('0 until 2026-10-25T00:15Z');
    expect(answer({ windows: windows('02:15', '02:45') }, '2026-10-25T00:15:00Z')).toBe('1 until 2026-10-25T00:45Z');
    expect(answer({ windows: windows('02:15', '02:45') }, '2026-10-25T00:45:00Z')).toBe('0 until 2026-11-01T01:15Z');
  });

  it('a window around the repeated hour lasts an hour longer', () => {
    expect(answer({ windows: windows('01:00', '04:00') }, '2026-10-24T23:00:00Z')).toBe('1 until 2026-10-25T03:00Z');
  });

  it('two windows that meet in the repeated hour neither overlap nor leave a hole', () => {
    const both = [...windows('01:00', '02:30'), { ...windows('02:30', '05:00')[0]!, blocks: 2 }];
    expect(answer({ windows: both }, '2026-10-24T23:00:00Z')).toBe('1 until 2026-10-25T00:30Z');
    expect(answer({ windows: both }, '2026-10-25T00:30:00Z')).toBe('2 until 2026-10-25T04:00Z');
  });
});

describe('the options of weekly', () => {
  const mistakesIn = (written: object): readonly string[] => {
    const parsed = weekly.options.safeParse({ zone: 'Europe/Berlin', windows: [office], ...written });
    return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  const inWindow = (fields: object) => mistakesIn({ windows: [{ ...office, ...fields }] });
  const inException = (fields: object) => mistakesIn({ exceptions: [{ date: '2026-12-25', ...fields }] });

  it.each([
    ['Berlin', 'Europe/Berlin'],
    ['Europe/Berln', 'Europe/Berlin'],
    ['new york', 'America/New_York'],
    ['Asia/Kolkatta', 'Asia/Kolkata'],
  ])('name the zone that was probably meant by %s', (zone, meant) => {
    expect(mistakesIn({ zone })).toEqual([
      `zone: expected an IANA time zone such as "Europe/Berlin" or "UTC", found "${zone}" (did you mean "${meant}"?)`,
    ]);
  });

  it.each(['EST', 'CET', '+01:00', 'Mars/Olympus_Mons', '', 'x'.repeat(5_000)])('refuse the zone %.20s', (zone) => {
    expect(mistakesIn({ zone })).toEqual([expect.stringMatching(/^zone: expected an IANA time zone/)]);
  });

  it.each(['UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    'take the zone %s',
    (zone) => {
      expect(mistakesIn({ zone })).toEqual([]);
    },
  );

  it.each<[string, object, string]>([
    [
      'ends before it starts',
      { from: '22:00', to: '06:00' },
      'windows.0.to: expected a time after 22:00, found "06:00": write "06:00+1" if it ends the next day',
    ],
    [
      'ends when it starts',
      { to: '08:00' },
      'windows.0.to: expected a time after 08:00, found "08:00": write "08:00+1" if it ends the next day',
    ],
    [
      'ends at midnight',
      { to: '00:00' },
      'windows.0.to: expected a time after 08:00, found "00:00": write "24:00" for the end of the day',
    ],
    [
      'starts at an unpadded time',
      { from: '8:00' },
      'windows.0.from: expected a time of day such as "08:00", found "8:00": write "08:00"',
    ],
    [
      'starts at the end of a day',
      { from: '24:00' },
      'windows.0.from: expected a time of day such as "08:00", found "24:00": a window that opens at midnight opens at "00:00" of the next day',
    ],
    [
      'ends after the day',
      { to: '24:30' },
      'windows.0.to: expected a time of day such as "18:00", "24:00" or "06:00+1" (the next day), found "24:30"',
    ],
    [
      'has a day unknown',
      { days: 'mon-fry' },
      'windows.0.days: expected days such as "mon-fri", "mon,wed", "fri-mon" or "daily"',
    ],
    ['wants half a block', { blocks: 0.5 }, 'windows.0.blocks: Invalid input: expected int, received number'],
  ])('refuse a window that %s', (_, fields, message) => {
    expect(inWindow(fields)).toEqual([message]);
  });

  it.each<[string, object, RegExp]>([
    ['says nothing', {}, /^exceptions\.0: expected "closed: true" or the number of "blocks", found neither$/],
    ['is closed and open', { closed: true, blocks: 1 }, /found both$/],
    ['has one edge', { blocks: 1, from: '10:00' }, /found only one of them$/],
    ['ends before it starts', { blocks: 1, from: '10:00', to: '09:00' }, /write "09:00\+1"/],
    ['is on no date', { date: '2026-02-30', closed: true }, /found "2026-02-30": there is no such date$/],
    ['runs backwards', { date: '2026-12-25..2026-12-24', closed: true }, /the last date is before the first$/],
    ['lasts for years', { date: '2026-01-01..2028-01-01', closed: true }, /change the windows instead$/],
  ])('refuse an exception that %s', (_, fields, message) => {
    expect(inException(fields)).toEqual([expect.stringMatching(message)]);
  });

  it('refuse a date that is closed by one exception and open by another', () => {
    const exceptions = [
      { date: '2026-12-24..2026-12-31', closed: true },
      { date: '2026-12-28', blocks: 1 },
    ];
    expect(mistakesIn({ exceptions })).toEqual([
      'exceptions.1.date: expected each date to be closed or open, found 2026-12-24..2026-12-31 closed and 2026-12-28 open: split the dates',
    ]);
  });

  it('refuse a lead of more than a day, and an empty week', () => {
    expect(mistakesIn({ lead: '25h', windows: [] })).toHaveLength(2);
  });

  it('tell all mistakes at once, also where one field of a window is wrong by itself', () => {
    const windows = [
      { ...office, blocks: 'five', from: '22:00', to: '06:00' },
      { ...office, from: '9:00' },
    ];
    const exceptions = [{ date: 'christmas', closed: false }, { date: '2026-12-26' }];
    expect(mistakesIn({ zone: 'Berlin', windows, exceptions }).map((line) => line.split(':')[0])).toEqual([
      'zone',
      'windows.0.blocks',
      'windows.0.to',
      'windows.1.from',
      'exceptions.0.date',
      'exceptions.0.closed',
      'exceptions.1',
    ]);
  });
});
