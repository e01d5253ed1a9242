import { describe, expect, it } from 'vitest';
import { poolsFromEnvironment, SCRIPT_VARIABLES } from '../../cli/environment.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { JOB_PRESETS, type PoolsFile } from '../../src/config/pools.ts';
import { readPools } from '../../src/config/readPools.ts';
import { hours, minutes, seconds } from '../../src/domain/time.ts';
import { spotKeeper } from '../support/command.ts';
import { bought, ENV, GROUP, isCordoned, MORNING, OLD, scripts } from '../support/theScripts.ts';
import { takeover } from './aTakeover.ts';

type Variables = Readonly<Record<string, string>>;

const FACTS = { instanceTypes: ['m5.2xlarge'], zones: ['ap-southeast-2a', 'ap-southeast-2b'] };

const textOf = (env: Variables): string =>
  poolsFromEnvironment({ ASG_NAME: 'ci-on-demand', ...env })?.textFor(FACTS) ?? '';

const poolsIn = (env: Variables): PoolsFile => readPools(textOf(env), 'the environment', catalogue);

const poolOf = (env: Variables) => poolsIn(env).pools[0]!;

const windowOf = (env: Variables): unknown =>
  (poolOf(env).policies.operatingHours.options['windows'] as readonly unknown[])[0];

describe('the variables of the original scripts', () => {
  it('mean what they meant where they are not set', () => {
    expect(poolsIn({})).toMatchObject({
      fleet: 'ci-on-demand',
      pools: [
        {
          template: { autoScalingGroup: 'ci-on-demand' },
          ...FACTS,
          lease: { term: 'spot', durationMs: hours(4) },
          policies: {
            operatingHours: { policy: 'weekly', options: { zone: 'Australia/Melbourne' } },
            renewal: { policy: 'drainFirst', options: { lead: '20m' } },
            purchase: { policy: 'shuffled' },
          },
          launchRate: { launches: 1, perMs: minutes(5) },
          maxBlocks: 30,
        },
      ],
    });
    // Their last minute belonged to the hours.
    expect(windowOf({})).toEqual({ days: 'mon,tue,wed,thu,fri', from: '08:00', to: '16:00', blocks: 15 });
    expect(poolsIn({}).live).toBeUndefined();
  });

  it('come to a lease, a lead and a rate', () => {
    const env = {
      ...{ BLOCK_DURATION: '90', REPLACEMENT_LIMIT_SECONDS: '600', CREATION_DELAY_SECONDS: '45' },
      ...{ ADDITIONAL_INSTANCE_TYPES: 'm5.4xlarge, m5.2xlarge,c5.4xlarge', TARGET_INSTANCE_COUNT: '4' },
    };
    expect(poolOf(env)).toMatchObject({
      instanceTypes: ['m5.2xlarge', 'm5.4xlarge', 'c5.4xlarge'],
      lease: { durationMs: minutes(90) },
      policies: { renewal: { options: { lead: '10m' } } },
      launchRate: { launches: 1, perMs: seconds(45) },
      surge: 4,
      maxBlocks: 8,
    });
    expect(poolOf({ CREATION_DELAY_SECONDS: '0' }).launchRate).toEqual({ launches: 20, perMs: minutes(5) });
  });

  it.each([
    ['1-5', 'mon-fri'],
    ['Mon,Wed', 'mon,wed'],
    ['Mon Wed', 'mon,wed'],
    ['6,7', 'sat,sun'],
    ['Monday-Friday', 'mon-fri'],
    ['0', 'sun'],
  ])('take %s for days', (dow, days) => {
    expect(windowOf({ OPERATION_DOW: dow })).toMatchObject({ days });
  });

  it.each([
    ['08:00', '15:59', '08:00', '16:00'],
    ['9:00', '23:59', '09:00', '24:00'],
    ['22:00', '05:59', '22:00', '06:00+1'],
    ['07:30', '18:00', '07:30', '18:01'],
  ])('open from %s to %s', (OPERATION_START, OPERATION_END, from, to) => {
    expect(windowOf({ OPERATION_START, OPERATION_END })).toMatchObject({ from, to });
  });

  it('tell that hours over midnight are open now, which they never were', () => {
    const pools = poolsFromEnvironment({ ASG_NAME: 'ci', OPERATION_START: '22:00', OPERATION_END: '05:59' });
    expect(pools?.notes.join('\n')).toContain('the scripts were closed all day');
  });

  it('say which pods are jobs, beside those that can be known without a name', () => {
    const jobs = (env: Variables) => poolsIn(env).live?.jobs;
    expect(jobs({ CHECK_NAMESPACE: 'builds', CHECK_POD_KEYWORD: 'runner-"x"' })).toEqual([
      { namespace: 'builds', nameContains: 'runner-"x"' },
      ...JOB_PRESETS,
    ]);
    expect(jobs({ CHECK_POD_KEYWORD: 'runner' })).toEqual([{ nameContains: 'runner' }, ...JOB_PRESETS]);
  });

  it('name a fleet after the group, and no two groups alike', () => {
    const fleets = ['ci', 'CI', 'ci_', 'ci.nodes', 'ci-nodes', 'x'.repeat(60), 'x'.repeat(61), '日本'].map(
      (group) => poolsIn({ ASG_NAME: group }).fleet,
    );
    expect(new Set(fleets).size).toBe(fleets.length);
    expect(fleets[0]).toBe('ci');
  });

  it('are no pools without a group', () => {
    expect(poolsFromEnvironment({ TARGET_INSTANCE_COUNT: '3' })).toBeUndefined();
    expect(poolsFromEnvironment({ ASG_NAME: ' ' })).toBeUndefined();
  });

  it('are told every mistake at once, each by its variable', () => {
    const wrong = {
      ...{ TARGET_INSTANCE_COUNT: 'many', OPERATION_START: '25:00', OPERATION_END: 'late', OPERATION_DOW: 'Mon-Fun' },
      ...{ OPERATION_TZ: 'Mars/Olympus', BLOCK_DURATION: '4h', ADDITIONAL_INSTANCE_TYPES: 'big' },
      ...{ REPLACEMENT_LIMIT_SECONDS: '-1', CREATION_DELAY_SECONDS: '1.5', CHECK_WAIT_TIMEOUT: 'x' },
    };
    const read = (): unknown => poolsFromEnvironment({ ASG_NAME: 'ci', ...wrong });
    expect(read).toThrow(BadInput);
    try {
      read();
    } catch (error) {
      const named = (error as BadInput).mistakes.map(({ file }) => file);
      const all: readonly string[] = SCRIPT_VARIABLES;
      expect(named.toSorted((a, b) => all.indexOf(a) - all.indexOf(b))).toEqual(
        all.filter((variable) => Object.hasOwn(wrong, variable)),
      );
    }
    expect(() => poolsFromEnvironment({ ASG_NAME: 'ci', BLOCK_DURATION: '20' })).toThrow(
      'REPLACEMENT_LIMIT_SECONDS: expected less than BLOCK_DURATION',
    );
  });
});

