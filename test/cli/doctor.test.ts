import { describe, expect, it } from 'vitest';
import { command } from '../../cli/commands/doctor.ts';
import { aFleet } from '../support/aFleet.ts';

describe('spot-keeper doctor', () => {
  it('ends with 0 where nothing fails, each finding with its remedy, in lines that fit', async () => {
    await using fleet = await aFleet();
    const { code, stdout } = await fleet.run('doctor', fleet.file());
    expect(stdout).toContain('ok    rights RunInstances ci: allowed as 2 of 2 dry runs tried it\n');
    expect(stdout).toMatch(/\nWARN {2}queue: none is named: [^]*\n {6}-> make one with `spot-keeper manifests/);
    expect(stdout).toMatch(/\n\n1 warn, 5 unknown, \d+ ok\n$/);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(code).toBe(0);
  });

  it('ends with 1 where something fails, as text and as one JSON value', async () => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({ action: 'RunInstances', kind: 'error', code: 'UnauthorizedOperation', status: 403 });
    const file = fleet.file();
    const text = await fleet.here(command(), file);
    expect(text.stdout).toMatch(/\nFAIL {2}rights RunInstances ci m5\.large eu-central-1a: UnauthorizedOperation/);
    expect(text.code).toBe(1);
    const json = await fleet.run('doctor', file, '--json');
    // Known: documented in docs/output.md.
    const { findings } = JSON.parse(json.stdout) as { readonly findings: readonly Record<string, unknown>[] };
    expect(findings.find(({ level }) => level === 'fail')).toEqual({
      ...{ check: 'rights', subject: 'RunInstances ci m5.large eu-central-1a', level: 'fail' },
      found: expect.stringContaining('UnauthorizedOperation') as string,
      remedy: expect.stringContaining('LaunchInstanceTagged') as string,
    });
    expect(json.code).toBe(1);
  });

  it('tells a cluster that does not answer from one where all is well', async () => {
    await using fleet = await aFleet();
    fleet.kubernetes.faults.add({ verb: '*', resource: '*', kind: 'hang' });
    const { code, stdout } = await fleet.here(command(), fleet.file(), '--timeout', '1s');
    expect(stdout).toMatch(/\n\? {5}ledger: unreachable/);
    expect(stdout).toMatch(/\n\? {5}cluster: nodes: unreachable/);
    expect(stdout).not.toMatch(/ok {4}access/);
    expect(code).toBe(1);
  });

  it('ends with 1 where EC2 does not answer', async () => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({ action: 'DescribeInstances', kind: 'hang' });
    const { code, stdout } = await fleet.here(command(), fleet.file(), '--timeout', '1s');
    expect(stdout).toMatch(/\n\? {5}instances: /);
    expect(stdout).not.toMatch(/FAIL/);
    expect(code).toBe(1);
  });
});
