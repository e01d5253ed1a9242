import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { usualCluster, usualExtras, usualGroup, usualService } from '../../../sim/scenario/usual.ts';
import { BadInput } from '../../../src/config/mistakes.ts';
import { seconds } from '../../../src/domain/time.ts';
import { aCatalogue } from '../../config/aCatalogue.ts';
import { aFolder, aJobsText, aScenarioFolder, aScenarioText } from './aFolder.ts';

type Files = Readonly<Record<string, string>>;

const read = async (files: Files = {}): Promise<Scenario> =>
  readScenario(await aFolder({ ...aScenarioFolder, ...files }), aCatalogue);

/** The lines a person would see, without the folder. */
const complaints = async (files: Files): Promise<readonly string[]> => {
  const dir = await aFolder({ ...aScenarioFolder, ...files });
  try {
    await readScenario(dir, aCatalogue);
    return [];
  } catch (error) {
    if (error instanceof BadInput) return error.message.replaceAll(`${dir}/`, '').split('\n');
    throw error;
  }
};

/** The scenario with `market` entries added, and a file or two. */
const withMarket = (entries: string, files: Files = {}): Files => ({
  'scenario.yaml': aScenarioText.replace('market:\n', `market:\n${entries}`),
  ...files,
});

const pricesFile = (...rows: readonly string[]): Files => ({
  'data/prices.csv': `timestamp,instance_type,zone,product,usd_per_hour\n${rows.join('\n')}\n`,
});
const PRICES = '  prices: data/prices.csv\n';
const A = '2026-03-01T23:00:00.000Z,m5.2xlarge,us-east-1a,Linux/UNIX,0.1';
const B = '2026-03-01T23:00:00.000Z,m5.2xlarge,us-east-1b,Linux/UNIX,0.12';

