import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { command } from '../../cli/commands/inspect.ts';
import { aFolder, mistakesOf } from '../support/aFile.ts';
import { outputOf } from './outputOf.ts';

const folder = aFolder();
const inspect = (...args: readonly string[]): Promise<string> => outputOf(command(), ...args);
const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse(await inspect(...args, '--json'));
const mistakes = (...args: readonly string[]): Promise<readonly string[]> => mistakesOf(inspect(...args), folder.path);

const prices = folder.file(
  'prices.csv',
  `timestamp,zone,instance_type,price
2020-01-01T03:00:00Z,us-east-1b,m5.large,2
2020-01-01T00:00:00Z,us-east-1b,m5.large,1
2019-12-31T23:00:00Z,us-east-1a,m5.large,4
`,
);
const trace = (name: string, data: readonly number[], usd: readonly number[]): string =>
  folder.file(name, JSON.stringify({ metadata: { gap_seconds: 3_600 }, data, prices: usd }));
const jobs = folder.file(
  'jobs.csv',
  `queued,started,finished
2020-01-01T00:00:00Z,2020-01-01T00:01:00Z,2020-01-01T00:02:30Z
2020-01-01T00:00:00Z,2020-01-01T00:02:00Z,2020-01-01T00:02:30Z
`,
);

describe('inspect prices', () => {
  const window = ['--from', '2020-01-01', '--until', '2020-01-01T04:00:00Z', '--on-demand', '1.5'];

  it('prints one JSON value, markets by type and zone', async () => {
    const shared = { instanceType: 'm5.large', product: 'Linux/UNIX', hours: 4 };
    const times = { from: '2020-01-01T00:00:00.000Z', until: '2020-01-01T04:00:00.000Z' };
    expect(await json('prices', prices, ...window)).toEqual({
      markets: [
        {
          ...shared,
          ...times,
          ...{ zone: 'us-east-1a', points: 1, usdTotal: 16, usdTotalHourStart: 16, min: 4, max: 4, mean: 4 },
          ...{ upcrossings: 0, hoursAtOrBelowOnDemand: 0, saving: 1 - 16 / 6 },
        },
        {
          ...shared,
          ...times,
          ...{ zone: 'us-east-1b', points: 2, usdTotal: 5, usdTotalHourStart: 5, min: 1, max: 2, mean: 1.25 },
          ...{ upcrossings: 1, hoursAtOrBelowOnDemand: 3, saving: 1 - 5 / 6 },
        },
      ],
      setAside: [],
      assumptions: [{ file: prices, assumption: 'without a product in 3 of 3 rows: taken for Linux/UNIX' }],
    });
  });

  it('says to people what was read, assumed and meant', async () => {
    const text = await inspect('prices', prices, ...window);
    expect(text).toContain(
      'prices.csv: CSV, 3 entries, 2 markets, 2019-12-31T23:00:00.000Z to 2020-01-01T03:00:00.000Z',
    );
    expect(text).toContain('assumed: without a product in 3 of 3 rows: taken for Linux/UNIX');
    expect(text).toContain('window: from 2020-01-01T00:00:00.000Z until before 2020-01-01T04:00:00.000Z');
    expect(text).toMatch(/m5\.large {2}us-east-1a .* -166\.7 %/);
    expect(text).toContain('hold until the end');
  });

  it('tells all wrong flags at once', async () => {
    expect(await mistakes('prices', prices, '--from', '2020-02-30', '--on-demand', '-1')).toEqual([
      '--from: expected a date such as 2026-03-02 or an instant such as 2026-03-02T08:00:00Z, found "2020-02-30"',
      '--on-demand: expected a price in USD per hour, more than 0, found "-1"',
    ]);
  });

  it('tells the mistakes of all files', async () => {
    const [one, two] = ['one.csv', 'two.csv'].map((name) => folder.file(name, 'timestamp\n'));
    expect((await mistakes('prices', one!, two!)).map((line) => line.split(':')[0])).toEqual(['one.csv', 'two.csv']);
  });

  it('refuses a market without a price at the start', async () => {
    expect((await mistakes('prices', prices, '--from', '2019-12-31T23:30:00Z'))[0]).toMatch(
      /^prices\.csv: expected a price of m5\.large\/us-east-1b Linux\/UNIX at or before/,
    );
  });
});

describe('inspect availability', () => {
  it('shows each file, and the cheapest of them tick by tick', async () => {
    const [one, two] = [trace('a.json', [1, 1, 0, 0], [1, 1, 1, 1]), trace('b.json', [0, 1, 1, 0], [9, 0.5, 2, 9])];
    const shared = { gapSeconds: 3_600, ticks: 4, upFraction: 0.5, preemptions: 1 };
    expect(await json('availability', one, two, '--on-demand', '4', '--hours', '1,2')).toEqual({
      files: [
        { ...shared, file: one, usdWhileUp: 2, usdWithOnDemand: 10, survival: { '1': 1, '2': 0.5 } },
        { ...shared, file: two, usdWhileUp: 2.5, usdWithOnDemand: 10.5, survival: { '1': 1, '2': 0.5 } },
      ],
      usdCheapestAvailable: 1 + 0.5 + 2 + 4,
    });
    const text = await inspect('availability', one, '--polarity', 'down');
    expect(text).toContain('assumed: 0 means up, 1 down');
  });

  it('refuses to compare what is not of one length', async () => {
    const [one, two] = [trace('c.json', [1, 1], [1, 1]), trace('d.json', [1], [1])];
    expect((await mistakes('availability', one, two, '--on-demand', '4'))[0]).toMatch(
      /^d\.json: expected 2 ticks of 3600 s as in .*, found 1 tick of 3600 s/,
    );
  });

  it('turns rows with times into ticks', async () => {
    const rows = folder.file(
      'rows.csv',
      'timestamp,instance_type,zone,instances\n2020-01-01T00:00:00Z,a,*,1\n2020-01-01T02:00:00Z,a,*,0\n2020-01-01T03:00:00Z,a,*,1\n',
    );
    expect(await json('availability', rows)).toMatchObject({
      files: [{ gapSeconds: 3_600, ticks: 3, preemptions: 1, usdWhileUp: null, survival: { '1': 1, '6': null } }],
    });
  });
});

