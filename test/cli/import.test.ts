import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { command } from '../../cli/commands/import.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { writeStarter } from '../../sim/scenario/starter.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { isoOf } from '../../src/domain/time.ts';
import { aFolder } from '../sim/scenario/aFolder.ts';
import { outputOf } from './outputOf.ts';

/** A week of March 2016 in four markets, newest first, with a lead-in row each, as `describe-spot-price-history` answers. */
const pricesJson = (types: readonly string[] = ['m3.large', 'm4.4xlarge']): string => {
  const rows = types.flatMap((InstanceType, index) =>
    ['2016-03-13T22:00:00.000Z', '2016-03-15T08:00:00.000Z', '2016-03-20T23:50:00.000Z'].flatMap((Timestamp) =>
      (index === 0 ? ['us-east-1a', 'us-east-1b', 'us-east-1c'] : ['us-east-1b']).map((AvailabilityZone) => ({
        Timestamp,
        ProductDescription: 'Linux/UNIX',
        InstanceType,
        SpotPrice: '0.0300',
        AvailabilityZone,
      })),
    ),
  );
  return JSON.stringify({ SpotPriceHistory: rows.toReversed() });
};

const jobsCsv = `started,completed,workflow,job,conclusion
2020-05-18T06:00:32+00:00,2020-05-18T06:03:37+00:00,Static checks,Go lint,success
2020-05-20T12:00:00+00:00,2020-05-20T12:30:00+00:00,Tests,Unit,success
2020-05-24T20:00:00+00:00,2020-05-24T20:01:00+00:00,Tests,Unit,failure
`;

/** An hour up, an hour down, and so on, for six days. */
const traceJson = JSON.stringify({
  metadata: { gap_seconds: 3600 },
  data: Array.from({ length: 144 }, (_, tick) => (tick % 2 === 0 ? 1 : 0)),
});

let dir: string;
let data: string;

beforeEach(async () => {
  data = await aFolder({
    'week.json': pricesJson(),
    'jobs.csv': jobsCsv,
    'aws-04-19_us-east-1b_trace.json': traceJson,
    'trace.json': traceJson,
  });
  dir = join(await aFolder(), 'week');
  await writeStarter(dir);
});

const imported = (kind: string, file: string, ...options: readonly string[]): Promise<string> =>
  outputOf(command(), kind, join(data, file), '--into', dir, ...options);

const file = (path: string): Promise<string> => readFile(join(dir, path), 'utf8');

const scalingOf = ({ pools }: Scenario) => pools.pools[0]?.policies.scaling.options;

/** What instances are paid by, as the first pool says. */
const paidBy = (scenario: Scenario): unknown => scalingOf(scenario)?.['paidBy'];

/** Every file of the scenario with its text. */
const everything = async (): Promise<Readonly<Record<string, string>>> => {
  const names = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)),
  );
};

