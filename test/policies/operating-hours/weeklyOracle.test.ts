import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekly } from '../../../policies/operating-hours/weekly.ts';
import { hours, isoOf, minutes } from '../../../src/domain/time.ts';
import type { OperatingHoursPolicy } from '../../../src/policy/operatingHours.ts';
import { aShelf } from '../../support/aShelf.ts';
import { latestReadings, type WrittenWeek, wallClock, wantedIn } from './oracle.ts';

const DAY_MINUTES = 1_440;
const YEAR_FROM = Date.UTC(2026, 0, 1);

const ZONES = [
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Jerusalem',
  'Australia/Lord_Howe',
  'Australia/Melbourne',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Apia',
  'UTC',
] as const;

/** Weeks that have edges where clocks change: at midnight, within the hours around two and three, and on quarters. */
const WEEKS: readonly Omit<WrittenWeek, 'zone'>[] = [
  { windows: [{ letters: 'MTWTF--', from: '08:00', to: '18:00', blocks: 5 }] },
  { windows: [{ letters: 'MTWTFSS', from: '22:00', to: '06:00+1', blocks: 2 }] },
  { windows: [{ letters: '-----SS', from: '02:00', to: '03:00', blocks: 3 }], leadMinutes: 45 },
  { windows: [{ letters: 'MTWTFSS', from: '02:15', to: '02:45', blocks: 1 }] },
  {
    windows: [
      { letters: 'MTWTFSS', from: '00:00', to: '00:30', blocks: 1 },
      { letters: 'MTWTFSS', from: '00:30', to: '01:00', blocks: 2 },
      { letters: 'MTWTFSS', from: '01:30', to: '02:30', blocks: 3 },
      { letters: 'MTWTFSS', from: '02:30', to: '03:15', blocks: 4 },
      { letters: 'MTWTFSS', from: '22:45', to: '24:00', blocks: 5 },
    ],
  },
  {
    windows: [
      { letters: '-----S-', from: '23:30', to: '02:30+1', blocks: 4 },
      { letters: '------S', from: '01:00', to: '24:00', blocks: 2 },
      { letters: 'M----S-', from: '00:00', to: '24:00', blocks: 1 },
    ],
    leadMinutes: 90,
  },
];

describe('weekly agrees with a clock on the wall, minute by minute', () => {
  describe.each(ZONES)('around each change of 2026 in %s', (zone) => {
    const stretches = changesIn(zone).map((at) => stretch(zone, at - hours(48), 4 * DAY_MINUTES));

    it.each(WEEKS.map((week, index) => [index, week] as const))('week %i', (_, week) => {
      for (const { fromAt, readings } of stretches)
        expect(firstDifference({ zone, ...week }, fromAt, readings)).toBeUndefined();
    });

    it('weeks with random edges', () => {
      const aTime = fc.tuple(fc.constantFrom('00', '01', '02', '03', '23'), fc.constantFrom('00', '10', '30', '59'));
      const aWindow = fc
        .record({ from: aTime, to: aTime, blocks: fc.integer({ min: 1, max: 9 }) })
        .map(({ from, to, blocks }) => ({ letters: 'MTWTFSS', from: from.join(':'), to: to.join(':'), blocks }))
        .map((window) => ({ ...window, to: window.to > window.from ? window.to : `${window.to}+1` }));
      fc.assert(
        fc.property(
          fc.array(aWindow, { minLength: 1, maxLength: 2 }),
          fc.constantFrom(0, 20, 300),
          (windows, leadMinutes) => {
            for (const { fromAt, readings } of stretches)
              expect(firstDifference({ zone, windows, leadMinutes }, fromAt, readings)).toBeUndefined();
          },
        ),
        { numRuns: 5 },
      );
    });
  });

  it('in every minute of a year on Lord Howe, whose clock changes by half an hour, with exceptions', () => {
    const zone = 'Australia/Lord_Howe';
    const { fromAt, readings } = stretch(zone, YEAR_FROM, 365 * DAY_MINUTES);
    const week: WrittenWeek = {
      zone,
      windows: [
        { letters: 'MTWTF--', from: '08:00', to: '18:00', blocks: 5 },
        { letters: '---TF--', from: '20:00', to: '04:00+1', blocks: 3 },
        { letters: '------S', from: '01:30', to: '02:15', blocks: 2 },
      ],
      exceptions: [
        { dates: ['2026-04-03', '2026-04-04', '2026-04-05', '2026-04-06'] },
        { dates: ['2026-10-04'], blocks: 7 },
        { dates: ['2026-12-24'], from: '06:00', to: '02:00+1', blocks: 1 },
      ],
      leadMinutes: 15,
    };
    expect(firstDifference(week, fromAt, readings)).toBeUndefined();
  });

  it('where a whole day was skipped: Samoa had no 30 December 2011', () => {
    const zone = 'Pacific/Apia';
    const { fromAt, readings } = stretch(zone, Date.UTC(2011, 11, 27), 7 * DAY_MINUTES);
    for (const week of WEEKS) expect(firstDifference({ zone, ...week }, fromAt, readings)).toBeUndefined();
  });

  it('and the comparison notices a policy that is wrong for half an hour', () => {
    const zone = 'Australia/Lord_Howe';
    const { fromAt, readings } = stretch(zone, Date.UTC(2026, 3, 4), DAY_MINUTES * 2);
    const night: WrittenWeek = { zone, windows: [{ letters: '------S', from: '01:45', to: '03:00', blocks: 1 }] };
    const right = policyOf(night);
    const wrong: OperatingHoursPolicy = { allowedAt: (now) => right.allowedAt(now + minutes(30)) };
    expect(firstDifference(night, fromAt, readings, wrong)).toMatch(/^at 2026-04-04T14:1/);
  });
});

