import fc from 'fast-check';
import { aZone } from './questions.ts';

/** Options as somebody might write them, by the name of the policy: a new policy adds its own here. */

type Written = fc.Arbitrary<Readonly<Record<string, unknown>>>;

const aLength = fc.constantFrom('0s', '90s', '5m', '30m', '1h', '3h', '30h');

const aTime = fc
  .tuple(fc.constantFrom(0, 1, 1, 2, 2, 2, 3, 8, 12, 22, 23), fc.constantFrom(0, 15, 30, 45))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

const aWindow = fc
  .record({
    days: fc.constantFrom('daily', 'mon-fri', 'sat-sun', 'fri-mon', 'sun', 'tue,thu'),
    from: aTime,
    to: aTime,
    blocks: fc.nat(9),
  })
  .map((window) => ({ ...window, to: window.to > window.from ? window.to : `${window.to}+1` }));

const aDate = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([month, day]) => `2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);

const anException = fc.oneof(
  aDate.map((date) => ({ date, closed: true })),
  fc.tuple(aDate, fc.nat(9)).map(([date, blocks]) => ({ date, blocks })),
  fc.tuple(aDate, aWindow).map(([date, { from, to, blocks }]) => ({ date, from, to, blocks })),
);

const aProfile = fc.record({
  zone: aZone,
  blocks: fc.record(
    Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [
        day,
        fc.array(fc.constantFrom(0, 0, 1, 5), { minLength: 24, maxLength: 24 }),
      ]),
    ),
  ),
  lead: fc.constantFrom('0s', '90m'),
});

const anExpression = fc
  .tuple(
    fc.constantFrom('0', '0', '30', '30', '15,45', '*/20'),
    fc.constantFrom('0', '1', '2', '2', '2', '3', '8', '*/6', '1-3', '22'),
    fc.constantFrom('*', '*', '*', '1', 'L', '29'),
    fc.constantFrom('*', '*', '*', '2', '3-10'),
    fc.constantFrom('*', '*', 'mon-fri', 'sun', 'mon#1'),
  )
  .map((fields) => fields.join(' '));

const aCron = fc.record({
  zone: aZone,
  windows: fc.array(
    fc.oneof(
      fc.record({ open: anExpression, close: anExpression, blocks: fc.nat(9) }),
      fc.record({ open: anExpression, for: fc.constantFrom('1m', '1h', '9h', '1d'), blocks: fc.nat(9) }),
    ),
    { minLength: 1, maxLength: 2 },
  ),
});

/** Events that are timed and all day, once and again, in zones of their own, with dates left out. */
const anEvent = fc
  .record({
    start: fc.constantFrom(
      'DTSTART;TZID=Europe/Berlin:20260105T220000',
      'DTSTART:20260328T013000Z',
      'DTSTART:20251101T023000',
      'DTSTART;TZID=Australia/Lord_Howe:20260301T014500',
    ),
    length: fc.constantFrom('PT1H', 'PT9H', 'P1D', 'PT90S'),
    rule: fc.constantFrom(
      undefined,
      'FREQ=DAILY;COUNT=40',
      'FREQ=WEEKLY;BYDAY=MO,WE,FR',
      'FREQ=WEEKLY;INTERVAL=2;UNTIL=20260901T000000Z',
      'FREQ=MONTHLY;BYDAY=-1FR',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    ),
    left: fc.constantFrom(undefined, 'EXDATE;TZID=Europe/Berlin:20260105T220000,20260107T220000'),
  })
  .map(({ start, length, rule, left }) => [start, `DURATION:${length}`, rule && `RRULE:${rule}`, left]);

const aDay = aDate.map((date) => [`DTSTART;VALUE=DATE:${date.replaceAll('-', '')}`, 'RRULE:FREQ=YEARLY']);

const aFile = fc.array(fc.oneof(anEvent, aDay), { minLength: 1, maxLength: 3 }).map((events) => ({
  file: 'some.ics',
  text: [
    'BEGIN:VCALENDAR',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n'),
}));

const named = (policy: string, written: Written): Written => written.map((options) => ({ policy, ...options }));

const aWeek: Written = fc.record({
  zone: aZone,
  windows: fc.array(aWindow, { minLength: 1, maxLength: 4 }),
  exceptions: fc.uniqueArray(anException, { maxLength: 3, selector: ({ date }) => date }),
  lead: fc.constantFrom('0s', '10m', '2h'),
});
const anAlways: Written = fc.record({ blocks: fc.nat(9) });

/** Operating hours as a part of others. */
const hoursPart: Written = fc.oneof(named('weekly', aWeek), named('always', anAlways), named('profile', aProfile));

const severalHours: Written = fc.record({
  of: fc.array(
    fc.oneof(
      hoursPart,
      fc.record({ policy: fc.constant('except'), hours: hoursPart, closedWhen: named('weekly', aWeek) }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
});

const aSurge: Written = fc.record({ lead: aLength, overlap: aLength });
const renewalPart: Written = fc.oneof(named('surge', aSurge), fc.constant({ policy: 'letExpire' }));
const anIdleFirst: Written = fc.record({ inner: renewalPart, band: aLength });

const anOrder: Written = fc.record({
  types: fc.constantFrom(['c5.2xlarge', 'm5.xlarge'], ['m5.2xlarge']),
  zones: fc.constantFrom(['us-east-1c', 'us-east-1a'], ['eu-west-1a']),
  others: fc.constantFrom('last', 'never'),
});
const purchasePart: Written = fc.oneof(
  fc.constantFrom({ policy: 'cheapest' }, { policy: 'spreadZones' }, { policy: 'shuffled' }, { policy: 'steady' }),
  named('ordered', anOrder),
);
const anUpTo: Written = fc.record({ inner: purchasePart, usdPerHour: fc.constantFrom(0.05, 0.2, 1) });

const aBudget = fc
  .record(
    {
      inner: fc.oneof(named('scheduled', fc.constant({})), named('followJobs', fc.record({ headroom: fc.nat(3) }))),
      perDay: fc.constantFrom(10, 50),
      perMonth: fc.constantFrom(100, 500),
    },
    { requiredKeys: [] },
  )
  .filter(({ perDay, perMonth }) => perDay !== undefined || perMonth !== undefined);

const aFollowing: Written = fc.record(
  {
    atLeast: fc.nat(3),
    headroom: fc.oneof(fc.nat(3), fc.record({ service: fc.constantFrom(0.5, 0.8, 0.95) })),
    giveBackIdleAfter: aLength,
    paidBy: fc.constantFrom('second', 'hour'),
  },
  { requiredKeys: [] },
);

export const writtenOptions: Readonly<Record<string, Written>> = {
  withinBudget: aBudget,
  learned: fc.record({ service: fc.constantFrom(0.5, 0.9, 1), atLeast: fc.nat(3) }, { requiredKeys: [] }),

  weekly: aWeek,
  always: anAlways,
  profile: aProfile,
  cron: aCron,
  calendar: fc.oneof(
    fc.record({ calendar: aFile, zone: aZone, blocks: fc.nat(9) }),
    fc.record({ calendar: aFile, zone: aZone, events: fc.constant('closed'), otherwise: hoursPart }),
  ),
  highestOf: severalHours,
  lowestOf: severalHours,
  except: fc.record({ hours: hoursPart, closedWhen: hoursPart }),

  scheduled: fc.constant({}),
  followJobs: aFollowing,

  surge: aSurge,
  drainFirst: fc.record({ lead: aLength }),
  letExpire: fc.constant({}),
  staggered: fc.record({ inner: fc.oneof(renewalPart, named('idleFirst', anIdleFirst)), spread: aLength }),
  jobAware: fc.record({
    quantile: fc.constantFrom('p50', 'p95', 'p99'),
    slack: aLength,
    leadAtLeast: fc.constantFrom('0s', '5m'),
    leadAtMost: fc.constantFrom('5m', '3h'),
    lead: aLength,
    overlap: aLength,
  }),
  idleFirst: anIdleFirst,
  riskAware: fc.record({
    inner: fc.oneof(renewalPart, named('idleFirst', anIdleFirst)),
    overlap: aLength,
    settle: fc.constantFrom('1m', '30m', '3h'),
    leastRate: fc.constantFrom(0, 0.05, 1),
  }),

  cheapest: fc.constant({}),
  spreadZones: fc.constant({}),
  ordered: anOrder,
  shuffled: fc.constant({}),
  weighed: fc.record({ usdPerKill: fc.constantFrom(0, 0.1, 2), probeAfter: aLength }, { requiredKeys: [] }),
  breaker: fc.record({ inner: purchasePart, for: aLength, probe: aLength }, { requiredKeys: [] }),
  steady: fc.record({
    refusalPenalty: fc.constantFrom(0, 0.2, 3),
    interruptionPenalty: fc.constantFrom(0, 0.5),
    memory: fc.constantFrom('1m', '6h'),
  }),
  worthwhile: fc.record({ inner: purchasePart, least: aLength }),
  upTo: anUpTo,
  fallback: fc.record({ first: fc.oneof(purchasePart, named('upTo', anUpTo)), then: purchasePart }),
};