describe('importing a week of prices into the starter', () => {
  it('takes the window of the week, and what was recorded for the pool', async () => {
    const printed = await imported('prices', 'week.json');
    const scenario = await readScenario(dir, catalogue);
    expect([isoOf(scenario.from), isoOf(scenario.until)]).toEqual([
      '2016-03-14T00:00:00.000Z',
      '2016-03-21T00:00:00.000Z',
    ]);
    expect(scenario.pools.pools[0]).toMatchObject({
      instanceTypes: ['m3.large'],
      zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    });
    expect(scenario.onDemandGroup.instanceType).toBe('m3.large');
    expect(printed).toContain('pool ci buys m3.large in us-east-1a, us-east-1b, us-east-1c from now on');
  });

  it('says what it took for granted, on the screen and in the scenario', async () => {
    const printed = await imported('prices', 'week.json');
    const said = [
      'on-demand price of m3.large taken as 0.133 USD per hour, the list price of us-east-1 since June 2022, not of the recorded week',
      'prices of 2016 interrupt: a spot price above the on-demand price takes the instance, as a bid at that price would',
      'prices of 2016 are billed by started hours, as EC2 billed before October 2017',
      'prices of 2016 pay for started hours whole: idle blocks stay until their paid hour ends where the pools said nothing of it',
    ];
    const scenario = await readScenario(dir, catalogue);
    expect(scenario.composed).toEqual(['jobs are generated', ...said]);
    for (const sentence of said) expect(printed).toContain(`composed: ${sentence}`);
    expect(scenario.market.interruptAbove).toBe(1);
    expect(scenario.billing).toBe('hour-start');
    expect(paidBy(scenario)).toBe('hour');
  });

  it('keeps the rules of their time where they are laid on another year', async () => {
    await imported('jobs', 'jobs.csv');
    await imported('prices', 'week.json');
    const scenario = await readScenario(dir, catalogue);
    expect(isoOf(scenario.from).slice(0, 4)).toBe('2020');
    expect(scenario.billing).toBe('hour-start');
    expect(parse(await file('scenario.yaml'))).toMatchObject({ billing: 'hour-start', market: { interruptAbove: 1 } });
  });

  it('takes those rules back with the prices they came with', async () => {
    await imported('prices', 'week.json');
    // The same weekdays seven years later.
    const later = pricesJson().replace(/2016-03-(\d+)/g, (_, day) => `2023-03-${Number(day) - 1}`);
    await writeFile(join(data, 'later.json'), later);
    await imported('prices', 'later.json', '--replace');
    const scenario = await readScenario(dir, catalogue);
    expect(scenario.billing).toBe('per-second');
    expect(scenario.market).not.toHaveProperty('interruptAbove');
    expect(scenario.composed.join()).not.toMatch(/interrupt:|started hours/);
    expect(paidBy(scenario)).toBeUndefined();
    // They lie in March 2016 now, and are still billed as in 2023.
    expect(isoOf(scenario.from).slice(0, 4)).toBe('2016');
    expect(scenario.composed).toContain(
      'prices of 2023 are billed by the second, as EC2 has billed since October 2017',
    );
  });

  it('leaves alone how long idle blocks stay where the pools say it', async () => {
    const pools = await file('pools.yaml');
    await writeFile(join(dir, 'pools.yaml'), pools.replace('followJobs }', 'followJobs, giveBackIdleAfter: 7m }'));
    await imported('prices', 'week.json');
    const scenario = await readScenario(dir, catalogue);
    expect(scalingOf(scenario)).toEqual({ giveBackIdleAfter: '7m' });
  });

  it('leaves rules alone that somebody wrote', async () => {
    const text = `${await file('scenario.yaml')}billing: per-second\n`;
    await writeFile(join(dir, 'scenario.yaml'), text);
    const printed = await imported('prices', 'week.json');
    const scenario = await readScenario(dir, catalogue);
    expect(scenario.billing).toBe('per-second');
    expect(paidBy(scenario)).toBeUndefined();
    expect(printed).toContain(
      'billing stays per-second, as the scenario says: prices of 2016 are billed by started hours',
    );
  });

  it('believes an on-demand price that it is given', async () => {
    await imported('prices', 'week.json', '--on-demand', 'm3.large=0.146');
    const scenario = await readScenario(dir, catalogue);
    expect(scenario.market.onDemand['m3.large']).toBe(0.146);
    expect(scenario.composed.join()).not.toContain('on-demand price of');
  });

  it('takes on-demand prices from a price list, for the region of the spot prices', async () => {
    const list = await aFolder({
      'list.csv': 'region,instance_type,usd_per_hour\nus-east-1,m3.large,0.14\neu-west-1,m3.large,0.2\n',
    });
    const printed = await imported('prices', 'week.json', '--on-demand', join(list, 'list.csv'));
    const scenario = await readScenario(dir, catalogue);
    expect(scenario.market.onDemand['m3.large']).toBe(0.14);
    expect(printed).toMatch(
      /on-demand price of m3.large taken as 0.14 USD per hour, the price in .*list.csv, a table of on-demand prices for us-east-1/,
    );
  });

  it('takes only what is chosen', async () => {
    await imported('prices', 'week.json', '--market', 'm4.4xlarge/us-east-1b');
    const { pools, market } = await readScenario(dir, catalogue);
    expect(pools.pools[0]).toMatchObject({ instanceTypes: ['m4.4xlarge'], zones: ['us-east-1b'] });
    expect(new Set(Array.from(market.prices, ({ instanceType }) => instanceType))).toEqual(new Set(['m4.4xlarge']));
  });

  it('keeps every comment that the starter has', async () => {
    const comments = (text: string): readonly string[] => text.match(/# [^\n]*/g) ?? [];
    const before = [...comments(await file('scenario.yaml')), ...comments(await file('pools.yaml'))];
    await imported('prices', 'week.json');
    expect([...comments(await file('scenario.yaml')), ...comments(await file('pools.yaml'))]).toEqual(before);
  });

  it('touches nothing of a pool that buys what was recorded, but how long idle blocks stay', async () => {
    const other = await aFolder({ 'm5.json': pricesJson(['m5.2xlarge']) });
    const before = await file('pools.yaml');
    await outputOf(command(), 'prices', join(other, 'm5.json'), '--into', dir);
    const stays = before.replace('followJobs }', 'followJobs, paidBy: hour }');
    expect(parse(await file('pools.yaml'))).toEqual(parse(stays));
    expect((await readScenario(dir, catalogue)).market.prices.length).toBeGreaterThan(0);
  });

  it('of types whose on-demand price nobody knows asks for it, and changes nothing', async () => {
    const other = await aFolder({ 'x.json': pricesJson(['x9.huge']) });
    const before = await everything();
    const refused = outputOf(command(), 'prices', join(other, 'x.json'), '--into', dir);
    await expect(refused).rejects.toThrow('say --on-demand x9.huge=USD-PER-HOUR');
    expect(await everything()).toEqual(before);
  });
});

describe('importing more', () => {
  it('moves jobs of another year by whole weeks, and says so', async () => {
    await imported('prices', 'week.json');
    const printed = await imported('jobs', 'jobs.csv');
    const sentence = 'jobs recorded 2020-05-18 to 2020-05-25 were moved by -218 weeks';
    expect(printed).toContain(`composed: ${sentence}`);
    const scenario = await readScenario(dir, catalogue);
    expect(scenario.jobs.map(({ queuedAt }) => isoOf(queuedAt))).toEqual([
      '2016-03-14T06:00:32.000Z',
      '2016-03-16T12:00:00.000Z',
      '2016-03-20T20:00:00.000Z',
    ]);
    expect(scenario.composed).toContain(sentence);
    expect(scenario.composed).not.toContain('jobs are generated');
  });

  it('lays a trace without a clock on the window, for the zone that its name has', async () => {
    await imported('prices', 'week.json');
    const printed = await imported('availability', 'aws-04-19_us-east-1b_trace.json');
    const { market, composed } = await readScenario(dir, catalogue);
    expect(market.availability.slice(0, 3)).toEqual(
      ['00', '01', '02'].map((hour, index) => ({
        at: new Date(`2016-03-14T${hour}:00:00Z`).getTime(),
        instanceType: '*',
        zone: 'us-east-1b',
        instances: (index + 1) % 2,
      })),
    );
    expect(composed).toContain('availability recorded without a clock was laid on the time from 2016-03-14');
    expect(composed.filter((sentence) => sentence.includes('clock'))).toHaveLength(1);
    expect(composed).toContain('availability names no type and is taken for every type');
    expect(printed).toContain('composed: availability');
  });

  it('lays the traces of several zones on the window in one call, each on its own zone', async () => {
    const zones = ['us-east-1a', 'us-east-1b'];
    const traces = await aFolder(Object.fromEntries(zones.map((zone) => [`aws-04-19_${zone}_v100.json`, traceJson])));
    const paths = zones.map((zone) => join(traces, `aws-04-19_${zone}_v100.json`));
    const printed = await outputOf(command(), 'availability', ...paths, '--into', dir);
    const { market, composed } = await readScenario(dir, catalogue);
    for (const zone of zones) expect(market.availability.filter((row) => row.zone === zone)).toHaveLength(144);
    expect(market.availability).toHaveLength(288);
    expect(new Set(market.availability.slice(0, 2).map(({ at }) => at)).size).toBe(1);
    expect(composed).toContain('availability: 2 files were joined');
    expect(printed).toContain('us-east-1a_v100.json');
  });

  it('refuses two traces of one zone, and one without a zone beside others, and changes nothing', async () => {
    const before = await everything();
    const paths = ['aws-04-19_us-east-1b_trace.json', 'trace.json'].map((name) => join(data, name));
    await expect(outputOf(command(), 'availability', ...paths, '--into', dir)).rejects.toThrow(
      /expected the zone in the name of each trace/,
    );
    const other = join(await aFolder({ 'us-east-1b.json': traceJson }), 'us-east-1b.json');
    await expect(outputOf(command(), 'availability', paths[0] ?? '', other, '--into', dir)).rejects.toThrow(
      /expected one trace of each zone/,
    );
    expect(await everything()).toEqual(before);
  });

  it('takes a trace for the type and zone that it is told', async () => {
    await imported(
      'availability',
      'trace.json',
      '--zone',
      'us-east-1a',
      '--instance-type',
      'm5.2xlarge',
      '--starts-at',
      '2026-03-03',
    );
    const { market } = await readScenario(dir, catalogue);
    expect(market.availability[0]).toMatchObject({
      at: new Date('2026-03-03').getTime(),
      instanceType: 'm5.2xlarge',
      zone: 'us-east-1a',
    });
  });

  it('says when a trace is of a zone in which nobody buys', async () => {
    const printed = await imported('availability', 'trace.json', '--zone', 'us-east-1f');
    expect(printed).toContain('no pool buys in */us-east-1f: its availability changes nothing');
  });

  it('leaves a file alone in which nothing changes', async () => {
    const before = await file('pools.yaml');
    const printed = await imported('jobs', 'jobs.csv');
    expect(await file('pools.yaml')).toBe(before);
    expect(printed).not.toContain('pools.yaml');
  });

  it('reads a trace the other way round where 1 means taken', async () => {
    await imported('availability', 'trace.json', '--polarity', 'down');
    expect((await readScenario(dir, catalogue)).market.availability[0]?.instances).toBe(0);
  });

  it('keeps the recorded time if asked, and refuses what would then lie outside the window', async () => {
    await imported('prices', 'week.json');
    const before = await everything();
    await expect(imported('jobs', 'jobs.csv', '--no-shift')).rejects.toThrow(BadInput);
    expect(await everything()).toEqual(before);
  });

  it('of the same kind is refused, unless it is to replace what is there', async () => {
    await imported('jobs', 'jobs.csv');
    const before = await everything();
    await expect(imported('jobs', 'jobs.csv')).rejects.toThrow('found data/jobs.csv: say --replace');
    expect(await everything()).toEqual(before);
    await imported('jobs', 'jobs.csv', '--replace');
    expect(await everything()).toEqual(before);
  });

  it('from several files joins them, and says so', async () => {
    const more = join(await aFolder({ 'more.csv': jobsCsv.replaceAll('T12:', 'T13:') }), 'more.csv');
    await imported('jobs', 'jobs.csv', more);
    const { jobs, composed } = await readScenario(dir, catalogue);
    expect(jobs).toHaveLength(6);
    expect(new Set(jobs.map(({ job }) => job)).size).toBe(6);
    expect(composed).toContain('jobs: 2 files were joined');
  });
});

describe('an import that cannot be', () => {
  it('tells the mistakes of the file and changes nothing', async () => {
    const bad = join(await aFolder({ 'bad.csv': jobsCsv.replace('2020-05-20T12:30', 'tomorrow') }), 'bad.csv');
    const before = await everything();
    await expect(outputOf(command(), 'jobs', bad, '--into', dir)).rejects.toThrow(/bad\.csv:3:/);
    expect(await everything()).toEqual(before);
  });

  it('tells every mistake in its options at once', async () => {
    const refused = imported(
      'prices',
      'week.json',
      '--starts-at',
      'soon',
      '--on-demand',
      'm3.large',
      '--market',
      'm3.large',
    );
    await expect(refused).rejects.toThrow(
      [
        '--starts-at: expected an instant such as 2026-03-02T00:00:00Z, found "soon"',
        '--market: expected a type and a zone such as m5.2xlarge/us-east-1a, found "m3.large"',
        '--on-demand: expected TYPE=USD-PER-HOUR such as m4.10xlarge=2.394, or the file of an AWS price list, found "m3.large"',
      ].join('\n'),
    );
  });

  it('chooses nothing that is there, and is told what is', async () => {
    await expect(imported('prices', 'week.json', '--zone', 'us-east-1f')).rejects.toThrow(
      'found only m3.large/us-east-1a, m3.large/us-east-1b, m3.large/us-east-1c, m4.4xlarge/us-east-1b',
    );
  });

  it('has no scenario to go into', async () => {
    const nowhere = await aFolder();
    await expect(outputOf(command(), 'jobs', join(data, 'jobs.csv'), '--into', nowhere)).rejects.toThrow(
      'scenario.yaml: expected a file, found nothing',
    );
  });
});
