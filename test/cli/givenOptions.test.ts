import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../cli/commands/check.ts';
import { givenOptions } from '../../cli/givenOptions.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { POLICY_SLOTS, type PolicySlot } from '../../src/policy/definePolicy.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { aFolder } from '../support/command.ts';

/** No policy of these tests is a file. */
const noFiles: UserPolicies = {
  load: () => ({ message: 'expected no file' }),
  extend: (all) => all,
  faults: () => [],
  close: () => undefined,
};

const given = (slot: PolicySlot, name: string, text?: string) => givenOptions(slot, name, text, noFiles);

/** What is said of options, a line for each mistake. */
function saidOf(slot: PolicySlot, name: string, text?: string): readonly string[] {
  try {
    given(slot, name, text);
    return [];
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return error.message.split('\n');
  }
}

const shelf = POLICY_SLOTS.flatMap((slot) => Object.keys(catalogue[slot]).map((name) => [slot, name] as const));

describe('Options of a policy to check', () => {
  it.each(shelf)('of %s: %s can do without, or hears how to write them', (slot, name) => {
    const said = saidOf(slot, name);
    if (said.length > 0)
      expect(said).toEqual([
        expect.stringMatching(/^--options: \w+ needs options \(.*\): write them as in --options '\{ .*\}'$/),
      ]);
  });

  it.each(shelf)(
    'of %s: %s are refused where they are of no type that it knows, and where it knows none',
    (slot, name) => {
      expect(saidOf(slot, name, '{ nonsense: 1 }').join()).toMatch(/--options:1:3: nonsense: unknown key "nonsense"/);
    },
  );

  it.each([
    ['purchase', 'upTo', '{"usdPerHour":"x"}', '--options:1:15: usdPerHour: expected a number, found "x"'],
    ['renewal', 'surge', '{ leed: 20m }', '--options:1:3: leed: unknown key "leed" (did you mean "lead"?)'],
    ['renewal', 'surge', '20m', '--options: expected options such as \'{ lead: 20m }\', found "20m"'],
    ['scaling', 'learned', '{ from: none.jsonl }', '--options:1:9: from: expected a file, found nothing at none.jsonl'],
    [
      'scaling',
      'withinBudget',
      '{ perDay: 3, inner: { policy: folowJobs } }',
      '--options:1:31: inner.policy: expected one of scheduled, followJobs, learned, withinBudget, found "folowJobs" (did you mean "followJobs"?)',
    ],
  ] as const)('of %s: %s, %s, are refused at their place', (slot, name, text, message) => {
    expect(saidOf(slot, name, text)).toEqual([message]);
  });

  it('may be JSON, and name files from the working folder', () => {
    const file = join(relative('.', aFolder()), 'shifts.ics');
    writeFileSync(file, 'nothing of the kind');
    expect(given('renewal', 'surge', '{"lead":"20m"}').options).toEqual({ lead: '20m' });
    expect(saidOf('operatingHours', 'calendar', `{"calendar":"${file}","blocks":2}`)).toEqual([
      expect.stringContaining(`--options:1:13: calendar: ${file}:1: `),
    ]);
  });

  it('are read before any world is tried', async () => {
    await expect(command().parseAsync(['upTo', '--runs', '1'], { from: 'user' })).rejects.toBeInstanceOf(BadInput);
  });
});
