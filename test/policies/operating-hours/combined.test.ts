import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue } from '../../../policies/catalogue.ts';
import { hours, NEVER } from '../../../src/domain/time.ts';
import { definePolicy, type NamedPolicy } from '../../../src/policy/definePolicy.ts';
import { shelfOf } from '../../../src/policy/shelf.ts';
import { anInstant } from '../../laws/questions.ts';
import { aShelf } from '../../support/aShelf.ts';
import { stretches } from './stretches.ts';

const made = (choice: NamedPolicy) => aShelf.policy('operatingHours', choice);

const window = (days: string, from: string, to: string, blocks: number): NamedPolicy => ({
  policy: 'weekly',
  zone: 'UTC',
  windows: [{ days, from, to, blocks }],
});
const office = window('mon-fri', '08:00', '18:00', 9);
const nights = window('daily', '16:00', '06:00+1', 4);
const six = { policy: 'always', blocks: 6 };

const monday = (policy: NamedPolicy) => stretches(made(policy), '2026-03-02T06:00Z', '2026-03-03T06:00Z');

describe('operating hours that are composed of others', () => {
  it('highestOf wants the highest of them', () => {
    expect(monday({ policy: 'highestOf', of: [office, nights] })).toEqual([
      '2026-03-02T06:00Z 0',
      '2026-03-02T08:00Z 9',
      '2026-03-02T18:00Z 4',
    ]);
  });

  it('lowestOf wants the lowest of them', () => {
    expect(monday({ policy: 'lowestOf', of: [office, nights, six] })).toEqual([
      '2026-03-02T06:00Z 0',
      '2026-03-02T16:00Z 4',
      '2026-03-02T18:00Z 0',
    ]);
  });

  it('except wants none while the others want any', () => {
    expect(monday({ policy: 'except', hours: six, closedWhen: office })).toEqual([
      '2026-03-02T06:00Z 6',
      '2026-03-02T08:00Z 0',
      '2026-03-02T18:00Z 6',
    ]);
  });

  it('answer until the next change, and not until an edge that changes nothing', () => {
    const policy = made({ policy: 'highestOf', of: [six, window('daily', '10:00', '11:00', 3), office] });
    expect(policy.allowedAt(Date.parse('2026-03-02T18:00Z'))).toEqual({
      blocks: 6,
      until: Date.parse('2026-03-03T08:00Z'),
    });
    expect(made({ policy: 'lowestOf', of: [six, six] }).allowedAt(0)).toEqual({ blocks: 6, until: NEVER });
  });

  it('hold others that are composed', () => {
    const policy = { policy: 'except', hours: { policy: 'highestOf', of: [office, nights] }, closedWhen: office };
    expect(monday(policy)).toEqual(['2026-03-02T06:00Z 0', '2026-03-02T18:00Z 4']);
  });

  it('are at any instant what their parts come to', () => {
    const parts = [office, nights, six].map(made);
    const [highest, lowest, but] = [
      made({ policy: 'highestOf', of: [office, nights, six] }),
      made({ policy: 'lowestOf', of: [office, nights, six] }),
      made({ policy: 'except', hours: nights, closedWhen: office }),
    ];
    fc.assert(
      fc.property(anInstant, (now) => {
        const counts = parts.map((part) => part.allowedAt(now).blocks);
        expect(highest.allowedAt(now).blocks).toBe(Math.max(...counts));
        expect(lowest.allowedAt(now).blocks).toBe(Math.min(...counts));
        expect(but.allowedAt(now).blocks).toBe(counts[0]! > 0 ? 0 : counts[1]);
      }),
    );
  });

  it('ask a part as often however deep it is nested', () => {
    const asked = [1, 2, 3, 4].map((depth) => {
      let questions = 0;
      const daily = definePolicy({
        slot: 'operatingHours',
        name: 'daily',
        about: 'Counts how often it is asked.',
        options: z.strictObject({}),
        create: () => ({
          allowedAt(now) {
            questions += 1;
            return { blocks: 5, until: (Math.floor(now / hours(24)) + 1) * hours(24) };
          },
        }),
      });
      const shelf = shelfOf({ ...catalogue, operatingHours: { ...catalogue.operatingHours, daily } });
      let choice: NamedPolicy = { policy: 'daily' };
      for (let level = 0; level < depth; level += 1) choice = { policy: 'lowestOf', of: [choice, six] };
      const { until } = shelf.policy('operatingHours', choice).allowedAt(0);
      expect(until).toBeGreaterThanOrEqual(hours(24 * 7));
      return questions;
    });
    expect(asked).toEqual(asked.map(() => asked[0]));
  });

  it('need at least one part', () => {
    expect(() => made({ policy: 'highestOf', of: [] })).toThrow();
    expect(() => made({ policy: 'lowestOf' })).toThrow();
  });
});
