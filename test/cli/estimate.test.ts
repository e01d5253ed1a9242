import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command } from '../../cli/commands/estimate.ts';
import { exportsFor, lastWeek } from '../../cli/exports.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { aFolder } from '../sim/scenario/aFolder.ts';
import { outputOf } from './outputOf.ts';

const DAY = Date.UTC(2026, 2, 2);
const at = (minutes: number): string => new Date(DAY + minutes * 60_000).toISOString();

/** Two working days, a job every ten minutes, of ten minutes each. */
const jobs = JSON.stringify({
  total_count: 120,
  jobs: Array.from({ length: 120 }, (_, n) => {
    const start = 480 + (n % 60) * 10 + (n >= 60 ? 1_440 : 0);
    return {
      ...{ id: n, run_id: n, workflow_name: 'CI', name: 'test', status: 'completed', conclusion: 'success' },
      ...{ created_at: at(start), started_at: at(start + 1), completed_at: at(start + 11), labels: ['self-hosted'] },
    };
  }),
});

const price = (minutes: number, usd: string, zone: string) => ({
  ...{ Timestamp: at(minutes), ProductDescription: 'Linux/UNIX', InstanceType: 'm5.xlarge' },
  ...{ SpotPrice: usd, AvailabilityZone: zone },
});

/** A month later, in three zones. */
const prices = JSON.stringify({
  SpotPriceHistory: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'].flatMap((zone) =>
    Array.from({ length: 8 }, (_, day) => price(40_320 - 60 + day * 1_440, '0.0600', zone)),
  ),
});

let folder: string;
const inFolder = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await aFolder({
    'a.dat': jobs,
    'b.dat': prices,
    'c.dat': '{"metadata": {"gap_seconds": 3600}, "data": [1, 1, 0]}',
    'diary.txt': 'dear diary\n',
    'us-west-2b.json': 'timestamp,instance_type,zone,instances\n2026-03-02T00:00:00Z,*,us-west-2b,1\n',
  });
});

const estimated = (...args: readonly string[]): Promise<string> =>
  outputOf(command(), ...args, '--settings', '10', '--workers', '1');

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The mistakes of a call that must be refused. */
async function refusal(...args: readonly string[]): Promise<string> {
  try {
    await estimated(...args);
    return '';
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
}

describe('estimate', () => {
  it('goes from files in any order to the saving, the pools file and a scenario that can be simulated', async () => {
    const out = inFolder('week');
    // Of its own: others on this machine may estimate something too.
    const temporary = await aFolder({});
    vi.stubEnv('TMPDIR', temporary);
    const text = await estimated(inFolder('b.dat'), inFolder('a.dat'), '--out', out, '--report', inFolder('r.html'));
    expect(text).toMatch(/^read\n {2}- .*a\.dat: GitHub Actions jobs, 120 jobs/);
    expect(text).toContain('prices recorded 2026-03-30 to');
    expect(text).toContain('were moved by -4 weeks');
    expect(text).toMatch(
      /With Spot Keeper this week costs [\d.]+ USD, on on-demand nodes alone [\d.]+ USD: [\d.]+ % less/,
    );
    expect(text).toContain('spot group');
    const scenario = await readScenario(out, catalogue);
    expect(scenario.jobs).toHaveLength(120);
    expect(scenario.pools.pools[0]).toMatchObject({
      instanceTypes: ['m5.xlarge'],
      zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    });
    expect(text).toContain((await readFile(join(out, 'pools.yaml'), 'utf8')).trimEnd());
    expect(await readFile(inFolder('r.html'), 'utf8')).toContain('<html');
    expect(await readdir(temporary)).toEqual([]);
  });

  it('says what it assumes without prices, and the command that fetches them', async () => {
    const text = await estimated(inFolder('a.dat'), '--instance-type', 'c6i.xlarge');
    expect(text).toContain('No file of spot prices was given');
    expect(text).toContain('aws ec2 describe-spot-price-history --instance-types c6i.xlarge');
  });

  it('refuses what it cannot use, with all mistakes at once, and writes nothing', async () => {
    const out = inFolder('week');
    const said = await refusal(inFolder('diary.txt'), inFolder('missing.csv'), inFolder('a.dat'), '--out', out);
    expect(said).toContain(
      'diary.txt: expected CI jobs, spot prices or availability, found text that begins with "dear diary"',
    );
    expect(said).toContain('missing.csv');
    expect(await refusal(inFolder('b.dat'))).toContain(
      'expected a file of CI jobs among these, found none; one is made by: gh ',
    );
    expect(await refusal(inFolder('a.dat'), inFolder('b.dat'), '--instance-type', 'c5.large')).toContain(
      'expected a type that prices were recorded of (m5.xlarge), found c5.large',
    );
    expect(await refusal(inFolder('a.dat'), inFolder('b.dat'), inFolder('us-west-2b.json'), '--out', out)).toContain(
      'expected availability in a zone that prices were recorded in (eu-west-1a, eu-west-1b, eu-west-1c), found us-west-2b',
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe('without files', () => {
  const week = lastWeek(new Date('2026-03-10T15:00:00Z'));
  const systems = (remotes: readonly string[], hasKubectl = false) =>
    exportsFor({ remotes, hasKubectl, hasAws: false }, week).map(({ system }) => system);

  it('names the command of each system that is in use, else of all', () => {
    expect(systems(['git@github.com:acme/shop.git'])).toEqual(['GitHub Actions', 'AWS']);
    expect(systems(['https://gitlab.acme.example/a/b.git'], true)).toEqual(['GitLab', 'Kubernetes', 'AWS']);
    expect(systems([])).toEqual(['GitHub Actions', 'GitLab', 'Kubernetes', 'AWS']);
  });

  it('can be copied and pasted: repository, week and type are filled in', () => {
    const [jobs, prices] = exportsFor(
      { remotes: ['https://github.com/acme/shop'], hasKubectl: false, hasAws: true },
      week,
    );
    expect(jobs?.command).toContain('repos/acme/shop/actions/runs?created=2026-03-03..2026-03-10');
    expect(prices?.command).toContain('--start-time 2026-03-03T00:00:00Z --end-time 2026-03-10T00:00:00Z');
  });
});