describe('a scenario', () => {
  it('has no boots whose slow ones are faster than half of them', async () => {
    const text = aScenarioText.replace(/^cluster:.*(\n  .*)*\n?/m, '');
    const boots = `${text}\ncluster: { boot: { median: 60s, p95: 1s } }\n`;
    expect(await complaints({ 'scenario.yaml': boots })).toEqual([
      expect.stringMatching(/^scenario\.yaml:\d+:\d+: cluster\.boot\.p95: expected a length of at least the median/),
    ]);
  });

  it('has defaults for all that is not its question', async () => {
    const scenario = await read();
    expect(scenario).toMatchObject({
      name: 'monday',
      seed: 1,
      composed: [],
      market: {
        onDemand: { 'm5.2xlarge': 0.384 },
        spotShare: 0.3,
        spotBlock: { shareAt1h: 0.55, sharePerHour: 0.03, weekendPoints: 0 },
        availability: [],
        droughts: [],
        interruptions: { model: 'none' },
      },
      classes: {},
      cluster: usualCluster,
      onDemandGroup: { instanceType: 'm5.2xlarge', ...usualGroup },
      billing: 'per-second',
      extras: usualExtras,
      service: usualService,
      expectations: {},
    });
    expect([...scenario.market.prices]).toEqual([]);
    expect(scenario.market).not.toHaveProperty('interruptAbove');
    expect(scenario.cluster).not.toHaveProperty('allocatable');
    expect(scenario.pools.pools.map(({ name }) => name)).toEqual(['ci']);
    expect(scenario.jobs.map(({ durationMs }) => durationMs)).toEqual([seconds(300), 61_500]);
  });

  it('may generate its jobs, the same ones for the same seed', async () => {
    const generated = (seed: number): Files => ({
      'scenario.yaml':
        aScenarioText.replace('data/jobs.csv', '{ generate: { jobsPerWeekday: 100 } }') + `seed: ${seed}\n`,
    });
    const [one, same, other] = [await read(generated(3)), await read(generated(3)), await read(generated(4))];
    expect(one.jobs.length).toBeGreaterThan(20);
    expect(same.jobs).toEqual(one.jobs);
    expect(other.jobs).not.toEqual(one.jobs);
  });

  it.each([
    ['{ model: constant, hazardPerHour: 0.015 }', { model: 'constant', hazardPerHour: 0.015 }],
    ['{ model: exponential, monthlyShare: 0.05 }', { model: 'exponential', monthlyShare: 0.05 }],
    ['{ model: defined-duration }', { model: 'constant', hazardPerHour: 0.0001 }],
    [
      '{ model: bathtub, a: 0.4, b: 24, tau1: 1, tau2: 0.8 }',
      { model: 'bathtub', name: 'bathtub', a: 0.4, b: 24, tau1: 1, tau2: 0.8 },
    ],
    ['{ model: hpdc20-n1-highcpu-16 }', { model: 'bathtub', name: 'hpdc20-n1-highcpu-16', a: 0.4137 }],
    ['{ model: recorded-run }', { model: 'recorded-run' }],
  ])('may interrupt by %s', async (written, model) => {
    expect((await read(withMarket(`  interruptions: ${written}\n`))).market.interruptions).toMatchObject(model);
  });

  it('is told the mistakes in all of its files at once', async () => {
    const found = await complaints({
      'scenario.yaml': aScenarioText.replace('until: 2026-03-03T00', 'until: 2026-03-01T00').replace('name:', 'nmae:'),
      'pools.yaml': (aScenarioFolder['pools.yaml'] ?? '').replace('4h', '4x'),
      'data/jobs.csv': 'job,queued,duration_s\nj1,yesterday,300\n',
    });
    expect(found.slice(0, 4)).toEqual([
      'scenario.yaml:1:1: name: expected a name of 1 to 32 small letters, digits and inner hyphens, found nothing',
      'scenario.yaml:2:1: nmae: unknown key "nmae" (did you mean "name"?)',
      'scenario.yaml:5:8: until: expected an instant after from, found "2026-03-01T00:00:00Z"',
      'pools.yaml:8:24: pools[0].lease.duration: expected a length such as "90s", "5m" or "1h30m", found "4x"',
    ]);
    expect(found[4]).toMatch(/^data\/jobs\.csv:2:/);
  });

  it.each(['../jobs.csv', '/etc/passwd', 'data/../../jobs.csv', 'data\\\\jobs.csv', './jobs.csv'])(
    'may not read %s: its files are its own',
    async (path) => {
      const found = await complaints({ 'scenario.yaml': aScenarioText.replace('data/jobs.csv', `"${path}"`) });
      expect(found.join()).toContain("expected a path inside the scenario's folder such as data/prices.csv");
    },
  );

  it('may not read through a link that leads out of its folder', async () => {
    const elsewhere = await aFolder({ 'jobs.csv': aJobsText });
    const linked = await aFolder({
      ...aScenarioFolder,
      'scenario.yaml': aScenarioText.replace('jobs.csv', 'link.csv'),
    });
    await symlink(join(elsewhere, 'jobs.csv'), join(linked, 'data/link.csv'));
    await expect(readScenario(linked, aCatalogue)).rejects.toThrow(
      "jobs: expected a file, found a link that leads out of the scenario's folder at data/link.csv",
    );
  });

  it('says which file is missing', async () => {
    expect(await complaints({ 'scenario.yaml': aScenarioText.replace('jobs.csv', 'job.csv') })).toEqual([
      'scenario.yaml:8:7: jobs: expected a file, found nothing at data/job.csv',
    ]);
    await expect(readScenario(await aFolder(), aCatalogue)).rejects.toThrow(
      'scenario.yaml: expected a file, found nothing',
    );
  });

  it('spans at most 92 days', async () => {
    expect(
      await complaints({ 'scenario.yaml': aScenarioText.replace('until: 2026-03-03', 'until: 2026-06-03') }),
    ).toEqual(['scenario.yaml:5:8: until: expected at most 92 days after from, found "2026-06-03T00:00:00Z"']);
  });
});

