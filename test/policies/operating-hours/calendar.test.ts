import { describe, expect, it } from 'vitest';
import { calendar } from '../../../policies/operating-hours/calendar.ts';
import { hours, NEVER } from '../../../src/domain/time.ts';
import { aShelf } from '../../support/aShelf.ts';
import { stretches } from './stretches.ts';

const ics = (...events: readonly (readonly string[])[]): string =>
  ['BEGIN:VCALENDAR', ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']), 'END:VCALENDAR', ''].join(
    '\r\n',
  );

const written = (text: string, more: object = { blocks: 8 }) => ({
  calendar: { file: 'team.ics', text },
  zone: 'Europe/Berlin',
  ...more,
});

const aCalendar = (events: readonly (readonly string[])[], more?: object) =>
  calendar.create(calendar.options.parse(written(ics(...events), more)), aShelf);

const mistakesIn = (text: string, more?: object): readonly string[] =>
  calendar.options.safeParse(written(text, more)).error?.issues.map(({ message }) => message) ?? [];

/** When blocks are wanted, as far as events say so: the opening instants and the closing ones. */
const opened = (policy: ReturnType<typeof aCalendar>, from: string, to: string): readonly string[] =>
  stretches(policy, from, to).slice(1);

describe('calendar', () => {
  it('wants blocks during an event, by the zone that it names', () => {
    const newYork = ['DTSTART;TZID=America/New_York:20260302T090000', 'DTEND;TZID=America/New_York:20260302T110000'];
    expect(opened(aCalendar([newYork]), '2026-03-01T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-03-02T14:00Z 8',
      '2026-03-02T16:00Z 0',
    ]);
  });

  it('reads times in UTC, and times without a zone by the option', () => {
    const events = [
      ['DTSTART:20260302T090000Z', 'DURATION:PT1H'],
      ['DTSTART:20260303T090000', 'DURATION:PT1H'],
    ];
    expect(opened(aCalendar(events), '2026-03-01T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-03-02T09:00Z 8',
      '2026-03-02T10:00Z 0',
      '2026-03-03T08:00Z 8',
      '2026-03-03T09:00Z 0',
    ]);
  });

  it('goes by the database of zones, whatever the file says of a zone', () => {
    const text = ics(['DTSTART;TZID=Europe/Berlin:20260302T080000', 'DURATION:PT1H']).replace(
      'BEGIN:VEVENT',
      [
        ...['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', 'BEGIN:STANDARD', 'DTSTART:19700101T000000'],
        ...['TZOFFSETFROM:+0900', 'TZOFFSETTO:+0900', 'END:STANDARD', 'END:VTIMEZONE', 'BEGIN:VEVENT'],
      ].join('\r\n'),
    );
    const policy = calendar.create(calendar.options.parse(written(text)), aShelf);
    expect(opened(policy, '2026-03-01T00:00Z', '2026-04-01T00:00Z')[0]).toBe('2026-03-02T07:00Z 8');
  });

  it('takes an event without a time for the whole of its days, 23 hours of them where the clock is put forward', () => {
    const days = ['DTSTART;VALUE=DATE:20260328', 'DTEND;VALUE=DATE:20260330'];
    expect(opened(aCalendar([days]), '2026-03-01T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-03-27T23:00Z 8',
      '2026-03-29T22:00Z 0',
    ]);
    const day = ['DTSTART;VALUE=DATE:20260329'];
    const { until } = aCalendar([day]).allowedAt(Date.parse('2026-03-28T23:00Z'));
    expect(until - Date.parse('2026-03-28T23:00Z')).toBe(hours(23));
  });

  it('repeats an event by the wall clock, without the dates that it leaves out', () => {
    const weekly = [
      'DTSTART;TZID=Europe/Berlin:20260323T080000',
      'DURATION:PT2H',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260401T060000Z',
      'EXDATE;TZID=Europe/Berlin:20260325T080000',
    ];
    expect(opened(aCalendar([weekly]), '2026-03-01T00:00Z', '2026-06-01T00:00Z')).toEqual([
      '2026-03-23T07:00Z 8',
      '2026-03-23T09:00Z 0',
      '2026-03-30T06:00Z 8',
      '2026-03-30T08:00Z 0',
      '2026-04-01T06:00Z 8',
      '2026-04-01T08:00Z 0',
    ]);
  });

  it('includes the last day that a rule names, and leaves out the whole of a day', () => {
    const daily = [
      'DTSTART;TZID=Europe/Berlin:20260302T230000',
      'DURATION:PT30M',
      'RRULE:FREQ=DAILY;UNTIL=20260304',
      'EXDATE;VALUE=DATE:20260303',
    ];
    const openings = opened(aCalendar([daily]), '2026-03-01T00:00Z', '2026-06-01T00:00Z').filter((line) =>
      line.endsWith(' 8'),
    );
    expect(openings).toEqual(['2026-03-02T22:00Z 8', '2026-03-04T22:00Z 8']);
  });

  it('adds single dates, and counts no date twice', () => {
    const policy = aCalendar([
      [
        'DTSTART:20260302T080000Z',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;COUNT=2',
        'RDATE:20260302T120000Z,20260303T080000Z,20260310T080000Z',
      ],
    ]);
    const openings = opened(policy, '2026-03-01T00:00Z', '2026-06-01T00:00Z').filter((line) => line.endsWith(' 8'));
    expect(openings).toEqual([
      '2026-03-02T08:00Z 8',
      '2026-03-02T12:00Z 8',
      '2026-03-03T08:00Z 8',
      '2026-03-10T08:00Z 8',
    ]);
  });

  it('moves a repetition that another event stands for, and drops what was called off', () => {
    const policy = aCalendar([
      ['UID:a', 'DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=4'],
      ['UID:a', 'RECURRENCE-ID:20260303T080000Z', 'DTSTART:20260303T150000Z', 'DURATION:PT1H'],
      ['UID:a', 'RECURRENCE-ID:20260304T080000Z', 'STATUS:CANCELLED', 'DTSTART:20260304T080000Z', 'DURATION:PT1H'],
      ['UID:b', 'STATUS:CANCELLED', 'DTSTART:20260306T080000Z', 'DURATION:PT1H'],
    ]);
    const openings = opened(policy, '2026-03-01T00:00Z', '2026-06-01T00:00Z').filter((line) => line.endsWith(' 8'));
    expect(openings).toEqual(['2026-03-02T08:00Z 8', '2026-03-03T15:00Z 8', '2026-03-05T08:00Z 8']);
  });

  it('opens on the last day of each month, at a cost of the days between', () => {
    const last = ['DTSTART;TZID=Europe/Berlin:20260105T080000', 'DURATION:PT9H', 'RRULE:FREQ=DAILY;BYMONTHDAY=-1'];
    const openings = opened(aCalendar([last]), '2026-01-01T00:00Z', '2026-04-02T00:00Z').filter((line) =>
      line.endsWith(' 8'),
    );
    expect(openings).toEqual([
      '2026-01-05T07:00Z 8',
      '2026-01-31T07:00Z 8',
      '2026-02-28T07:00Z 8',
      '2026-03-31T06:00Z 8',
    ]);
  });

  it('ends where a rule gives nothing more, and where it began two thousand years ago', () => {
    const at = Date.parse('2026-03-02T09:00Z');
    const past = ['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20200101'];
    expect(aCalendar([past]).allowedAt(at)).toEqual({ blocks: 0, until: NEVER });
    const far = ['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;INTERVAL=999999999'];
    expect(aCalendar([far]).allowedAt(at).blocks).toBe(0);
    const counted = ['DTSTART:20260301T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2'];
    expect(aCalendar([counted]).allowedAt(at)).toEqual({ blocks: 0, until: NEVER });
    const old = ['DTSTART:00010101T080000Z', 'DURATION:PT2H', 'RRULE:FREQ=DAILY;COUNT=1000000000'];
    expect(aCalendar([old]).allowedAt(at)).toEqual({ blocks: 8, until: Date.parse('2026-03-02T10:00Z') });
  });

  it('leaves out thousands of dates', () => {
    const days = Array.from({ length: 5_000 }, (_, day) =>
      new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', ''),
    );
    const daily = ['DTSTART:20200101T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'];
    const policy = aCalendar([[...daily, ...days.map((day) => `EXDATE:${day}T080000Z`)]]);
    expect(opened(policy, '2033-09-01T00:00Z', '2033-09-10T12:00Z')[0]).toBe('2033-09-09T08:00Z 8');
  });

  it('refuses repetitions that take too long to look at, at the event where they do', () => {
    const daily = ['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'];
    expect(mistakesIn(ics(...Array.from({ length: 500 }, () => daily)))).toEqual([]);
    const [told] = mistakesIn(ics(...Array.from({ length: 900 }, () => daily)));
    expect(told).toMatch(/^team\.ics:\d+: event without a name: expected repetitions that take less than 1000000 days/);
  });

  it('comes only in years that have the day', () => {
    const leap = ['DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29'];
    const { blocks, until } = aCalendar([leap]).allowedAt(Date.parse('2026-01-01T00:00Z'));
    expect([blocks, until]).toEqual([0, Date.parse('2028-02-28T23:00Z')]);
  });

  it('has no next change once its events are over', () => {
    const once = ['DTSTART:20260302T080000Z', 'DURATION:PT1H'];
    expect(aCalendar([once]).allowedAt(Date.parse('2026-03-02T09:00Z'))).toEqual({ blocks: 0, until: NEVER });
  });

  it('closes other hours on holidays', () => {
    const christmas = ['SUMMARY:Christmas', 'DTSTART;VALUE=DATE:20251225', 'RRULE:FREQ=YEARLY', 'TRANSP:TRANSPARENT'];
    const otherwise = {
      policy: 'weekly',
      zone: 'Europe/Berlin',
      windows: [{ days: 'daily', from: '08:00', to: '18:00', blocks: 5 }],
    };
    const policy = aCalendar([christmas], { events: 'closed', otherwise });
    expect(stretches(policy, '2026-12-24T12:00Z', '2026-12-26T12:00Z')).toEqual([
      '2026-12-24T12:00Z 5',
      '2026-12-24T17:00Z 0',
      '2026-12-26T07:00Z 5',
    ]);
  });

  it('answers alike whatever was asked before', () => {
    const events = [
      ['DTSTART:20230302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY'],
      ['DTSTART:20310302T080000Z', 'DURATION:PT1H'],
    ];
    const times = ['2026-04-01', '2040-01-01', '2026-03-02T08:30Z', '2020-01-01'].map((text) => Date.parse(text));
    const asked = aCalendar(events);
    for (const now of times) asked.allowedAt(now);
    for (const now of times) expect(asked.allowedAt(now)).toEqual(aCalendar(events).allowedAt(now));
  });
});

