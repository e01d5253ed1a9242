import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekly } from '../../policies/operating-hours/weekly.ts';
import { hours, type Instant, NEVER } from '../../src/domain/time.ts';
import { breachOf, operatingHoursLaws } from '../../src/policy/laws/index.ts';
import type { Allowance, OperatingHoursPolicy } from '../../src/policy/operatingHours.ts';
import { aShelf } from '../support/aShelf.ts';
import { everyPolicyKeeps, firesFor } from './everyPolicy.ts';
import { anInstant } from './questions.ts';

/** Each looks through years of a calendar: with `npm run check`, which says so, a tenth of them must do. */
const RUNS = Number(process.env['HOURS_RUNS'] ?? 30);

describe('every operating hours policy', () => {
  everyPolicyKeeps('operatingHours', operatingHoursLaws, anInstant, RUNS);
});

describe('weekly, throughout 2026', () => {
  it.each([
    'Australia/Lord_Howe',
    'Europe/Berlin',
    'America/Santiago',
    'Africa/Casablanca',
    'Pacific/Auckland',
    'Asia/Kathmandu',
  ])('keeps every law in %s', (zone) => {
    const policy = weekly.create(
      weekly.options.parse({
        zone,
        windows: [
          { days: 'mon-fri', from: '08:00', to: '18:00', blocks: 9 },
          { days: 'daily', from: '22:00', to: '06:00+1', blocks: 2 },
          { days: 'sun', from: '01:45', to: '02:15', blocks: 5 },
        ],
        exceptions: [{ date: '2026-12-24..2026-12-31', closed: true }],
      }),
      aShelf,
    );
    fc.assert(
      fc.property(anInstant, (now) => {
        expect(breachOf(operatingHoursLaws, policy, now)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('the laws of operating hours', () => {
  const hourOf = (now: Instant) => Math.floor(now / hours(1));
  const answering = (allowedAt: (now: Instant) => Allowance): OperatingHoursPolicy => ({ allowedAt: allowedAt });

  it.each<[law: string, wrong: () => OperatingHoursPolicy, sentence: RegExp]>([
    ['blocksAreWhole', () => answering(() => ({ blocks: 2.5, until: NEVER })), /wants 2\.5 blocks/],
    ['blocksAreWhole', () => answering(() => ({ blocks: -1, until: NEVER })), /wants -1 blocks/],
    ['blocksAreWhole', () => answering(() => ({ blocks: Number.NaN, until: NEVER })), /wants NaN blocks/],
    ['untilIsLater', () => answering((now) => ({ blocks: 1, until: now })), /expected an instant after now/],
    ['untilIsLater', () => answering(() => ({ blocks: 1, until: Number.NaN })), /until NaN/],
    // Seconds taken for milliseconds.
    ['untilIsLater', () => answering((now) => ({ blocks: 1, until: now + 3_600 })), /instants are in milliseconds/],
    // Changes every hour, but promises a day.
    [
      'holdsUntil',
      () => answering((now) => ({ blocks: hourOf(now) % 2, until: now + hours(24) })),
      /but at .* it wants/,
    ],
    // Its last minute is wrong: the edge is inclusive.
    [
      'holdsUntil',
      () => answering((now) => ({ blocks: hourOf(now + 1) % 2, until: (hourOf(now) + 1) * hours(1) })),
      /but at .*:59:59\.999Z it wants/,
    ],
    ['holdsUntil', () => answering((now) => ({ blocks: hourOf(now) % 5, until: NEVER })), /until never .*, but/],
    ['hoursAnswerAlike', () => counting(), /asked twice/],
  ])('%s fires', (law, wrong, sentence) => {
    expect(firesFor(operatingHoursLaws, law, wrong, anInstant)).toMatch(sentence);
  });

  it('blame nothing that ends soon for once, just before the hour', () => {
    const hourly = answering((now) => ({ blocks: 1, until: (hourOf(now) + 1) * hours(1) }));
    for (const beforeMs of [1, 999, 4_999])
      expect(breachOf(operatingHoursLaws, hourly, hours(500_000) - beforeMs)).toBeUndefined();
  });

  it('take a throw for a breach, and name the law that was asked', () => {
    const wrong = answering(() => {
      throw new Error('no calendar');
    });
    expect(breachOf(operatingHoursLaws, wrong, 0)).toEqual({ law: 'answers', sentence: 'threw no calendar' });
  });

  function counting(): OperatingHoursPolicy {
    let questions = 0;
    return answering(() => ({ blocks: (questions += 1), until: NEVER }));
  }
});
