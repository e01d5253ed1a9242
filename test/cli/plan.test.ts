import { describe, expect, it } from 'vitest';
import { command } from '../../cli/commands/plan.ts';
import { minutes, seconds } from '../../src/domain/time.ts';
import { aFleet, NINE, POOLS } from '../support/aFleet.ts';

const HOURS = POOLS.replace(
  '{ policy: always, blocks: 2 }',
  '{ policy: weekly, zone: UTC, windows: [{ days: mon-fri, from: "08:00", to: "16:00", blocks: 2 }] }',
);

describe('spot-keeper plan', () => {
  it('says what would be done now and later, and why, in lines that fit', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3', { startedAt: NINE - minutes(60) });
    const before = fleet.now();
    const { code, stdout } = await fleet.run('plan', fleet.file(HOURS), '--wake-ups', '2');
    expect(stdout).toContain('ci is open by weekly: 2 wanted until 2026-03-02 16:00Z, then 0\n');
    expect(stdout).toContain(
      [
        'now',
        '  launch ci-1.1 as m5.large in eu-central-1a, spot at 0.04 USD/h',
        '    because 1 of 2 wanted serves',
      ].join('\n'),
    );
    // Five minutes after it looked, which is printed without seconds where there are none.
    const [, when = ''] =
      /\nat (.*), if nothing else happens until then\n {2}call off the launch of ci-1\.1\n/.exec(stdout) ?? [];
    const calledOffAt = Date.parse(when.replace(' ', 'T'));
    expect(calledOffAt).toBeGreaterThanOrEqual(before + minutes(5) - seconds(1));
    expect(calledOffAt).toBeLessThanOrEqual(fleet.now() + minutes(5));
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(code).toBe(0);
    expect(fleet.aws.calls.get('RunInstances')).toBeUndefined();
  });

  it('prints one JSON value, instants in ISO 8601 and null for what there is none of', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3');
    fleet.block('ci-1.1');
    const { code, stdout } = await fleet.here(command(), fleet.file(HOURS), '--wake-ups', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ fleet: 'test', keeper: null, unknown: [], now: [] },
      pools: [
        { name: 'ci', hours: 'open', wanted: 2, wantedUntil: '2026-03-02T16:00:00.000Z', wantedNext: 0, short: null },
      ],
      wakeUps: [
        {
          at: '2026-03-02T11:25:00.000Z',
          wanted: [],
          deeds: [{ block: 'ci-2.1' }, { effect: 'requestCapacity', block: 'ci-3.1' }],
        },
      ],
      dueAt: expect.stringMatching(/^2026-03-02T/) as string,
    });
    expect(code).toBe(0);
  });

  it('ends with 1 where something needed could not be read, and plans nothing by guesses', async () => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({ action: 'DescribeInstances', kind: 'error', code: 'UnauthorizedOperation', status: 403 });
    const { code, stdout } = await fleet.here(command(), fleet.file());
    expect(stdout).toContain('unknown\n  instances: auth: UnauthorizedOperation');
    expect(stdout).toContain('short of blocks: what exists is not known, and without that nothing is bought');
    expect(stdout).toContain('\nnow\n  nothing\n');
    expect(code).toBe(1);
  });

  it('ends with 2 for a pools file with a mistake, and for flags with one', async () => {
    await using fleet = await aFleet();
    const wrong = await fleet.run('plan', fleet.file(POOLS.replace('blocks: 2', 'blocks: x')));
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/pools\.yaml:9:\d+/) as string });
    await expect(fleet.here(command(), fleet.file(), '--timeout', 'soon')).rejects.toThrow(
      '--timeout: expected a length',
    );
    await expect(fleet.here(command(), fleet.file(), '--keeper', 'here')).rejects.toThrow('--keeper: expected a URL');
  });
});
