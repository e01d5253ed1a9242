import { describe, expect, it } from 'vitest';
import { cron } from '../../../policies/operating-hours/cron.ts';
import { aShelf } from '../../support/aShelf.ts';
import { stretches } from './stretches.ts';

const aCron = (...windows: readonly object[]) =>
  cron.create(cron.options.parse({ zone: 'Europe/Berlin', windows }), aShelf);

const mistakesIn = (window: object, zone = 'UTC'): readonly string[] =>
  cron.options.safeParse({ zone, windows: [window] }).error?.issues.map(({ message }) => message) ?? [];

describe('cron', () => {
  it('opens and closes by its expressions, by the clock of its zone', () => {
    const policy = aCron({ open: '0 8 * * mon-fri', close: '0 18 * * *', blocks: 15 });
    expect(stretches(policy, '2026-03-27T06:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-27T06:00Z 0',
      '2026-03-27T07:00Z 15',
      '2026-03-27T17:00Z 0',
      // Over the weekend the clock was put forward.
      '2026-03-30T06:00Z 15',
      '2026-03-30T16:00Z 0',
    ]);
  });

  it('stays open for a length, and for longer where it opens anew meanwhile', () => {
    const policy = aCron({ open: '0 22 * * sat,sun', for: '25h', blocks: 2 });
    expect(stretches(policy, '2026-03-06T00:00Z', '2026-03-10T00:00Z')).toEqual([
      '2026-03-06T00:00Z 0',
      '2026-03-07T21:00Z 2',
      '2026-03-09T22:00Z 0',
    ]);
  });

  it('knows days that no week knows', () => {
    const policy = aCron({ open: '0 8 L * *', close: '0 18 L * *', blocks: 9 });
    expect(stretches(policy, '2026-02-01T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-02-01T00:00Z 0',
      '2026-02-28T07:00Z 9',
      '2026-02-28T17:00Z 0',
      '2026-03-31T06:00Z 9',
      '2026-03-31T16:00Z 0',
    ]);
  });

  it('wants the highest count where windows overlap, until it changes', () => {
    const policy = aCron(
      { open: '0 8 * * *', close: '0 20 * * *', blocks: 5 },
      { open: '0 10 * * *', for: '2h', blocks: 8 },
      { open: '0 14 * * *', for: '2h', blocks: 3 },
    );
    expect(stretches(policy, '2026-03-02T06:00Z', '2026-03-03T00:00Z')).toEqual([
      '2026-03-02T06:00Z 0',
      '2026-03-02T07:00Z 5',
      '2026-03-02T09:00Z 8',
      '2026-03-02T11:00Z 5',
      '2026-03-02T19:00Z 0',
    ]);
  });

  it('is open where it closes and opens at one instant', () => {
    const policy = aCron({ open: '0 8 * * *', close: '0 8,18 * * *', blocks: 1 });
    expect(policy.allowedAt(Date.parse('2026-03-02T07:00Z'))).toEqual({
      blocks: 1,
      until: Date.parse('2026-03-02T17:00Z'),
    });
  });

  it.each([
    // One time: after a gap it comes at its end, and a repeated one comes once.
    ['30 2 * * *', '2026-03-29T00:00Z', '2026-03-29T01:00Z'],
    ['30 2 * * *', '2026-10-25T00:00Z', '2026-10-25T00:30Z'],
    ['30 2 * * *', '2026-10-25T00:31Z', '2026-10-26T01:30Z'],
    // Several times: those in a gap are left out, and repeated ones come twice.
    ['30 2,4 * * *', '2026-03-29T00:00Z', '2026-03-29T02:30Z'],
    ['30 2,4 * * *', '2026-10-25T00:31Z', '2026-10-25T01:30Z'],
  ])('%s after %s, when the clock changes, opens at %s', (open, after, at) => {
    const policy = aCron({ open, for: '1m', blocks: 1 });
    expect(policy.allowedAt(Date.parse(after)).until).toBe(Date.parse(at));
  });

  it('finds a change that is years away', () => {
    const policy = aCron({ open: '0 0 1 1 *', close: '0 0 29 2 *', blocks: 1 });
    expect(policy.allowedAt(Date.parse('2026-06-01T00:00Z'))).toEqual({
      blocks: 1,
      until: Date.parse('2028-02-28T23:00Z'),
    });
  });

  it('answers alike whatever was asked before', () => {
    const window = { open: '0 0 * 2 *', close: '0 0 * * mon#1', blocks: 1 };
    const asked = aCron(window);
    const times = ['2026-01-01T00:00Z', '2026-02-01T13:00Z', '2026-01-02T21:48Z', '2026-03-03T00:00Z'];
    const answers = times.map((time) => asked.allowedAt(Date.parse(time)));
    expect(answers).toEqual(times.map((time) => aCron(window).allowedAt(Date.parse(time))));
  });
});

describe('the options of cron', () => {
  it.each([
    [{ open: '0 8 * *', for: '1h', blocks: 1 }, /^expected a cron expression of five fields.*found "0 8 \* \*"$/],
    [{ open: '0 0 8 * * *', for: '1h', blocks: 1 }, /^expected a cron expression of five fields/],
    [{ open: '@daily', for: '1h', blocks: 1 }, /^expected a cron expression of five fields/],
    [{ open: '61 * * * *', for: '1h', blocks: 1 }, /: Invalid value for minute: 61$/],
    [{ open: '0 0 30 2 *', for: '1h', blocks: 1 }, /: it never comes$/],
    [{ open: 8, for: '1h', blocks: 1 }, /found 8$/],
    [{ open: '0 8 * * *', blocks: 1 }, /^expected either "close" or "for", found neither$/],
    [{ open: '0 8 * * *', close: '0 9 * * *', for: '1h', blocks: 1 }, /^expected either "close" or "for", found both$/],
    [{ open: '0 8 * * *', for: '0s', blocks: 1 }, /^expected a length above 0s/],
    [{ open: '0 8 * * *', for: '32d', blocks: 1 }, /at most 31d$/],
  ])('refuse %o', (window, message) => {
    expect(mistakesIn(window)).toEqual([expect.stringMatching(message)]);
  });

  it('refuse a zone that knows no summer time', () => {
    expect(mistakesIn({ open: '0 8 * * *', for: '1h', blocks: 1 }, 'EST')[0]).toMatch(/IANA time zone/);
  });
});