describe('a calendar that cannot be read', () => {
  it('names each event and its line', () => {
    const text = ics(
      ['SUMMARY:Fine', 'DTSTART:20260302T080000Z', 'DURATION:PT1H'],
      ['SUMMARY;LANGUAGE=en:Release\\, spring', 'DTSTART:20260302T080000Z'],
      ['UID:7@team', 'DTSTART;TZID=W. Europe Standard Time:20260302T080000', 'DURATION:PT1H'],
      ['DTSTART:20260230T080000Z', 'DURATION:PT1H'],
    );
    expect(mistakesIn(text)).toEqual([
      'team.ics:7: event "Release, spring": expected DTEND or DURATION, found neither',
      expect.stringMatching(
        /^team\.ics:11: event "7@team": expected an IANA time zone such as Europe\/Berlin as the TZID of DTSTART, found "W\. Europe/,
      ),
      'team.ics:16: event without a name: expected a date or time in DTSTART, found "2026-02-30T08:00:00Z"',
    ]);
  });

  it.each([
    [['DURATION:PT1H'], 'expected DTSTART, found none'],
    [['DTSTART:20260302T080000Z', 'DTEND:20260302T080000Z'], 'expected an end after the start'],
    [['DTSTART:20260302T080000Z', 'DTEND;VALUE=DATE:20260303'], 'both with a time or both without'],
    [
      ['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=HOURLY'],
      'expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY',
    ],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=OFTEN'], 'found OFTEN'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:COUNT=3'], 'found none'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY;BYWEEKNO=20'], 'found BYWEEKNO'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'], 'a day that comes'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYDAY=1MO'], 'found 1MO: RFC 5545 counts'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;BYMONTHDAY=1'], 'found BYMONTHDAY'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;INTERVAL=0'], 'at least 1 as INTERVAL'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260401'], 'found both'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYSETPOS=1'], 'found it alone'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=MONTHLY;BYDAY=6MO'], 'a weekday that comes'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;FREQ=DAILY'], 'found it twice'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYEASTER=1'], 'found BYEASTER'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20261332'], 'found "2026-13-32"'],
    [['DTSTART:20260302T080000Z', 'DURATION:P400D', 'RRULE:FREQ=YEARLY'], 'at most 366 days'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'EXRULE:FREQ=DAILY'], 'EXRULE'],
    [['DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RDATE;VALUE=PERIOD:20260303T080000Z/PT1H'], 'found a period'],
    [
      ['UID:a', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260302T080000Z', 'DTSTART:20260302T090000Z', 'DURATION:PT1H'],
      'found RANGE',
    ],
    [['DTSTART:20260302T080000Z', 'nonsense'], 'nonsense'],
  ])('%o', (event, message) => {
    expect(mistakesIn(ics(event))).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['', 'team.ics:1: expected an iCalendar file, which begins with BEGIN:VCALENDAR'],
    ['\n{"events": []}', 'team.ics:2: expected an iCalendar file, which begins with BEGIN:VCALENDAR'],
    [ics(), 'team.ics:1: expected at least one event, found none'],
    ['BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\n', 'team.ics:2: event "a": expected END:VEVENT, found none'],
  ])('%o', (text, message) => {
    expect(mistakesIn(text)).toEqual([message]);
  });

  it('needs a zone where an event names none, and only there', () => {
    const events = [
      ['SUMMARY:Fine', 'DTSTART:20260302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20260304'],
      ['SUMMARY:Day', 'DTSTART;VALUE=DATE:20260302'],
      ['SUMMARY:Time', 'DTSTART:20260302T080000', 'DURATION:PT1H'],
    ];
    expect(mistakesIn(ics(...events), { zone: undefined, blocks: 1 })).toEqual([
      'team.ics:8: event "Day": expected the option "zone", since DTSTART is a day of no zone',
      'team.ics:12: event "Time": expected the option "zone", since DTSTART is a time of no zone',
    ]);
  });

  it('says what options belong together, beside what is wrong with the file', () => {
    const fine = ics(['DTSTART:20260302T080000Z', 'DURATION:PT1H']);
    expect(mistakesIn(fine, {})).toEqual([expect.stringMatching(/expected the number of "blocks"/)]);
    expect(mistakesIn(fine, { events: 'closed', blocks: 3 })).toEqual([
      expect.stringMatching(/expected no "blocks"/),
      expect.stringMatching(/expected "otherwise"/),
    ]);
    expect(mistakesIn('', { blocks: -1 })).toHaveLength(2);
  });
});
