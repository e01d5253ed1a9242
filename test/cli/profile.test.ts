import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { command } from '../../cli/commands/profile.ts';
import { profile } from '../../policies/operating-hours/profile.ts';
import { hours } from '../../src/domain/time.ts';
import { aFolder, mistakesOf } from '../support/aFile.ts';
import { aShelf } from '../support/aShelf.ts';
import { outputOf } from './outputOf.ts';

const folder = aFolder();
const learn = (...args: readonly string[]): Promise<string> => outputOf(command(), ...args);

const jobs = (name: string, rows: readonly string[]): string =>
  folder.file(name, ['queued,started,finished', ...rows].join('\n'));

/** Two weeks from a Monday: three jobs at once from nine to ten in the first, one in the second; one long job on Fridays. */
const twoWeeks = jobs('two-weeks.csv', [
  '2026-03-02T00:00:00Z,2026-03-02T00:00:00Z,2026-03-02T00:30:00Z',
  ...['1', '2', '3'].map(() => '2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z'),
  '2026-03-09T09:00:00Z,2026-03-09T09:00:00Z,2026-03-09T10:00:00Z',
  '2026-03-06T12:00:00Z,2026-03-06T12:00:00Z,2026-03-06T14:00:00Z',
  '2026-03-13T12:00:00Z,2026-03-13T12:00:00Z,2026-03-13T14:00:00Z',
  '2026-03-15T23:00:00Z,2026-03-15T23:30:00Z,2026-03-16T00:00:00Z',
]);

interface Printed {
  readonly weeks: number;
  readonly unseenHours: number;
  readonly policy: { readonly blocks: Readonly<Record<string, readonly number[]>> };
}
// Known: `--json` prints this shape; what is in it is what the tests are about.
const json = async (...args: readonly string[]): Promise<Printed> =>
  JSON.parse(await learn(...args, '--json')) as Printed;

describe('profile', () => {
  it('gives each hour of the week the jobs at once that are exceeded for less than a tenth of its time', async () => {
    const { weeks, unseenHours, policy } = await json(twoWeeks);
    expect([weeks, unseenHours]).toEqual([2, 0]);
    expect(policy.blocks['mon']?.[9]).toBe(3);
    expect(policy.blocks['mon']?.[10]).toBe(0);
    expect(policy.blocks['fri']?.slice(11, 15)).toEqual([0, 1, 1, 0]);
    // Half an hour in one of two weeks is a quarter of the time; it counts from the start, not from the queue.
    expect(policy.blocks['mon']?.[0]).toBe(1);
    expect(policy.blocks['sun']?.[23]).toBe(1);
  });

  it('takes another quantile, and several jobs a block, rounded up', async () => {
    expect((await json(twoWeeks, '--quantile', 'p50')).policy.blocks['mon']?.[9]).toBe(1);
    expect((await json(twoWeeks, '--quantile', 'p50')).policy.blocks['mon']?.[0]).toBe(0);
    expect((await json(twoWeeks, '--jobs-per-block', '2')).policy.blocks['mon']?.[9]).toBe(2);
  });

  it('goes by the wall clock of a zone, on either side of a change', async () => {
    const summer = jobs('summer.csv', [
      '2026-03-23T08:00:00Z,2026-03-23T08:00:00Z,2026-03-23T09:00:00Z',
      '2026-03-30T07:00:00Z,2026-03-30T07:00:00Z,2026-03-30T08:00:00Z',
    ]);
    const { policy } = await json(summer, '--zone', 'Europe/Berlin', '--quantile', 'p100');
    expect(policy.blocks['mon']?.flatMap((count, hour) => (count > 0 ? [hour] : []))).toEqual([9]);
  });

  it('prints the policy to paste, and what it has seen', async () => {
    const text = await learn(twoWeeks, '--zone', 'UTC');
    expect(text).toContain('# learned from 2.0 weeks, p90 of the jobs at once, 1 a block');
    // Known: the printed YAML holds one choice for the slot operatingHours.
    const { operatingHours } = parse(text) as { operatingHours: Record<string, unknown> };
    const { policy: name, ...options } = operatingHours;
    expect(name).toBe('profile');
    const policy = profile.create(profile.options.parse(options), aShelf);
    const nine = Date.UTC(2026, 4, 4, 9);
    expect(policy.allowedAt(nine)).toEqual({ blocks: 3, until: nine + hours(1) });
  });

  it('says which hours it has not seen', async () => {
    const short = jobs('short.csv', ['2026-03-02T09:00:00Z,2026-03-02T09:10:00Z,2026-03-02T09:50:00Z']);
    expect((await json(short)).unseenHours).toBe(167);
    expect(await learn(short)).toContain('# 167 of the 168 hours were not seen: 0 blocks there');
  });

  it('tells all wrong flags at once, and the mistakes of all files', async () => {
    const wrong = ['--zone', 'Berlin', '--quantile', '90', '--jobs-per-block', '0'];
    expect(await mistakesOf(learn(twoWeeks, ...wrong), folder.path)).toEqual([
      '--zone: expected an IANA time zone such as "Europe/Berlin" or "UTC", found "Berlin" (did you mean "Europe/Berlin"?)',
      '--quantile: expected p1 to p100, such as p90, found "90"',
      '--jobs-per-block: expected a whole number, 1 or more, found "0"',
    ]);
    const [one, two] = ['one.csv', 'two.csv'].map((name) => folder.file(name, 'queued\n'));
    const lines = await mistakesOf(learn(one!, two!), folder.path);
    expect(lines.map((line) => line.split(':')[0])).toEqual(['one.csv', 'two.csv']);
  });
});
