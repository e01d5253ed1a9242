import { describe, expect, it } from 'vitest';
import { command } from '../../cli/commands/explain.ts';
import { minutes } from '../../src/domain/time.ts';
import { aFleet, NINE } from '../support/aFleet.ts';

describe('spot-keeper explain', () => {
  it('explains every pool, with a line for each block', async () => {
    await using fleet = await aFleet();
    fleet.job('build', fleet.block('ci-0.3'));
    fleet.block('ci-1.1', { startedAt: NINE - minutes(3), node: 'none', zone: 'eu-central-1b' });
    const { code, stdout } = await fleet.run('explain', fleet.file());
    expect(stdout).toContain(
      [
        'pool  wanted  serving  asked for  joining  draining  ending',
        'ci         2        1          0        1         0       0',
      ].join('\n'),
    );
    expect(stdout).toContain('  next: at 2026-03-02 09:12Z ci-1.1: it is given up if no node has joined\n');
    expect(stdout).toMatch(/\n {2}ci-0\.3 {2}serving {2}m5\.large {2}eu-central-1a {5}1 {2}2026-03-02 11:25Z\n/);
    expect(code).toBe(0);
  });

  it('explains one block: lease, instance, node, jobs, ledger', async () => {
    await using fleet = await aFleet();
    const instanceId = fleet.block('ci-0.3');
    fleet.job('build', instanceId);
    fleet.ledger({ generations: { 'ci-0': 3 } });
    const { code, stdout } = await fleet.here(command(), fleet.file(), 'ci-0.3');
    for (const line of [
      'ci-0.3 is serving: its node is ready and takes jobs',
      '  in the way: 1 job must finish: ci/build',
      `  ${instanceId}, running`,
      '  node-ci-0.3, ready',
      '  job ci/build, Running',
      '  the last generation of ci-0 is 3',
    ])
      expect(stdout.split('\n')).toContain(line);
    expect(code).toBe(0);
  });

  it('shows control characters in names to nobody’s terminal', async () => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({
      action: 'DescribeInstances',
      kind: 'error',
      code: 'Bad',
      status: 400,
      message: 'a\u009b31mb',
    });
    const { code, stdout } = await fleet.here(command(), fleet.file(), 'ci-0.3');
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(stdout).toContain('ci-0.3 is unknown: ');
    expect(code).toBe(1);
  });

  it('prints one JSON value', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3');
    const { stdout } = await fleet.here(command(), fleet.file(), 'ci-0.3', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      block: {
        id: 'ci-0.3',
        state: 'serving',
        lease: { expiresAt: '2026-03-02T12:00:00.000Z', hardEndAt: null },
        jobs: [],
      },
    });
  });

  it('ends with 2 for what is no block of these pools', async () => {
    await using fleet = await aFleet();
    const { code, stderr } = await fleet.run('explain', fleet.file(), 'web-0.1');
    expect(stderr).toContain('block: expected <pool>-<slot>.<generation> of one of the pools ci, found "web-0.1"');
    expect(code).toBe(2);
  });
});