describe('inspect jobs', () => {
  it('counts from when they started, by the rules that it names', async () => {
    expect(await json('jobs', jobs)).toEqual({
      jobs: 2,
      jobHours: 120 / 3_600,
      executionMinutes: 3,
      durationMs: { p50: 90_000, p90: 90_000, p95: 90_000, p99: 90_000, max: 90_000 },
      concurrency: { p50: 2, p90: 2, max: 2 },
      queueingMs: { jobs: 2, p50: 120_000, p95: 120_000, max: 120_000 },
      classes: [{ name: null, jobs: 2, p50: 90_000, p95: 90_000, shareOfHours: 1 }],
      setAside: [],
      from: '2020-01-01T00:01:00.000Z',
      until: '2020-01-01T00:02:30.000Z',
      leasing: expect.objectContaining({ noReuse: expect.objectContaining({ leases: 2 }) as unknown }) as unknown,
      definitions: {
        percentile: 'nearest-above',
        concurrency: 'windows',
        windowMs: 60_000,
        leasePrice: { shareAt1h: 0.55, sharePerHour: 0.03 },
      },
    });
  });

  it('offers the other definitions', async () => {
    expect(await json('jobs', jobs, '--percentile', 'linear', '--concurrency', 'instant')).toMatchObject({
      durationMs: { p50: 60_000 },
      concurrency: { p50: 1, p90: 2, max: 2 },
    });
    const text = await inspect('jobs', jobs, '--window', '30s');
    expect(text).toContain('at once (windows): jobs that touch a window of 30s');
    expect(await mistakes('jobs', jobs, '--window', '5')).toEqual([
      '--window: expected a length of 1s or more, such as 1m, found "5"',
    ]);
  });

  it('counts minutes of the calendar, not from the second at which the first job started', async () => {
    // Half a minute each, by turns of the clock: no calendar minute has two, a minute from the first start has.
    const path = folder.file(
      'turns.csv',
      'started,finished\n2020-01-01T00:00:30Z,2020-01-01T00:01:00Z\n2020-01-01T00:01:00Z,2020-01-01T00:01:30Z\n2020-01-01T00:02:00Z,2020-01-01T00:02:30Z\n',
    );
    expect(await json('jobs', path)).toMatchObject({ concurrency: { p50: 1, p90: 1, max: 1 }, queueingMs: null });
  });

  it('shows classes and queueing to people, and what was set aside', async () => {
    const path = folder.file(
      'classes.csv',
      `queued,started,finished,workflow,job,conclusion
2020-01-01T00:00:00Z,2020-01-01T00:01:00Z,2020-01-01T01:01:00Z,CI,"build (1, 2)",success
2020-01-01T00:00:00Z,2020-01-01T00:02:00Z,2020-01-01T00:22:00Z,CI,lint,success
2020-01-01T00:00:00Z,2020-01-01T00:02:00Z,2020-01-01T00:01:00Z,CI,lint,skipped
`,
    );
    const text = await inspect('jobs', path);
    expect(text).toContain(`1 set aside: was skipped, first at ${path}:4`);
    expect(text).toMatch(/queued +0:02:00 +0:02:00 +0:02:00/);
    expect(text).toMatch(/CI\/build +1 +1:00:00 +1:00:00 +75\.0 %/);
    expect(text).toContain('queued: from queueing to start, of the 2 jobs that tell both');
  });

  it('reads by the flags, writes what is set aside, and tells all wrong flags at once', async () => {
    const path = folder.file(
      'local.csv',
      `asked,over\n2020-07-01 02:00:00,2020-07-01 02:10:00\n2020-07-01 02:00:00,2020-07-01 01:10:00\n`,
    );
    const flags = ['--columns', 'queued=asked,finished=over', '--time-zone', 'Europe/Berlin'];
    const rejects = `${folder.path}/rejects.csv`;
    expect((await mistakes('jobs', path, ...flags, '--rejects', rejects))[0]).toMatch(
      /^local\.csv: expected at most 5 % of the rows not to be meant, found 1 of 2 \(50 %\)/,
    );
    expect(readFileSync(rejects, 'utf8')).toBe(`file,line,column,reason\n${path},3,,ends before it starts\n`);
    const read = await json('jobs', path, ...flags, '--at-most-set-aside', '50%');
    expect(read).toMatchObject({ jobs: 1, from: '2020-07-01T00:00:00.000Z' });
    expect((await mistakes('jobs', path, ...flags, '--at-most-set-aside', '50%', '--strict'))[0]).toMatch(
      /expected no row that cannot be meant/,
    );
    expect(
      await mistakes('jobs', path, '--columns', 'when=x', '--time-zone', 'CET', '--at-most-set-aside', '5'),
    ).toEqual([
      expect.stringMatching(/^--columns: expected FIELD=NAME with each of queued, started, .* found "when=x"$/),
      expect.stringMatching(/^--time-zone: expected an IANA time zone/),
      '--at-most-set-aside: expected a share from 0% to 100%, such as 5%, found "5"',
    ]);
  });
});