/** Two minutes over the lead's longest, so that the oracle can look ahead. */
const AHEAD_MINUTES = 302;

function stretch(zone: string, fromAt: number, length: number) {
  return { fromAt, readings: latestReadings(zone, fromAt, length + AHEAD_MINUTES) };
}

/** The hours of 2026 in which the zone's clock was changed; a day of no note where it never is. */
function changesIn(zone: string): readonly number[] {
  const clock = wallClock(zone);
  const changes: number[] = [];
  for (let at = YEAR_FROM; at < YEAR_FROM + hours(24 * 365); at += hours(1))
    if (clock(at + hours(1)) - clock(at) !== 60) changes.push(at);
  return changes.length > 0 ? changes : [Date.UTC(2026, 2, 1)];
}

/** In words, the first minute in which policy and oracle differ, in what is wanted or in when that changes. */
function firstDifference(
  week: WrittenWeek,
  fromAt: number,
  readings: Int32Array,
  policy: OperatingHoursPolicy = policyOf(week),
): string | undefined {
  const wanted = wantedIn(week, readings);
  let until = Number.NEGATIVE_INFINITY;
  for (let minute = 0; minute < wanted.length; minute += 1) {
    const at = fromAt + minutes(minute);
    const demand = policy.allowedAt(at);
    if (demand.blocks !== wanted[minute])
      return `at ${isoOf(at)} the clock wants ${String(wanted[minute])}, the policy ${demand.blocks}`;
    if (minute > 0 && at >= until !== (wanted[minute] !== wanted[minute - 1]))
      return `at ${isoOf(at)} the policy's last answer was until ${isoOf(until)}`;
    until = demand.until;
  }
  return undefined;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function policyOf({ zone, windows, exceptions = [], leadMinutes = 0 }: WrittenWeek): OperatingHoursPolicy {
  const written = {
    zone,
    windows: windows.map(({ letters, ...window }) => ({
      ...window,
      days: DAYS.filter((_, index) => letters[index] !== '-').join(','),
    })),
    exceptions: exceptions.flatMap(({ dates, ...rest }) =>
      dates.map((date) => (rest.blocks === undefined ? { date, closed: true } : { date, ...rest })),
    ),
    lead: `${leadMinutes}m`,
  };
  return weekly.create(weekly.options.parse(written), aShelf);
}