describe('run, with the variables alone', () => {
  it('counts the instances of the scripts in, buys what is wanted beside them, and ends at SIGTERM', async () => {
    const { world, until, end, stderr } = await takeover(MORNING, ENV, ['run', '--port', '0'], scripts);
    await until(() => bought(world).alive.length > 0);
    expect(bought(world).ours).toHaveLength(1);
    expect(OLD.some((instanceId) => isCordoned(world, instanceId))).toBe(false);
    expect(await end('SIGTERM')).toBe(0);
    expect(stderr()).toContain('AWS ended Spot Blocks in 2022');
    expect(stderr()).toContain(`fleet: ${GROUP}`);
  });

  it('prints the pools file that they come to, and reads it back', async () => {
    const { stdout, until, command } = await takeover(MORNING, ENV, ['run', '--print-pools']);
    await until(() => stdout().includes('launchRate')).catch(() => undefined);
    expect(command.exitCode ?? 0).toBe(0);
    const { pools } = readPools(stdout(), 'printed', catalogue);
    expect(pools).toMatchObject([{ zones: ['us-east-1a', 'us-east-1b'], instanceTypes: ['m5.2xlarge'] }]);
  });

  it('explains a block of theirs by its name alone', async () => {
    const { stdout, until } = await takeover(MORNING, ENV, ['explain', `${GROUP}-0.1`]);
    await until(() => false).catch(() => undefined);
    expect(stdout()).toContain(`fleet ${GROUP} at `);
    expect(stdout()).toMatch(new RegExp(`^${GROUP}-0\\.1 is `, 'm'));
  });

  it('refuses a group that is not there, and a command without any pools', async () => {
    const refused = await takeover(MORNING, { ...ENV, ASG_NAME: 'nobodys' }, ['run']);
    await refused.until(() => false).catch(() => undefined);
    expect(refused.stderr()).toContain('ASG_NAME: there is no Auto Scaling group nobodys');
    const { code, stderr } = spotKeeper(['run']);
    expect(code).toBe(2);
    expect(stderr).toContain('expected a pools file, or ASG_NAME in the environment; found neither');
  });
});