describe('the group of nodes', () => {
  const withGroup = (knobs: string): Files => ({
    'scenario.yaml': aScenarioText.replace('{ instanceType: m5.2xlarge }', `{ instanceType: m5.2xlarge, ${knobs} }`),
  });

  it('may be set knob by knob', async () => {
    const knobs =
      'maxNodes: 9, loop: event, scan: 20s, scaleUpDelay: 3m, scaleDownDelayAfterAdd: 0s, idle: 1m, spareJobs: 4, buys: spot';
    expect((await read(withGroup(knobs))).onDemandGroup).toEqual({
      ...usualGroup,
      instanceType: 'm5.2xlarge',
      maxNodes: 9,
      loop: 'event',
      scanMs: seconds(20),
      scaleUpDelayMs: seconds(180),
      scaleDownDelayAfterAddMs: 0,
      idleMs: seconds(60),
      spareJobs: 4,
      buys: 'spot',
    });
  });

  it.each([
    [
      'autoscaler: karpenter, idle: 1m',
      'onDemandGroup.idle: expected knobs of karpenter (consolidateAfter), found idle, which only cluster-autoscaler has: leave it out, or set autoscaler: cluster-autoscaler',
    ],
    [
      'consolidateAfter: 1m',
      'onDemandGroup.consolidateAfter: expected knobs of cluster-autoscaler (loop, scan, scaleUpDelay, scaleDownDelayAfterAdd, idle), found consolidateAfter, which only karpenter has: leave it out, or set autoscaler: karpenter',
    ],
    ['scaleupDelay: 1m', 'onDemandGroup.scaleupDelay: unknown key "scaleupDelay" (did you mean "scaleUpDelay"?)'],
    ['spareJobs: -1', 'onDemandGroup.spareJobs: expected a number of at least 0, found -1'],
    ['idle: -1m', 'onDemandGroup.idle: expected a length such as "90s", "5m" or "1h30m", found "-1m"'],
  ])('has no %s', async (knobs, complaint) => {
    const found = await complaints(withGroup(knobs));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^scenario\.yaml:9:\d+: /);
    expect(found[0]?.replace(/^[^ ]+ /, '')).toBe(complaint);
  });
});

describe('recorded prices', () => {
  it('are used where they are known, and spotShare is said to stand in where they are not', async () => {
    const { market, composed } = await read(withMarket(PRICES, pricesFile(A)));
    expect(market.prices).toHaveLength(1);
    expect(composed).toEqual([
      'no spot price of m5.2xlarge/us-east-1b was recorded: it is taken as 0.3 of the on-demand price',
    ]);
  });

  it('must be known at the start, in every market that was recorded', async () => {
    const late = B.replace('2026-03-01T23', '2026-03-02T01');
    expect(await complaints(withMarket(PRICES, pricesFile(A, late)))).toEqual([
      'scenario.yaml:7:11: market.prices: expected a price of m5.2xlarge/us-east-1b at or before 2026-03-02T00:00:00.000Z, found the first at 2026-03-02T01:00:00.000Z: start later, or leave the zone or type out of the pools',
    ]);
  });

  it('of another product are none, and the products there are are named', async () => {
    expect(await complaints(withMarket(PRICES, pricesFile(A, B.replace('Linux/UNIX', 'Windows'))))).toEqual([
      'scenario.yaml:7:3: market.product: expected a product that data/prices.csv has for m5.2xlarge/us-east-1b, found "Linux/UNIX": it has Windows',
    ]);
  });

  it('need an on-demand price beside them for every type in use', async () => {
    const files = {
      'pools.yaml': (aScenarioFolder['pools.yaml'] ?? '').replace('[m5.2xlarge]', '[m5.2xlarge, c5.large]'),
    };
    expect(await complaints(files)).toEqual([
      'scenario.yaml:7:13: market.onDemand: expected the on-demand price of c5.large, which the scenario uses; found none: add c5.large: USD-PER-HOUR',
    ]);
  });
});

describe('the billing rule', () => {
  const IN_2016 = { from: '2016-03-14', row: '2016-03-13T23:00:00.000Z' };
  const oldText = (text: string): string =>
    text.replace('from: 2026-03-02', 'from: 2016-03-14').replace('until: 2026-03-03', 'until: 2016-03-15');
  const jobs = { 'data/jobs.csv': aJobsText.replaceAll('2026-03-02', IN_2016.from) };
  const withPrices = (text: string): Files => ({
    ...pricesFile(
      A.replace('2026-03-01T23:00:00.000Z', IN_2016.row),
      B.replace('2026-03-01T23:00:00.000Z', IN_2016.row),
    ),
    ...jobs,
    'scenario.yaml': oldText(text).replace('market:\n', `market:\n${PRICES}`),
  });

  it('is that of the time at which the prices were recorded, and that is said', async () => {
    const { billing, composed } = await read(withPrices(aScenarioText));
    expect(billing).toBe('hour-start');
    expect(composed).toEqual([
      'billing: hour-start, as EC2 billed before October 2017: the prices were recorded in March 2016',
    ]);
  });

  it('goes by the window where no prices were recorded', async () => {
    const { billing, composed } = await read({ 'scenario.yaml': oldText(aScenarioText), ...jobs });
    expect(billing).toBe('hour-start');
    expect(composed).toEqual([
      'billing: hour-start, as EC2 billed before October 2017: the window begins in March 2016',
    ]);
  });

  it.each([
    ['2017-10-01', 'hour-start'],
    ['2017-10-02', 'per-second'],
  ])('changed in October 2017: on %s it is %s', async (day, rule) => {
    const text = aScenarioText
      .replace('from: 2026-03-02T00', `from: ${day}T00`)
      .replace('until: 2026-03-03T00', `until: ${day}T23`);
    const { billing } = await read({ 'scenario.yaml': text, 'data/jobs.csv': aJobsText.replaceAll('2026-03-02', day) });
    expect(billing).toBe(rule);
  });

  it('is what the scenario says, if it says so', async () => {
    const { billing, composed } = await read(withPrices(`${aScenarioText}billing: per-second\n`));
    expect(billing).toBe('per-second');
    expect(composed).toEqual([]);
  });

  it('is one of two', async () => {
    expect(await complaints({ 'scenario.yaml': `${aScenarioText}billing: by-the-moon\n` })).toEqual([
      'scenario.yaml:10:10: billing: expected per-second or hour-start, found "by-the-moon"',
    ]);
  });
});

