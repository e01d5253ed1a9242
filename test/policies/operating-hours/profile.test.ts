import { describe, expect, it } from 'vitest';
import { profile } from '../../../policies/operating-hours/profile.ts';
import { aShelf } from '../../support/aShelf.ts';
import { stretches } from './stretches.ts';

const none = Array.from({ length: 24 }, () => 0);
/** Two at 02:00, three at 03:00 and at 04:00. */
const early = none.with(2, 2).with(3, 3).with(4, 3);
const week = { mon: none, tue: none, wed: none, thu: none, fri: none, sat: none, sun: none };

const aProfile = (days: Partial<Readonly<Record<keyof typeof week, readonly number[]>>>, more: object = {}) =>
  profile.create(profile.options.parse({ zone: 'Europe/Berlin', blocks: { ...week, ...days }, ...more }), aShelf);

describe('profile', () => {
  it('wants a number for each hour of the week', () => {
    expect(stretches(aProfile({ wed: early }), '2026-03-02T00:00Z', '2026-03-09T00:00Z')).toEqual([
      '2026-03-02T00:00Z 0',
      '2026-03-04T01:00Z 2',
      '2026-03-04T02:00Z 3',
      '2026-03-04T04:00Z 0',
    ]);
  });

  it('leaves out an hour that the clock skips, and doubles one that it repeats', () => {
    const policy = aProfile({ sun: early });
    expect(stretches(policy, '2026-03-28T12:00Z', '2026-03-30T00:00Z').slice(1)).toEqual([
      '2026-03-29T01:00Z 3',
      '2026-03-29T03:00Z 0',
    ]);
    expect(stretches(policy, '2026-10-24T12:00Z', '2026-10-26T00:00Z').slice(1)).toEqual([
      '2026-10-25T00:00Z 2',
      '2026-10-25T02:00Z 3',
      '2026-10-25T04:00Z 0',
    ]);
  });

  it('opens so much earlier', () => {
    expect(stretches(aProfile({ wed: early }, { lead: '10m' }), '2026-03-02T00:00Z', '2026-03-04T02:00Z')).toEqual([
      '2026-03-02T00:00Z 0',
      '2026-03-04T00:50Z 2',
      '2026-03-04T01:50Z 3',
    ]);
  });

  it('refuses days that are missing, and days that have no 24 hours', () => {
    const blocks = { ...week, mon: [1, 2], tue: undefined };
    const { error } = profile.options.safeParse({ zone: 'UTC', blocks });
    expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      'blocks.mon: expected 24 numbers, one an hour, found 2',
      expect.stringMatching(/^blocks\.tue: /),
    ]);
  });
});
