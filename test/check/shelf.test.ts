import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../check/checkPolicy.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { POLICY_SLOTS } from '../../src/policy/definePolicy.ts';

/** `npm run shelf` tries two thousand worlds a seed; with every change a few must do. */
const RUNS = Number(process.env['SHELF_RUNS'] ?? 40);
const SEEDS = (process.env['SHELF_SEEDS'] ?? '1').split(',').map(Number);

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const OFFICE_HOURS = Array.from({ length: 24 }, (_, hour) => (hour > 7 && hour < 19 ? 3 : 0));

/** Options of the policies that cannot do without. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  always: { blocks: 2 },
  cron: { zone: 'Europe/Berlin', windows: [{ open: '0 8 * * 1-5', for: '9h', blocks: 3 }] },
  profile: { zone: 'Europe/Berlin', blocks: Object.fromEntries(DAYS.map((day) => [day, OFFICE_HOURS])) },
  calendar: {
    calendar: {
      file: 'shifts.ics',
      text: [
        ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//check//EN', 'BEGIN:VEVENT', 'UID:1', 'SUMMARY:shift'],
        ...[
          'DTSTART:20260101T080000Z',
          'DTEND:20260101T180000Z',
          'RRULE:FREQ=DAILY',
          'END:VEVENT',
          'END:VCALENDAR',
          '',
        ],
      ].join('\r\n'),
    },
    blocks: 2,
  },
  highestOf: { of: [{ policy: 'always', blocks: 1 }, weekly('08:00', '18:00', 3)] },
  lowestOf: { of: [{ policy: 'always', blocks: 2 }, weekly('06:00', '22:00', 3)] },
  except: { hours: { policy: 'always', blocks: 2 }, closedWhen: weekly('12:00', '13:00', 1) },
  ordered: { zones: ['us-east-1a', 'us-east-1b'] },
  upTo: { usdPerHour: 1 },
  withinBudget: { perDay: 40 },
  fallback: { first: { policy: 'ordered', zones: ['us-east-1b'], others: 'never' } },
};

function weekly(from: string, to: string, blocks: number) {
  return { policy: 'weekly', zone: 'Europe/Berlin', windows: [{ days: 'daily', from, to, blocks }] };
}

const policies = POLICY_SLOTS.flatMap((slot) => Object.keys(catalogue[slot]).map((name) => [name, slot] as const));

describe('the shelf stands', () => {
  it.each(policies)('%s (%s) keeps every law and promise that it does not waive', async (name, slot) => {
    for (const seed of SEEDS) {
      const subject = { slot, name, options: OPTIONS[name] ?? {}, catalogue };
      const { runs, counterexample } = await checkPolicy(subject, { runs: RUNS, seed });
      expect(
        counterexample?.broken,
        `again: spot-keeper check ${name} --seed ${seed} --path ${counterexample?.path ?? ''}`,
      ).toBeUndefined();
      expect(runs).toBe(RUNS);
    }
  });
});