describe('what instances have beside them', () => {
  it('is said where it costs something', async () => {
    const text = `${aScenarioText}extras: { diskGib: 100, publicIpv4: true }\n`;
    const { extras, composed } = await read({ 'scenario.yaml': text });
    expect(extras).toEqual({ diskGib: 100, usdPerGibMonth: 0.08, publicIpv4: true, usdPerIpv4Hour: 0.005 });
    expect(composed).toEqual([
      'every instance, on demand too, also pays for 100 GiB of disk at 0.08 USD per GiB and month and a public IPv4 address at 0.005 USD an hour',
    ]);
  });
});

describe('other data', () => {
  it('of availability say what is taken for granted where they are silent', async () => {
    const rows = 'timestamp,instance_type,zone,instances\n2026-03-02T06:00:00.000Z,*,us-east-1a,0\n';
    const files = withMarket('  availability: data/availability.csv\n', { 'data/availability.csv': rows });
    expect((await read(files)).composed).toEqual([
      'availability of every type in us-east-1a is recorded from 2026-03-02T06:00:00.000Z: until then it is taken as available',
      'availability of m5.2xlarge/us-east-1b was not recorded: it is taken as always available',
    ]);
  });

  it('of jobs outside the window are left out, and that is said', async () => {
    const jobs = `${aScenarioFolder['data/jobs.csv'] ?? ''}j3,2026-03-03T00:00:00.000Z,10\n`;
    const scenario = await read({ 'data/jobs.csv': jobs });
    expect(scenario.jobs).toHaveLength(2);
    expect(scenario.composed).toEqual(['1 of 3 recorded jobs lie outside the window and are left out']);
  });

  it('of jobs that all lie outside the window are a mistake', async () => {
    const found = await complaints({ 'data/jobs.csv': 'job,queued,duration_s\nj1,2020-03-02T08:00:00.000Z,300\n' });
    expect(found).toEqual([
      'scenario.yaml:8:7: jobs: expected jobs from 2026-03-02T00:00:00.000Z to 2026-03-03T00:00:00.000Z, found none of 1 in data/jobs.csv',
    ]);
  });

  it('of refusals, quotas and subnets are taken as they are written', async () => {
    const { market } = await read(
      withMarket(`  refusals:
    - { refusal: quota, family: m5, architecture: x86_64, term: spot, from: 2026-03-02T08:00:00Z, until: 2026-03-02T09:00:00Z }
    - { refusal: throttled }
    - { refusal: subnet-full, subnet: subnet-a }
  quotas: [{ family: standard, term: on-demand, vcpus: 64 }]
  subnets: [{ id: subnet-a, zone: us-east-1a, addresses: 11 }]
`),
    );
    const [from, until] = [Date.UTC(2026, 2, 2, 8), Date.UTC(2026, 2, 2, 9)];
    expect(market.refusals).toStrictEqual([
      { refusal: 'quota', family: 'm5', architecture: 'x86_64', term: 'spot', from, until },
      { refusal: 'throttled' },
      { refusal: 'subnet-full', subnet: 'subnet-a' },
    ]);
    expect(market.quotas).toEqual([{ family: 'standard', term: 'on-demand', vcpus: 64 }]);
    expect(market.subnets).toEqual([{ id: 'subnet-a', zone: 'us-east-1a', addresses: 11 }]);
  });

  it.each([
    [
      'no refusal: cancelled',
      'refusals: [{ refusal: cancelled }]',
      'refusals[0].refusal: expected one of no-capacity, subnet-full, quota, throttled, bad-template, forbidden, unsupported-term, found "cancelled"',
    ],
    [
      'a type',
      'refusals: [{ refusal: quota, instanceType: c5.large }]',
      'refusals[0].instanceType: expected an instance type of the scenario (m5.2xlarge), found "c5.large"',
    ],
    [
      'a family',
      'refusals: [{ refusal: quota, family: m7g }]',
      'refusals[0].family: expected a family of the scenario (m5), found "m7g"',
    ],
    [
      'an architecture',
      'refusals: [{ refusal: quota, architecture: arm64 }]',
      'refusals[0].architecture: expected an architecture of the scenario (x86_64), found "arm64"',
    ],
    [
      'a zone',
      'refusals: [{ refusal: quota, zone: us-east-1f }]',
      'refusals[0].zone: expected a zone of the scenario (us-east-1a, us-east-1b), found "us-east-1f"',
    ],
    [
      'a pool',
      'refusals: [{ refusal: bad-template, pool: big }]',
      'refusals[0].pool: expected a pool of the scenario (ci), found "big"',
    ],
    [
      'a subnet',
      'refusals: [{ refusal: subnet-full, subnet: a }]',
      'refusals[0].subnet: expected no subnet where market.subnets lists none, found "a"',
    ],
    [
      'no stretch',
      'refusals: [{ refusal: quota, from: 2026-03-02T08:00:00Z, until: 2026-03-02T08:00:00Z }]',
      'refusals[0].until: expected an instant after from, found "2026-03-02T08:00:00Z"',
    ],
    [
      "a subnet's zone",
      'subnets: [{ id: a, zone: us-east-1f, addresses: 5 }]',
      'subnets[0].zone: expected a zone of the scenario (us-east-1a, us-east-1b), found "us-east-1f"',
    ],
    [
      'a subnet twice',
      'subnets: [{ id: a, zone: us-east-1a, addresses: 5 }, { id: a, zone: us-east-1b, addresses: 5 }]',
      'subnets[1].id: expected each subnet once, found "a"',
    ],
    [
      'another family of quotas',
      'quotas: [{ family: m5, term: spot, vcpus: 5 }]',
      'quotas[0].family: expected one of standard, dl, f, g, inf, p, trn, u, x, found "m5"',
    ],
  ])('of what the scenario does not have are a slip of the pen: %s', async (_, entry, complaint) => {
    const [found, ...others] = await complaints(withMarket(`  ${entry}\n`));
    expect(found?.replace(/^scenario\.yaml:7:\d+: market\./, '')).toBe(complaint);
    expect(others).toEqual([]);
  });

  it('of a quota need types whose vCPUs are known', async () => {
    const metal = (text: string): string => text.replaceAll('m5.2xlarge', 'm5.metal');
    const files = {
      'pools.yaml': metal(aScenarioFolder['pools.yaml'] ?? ''),
      'scenario.yaml': metal(aScenarioText).replace(
        'market:\n',
        'market:\n  quotas: [{ family: standard, term: spot, vcpus: 96 }]\n',
      ),
    };
    expect(await complaints(files)).toEqual([
      'scenario.yaml:7:12: market.quotas[0]: expected no quota of vCPUs for m5.metal, found one: how many it has is not known here',
    ]);
  });

  it('of a drought where nobody buys are a slip of the pen', async () => {
    const drought = '{ zone: us-east-1c, from: 2026-03-02T08:00:00Z, until: 2026-03-02T07:00:00Z }';
    expect(await complaints(withMarket(`  droughts: [${drought}]\n`))).toEqual([
      'scenario.yaml:7:69: market.droughts[0].until: expected an instant after from, found "2026-03-02T07:00:00Z"',
    ]);
    expect(await complaints(withMarket(`  droughts: [${drought.replace('T07', 'T09')}]\n`))).toEqual([
      'scenario.yaml:7:22: market.droughts[0].zone: expected the zone of a pool (us-east-1a, us-east-1b), found "us-east-1c"',
    ]);
  });
});
