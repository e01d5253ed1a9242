import { describe, expect, it } from 'vitest';
import { aFleet } from '../../support/aFleet.ts';
import { findingsOf, troubles } from './aDoctor.ts';

const RENEW = 'renew the credentials: the other side does not know who calls';

describe('doctor on rights in AWS', () => {
  const unauthorized = { kind: 'error', code: 'UnauthorizedOperation', status: 403 } as const;

  it('names the statements of the printed policy for a launch that is not allowed, and tries no end', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1');
    fleet.aws.faults.add({ action: 'RunInstances', ...unauthorized });
    const findings = await findingsOf(fleet);
    const refused = findings.filter(({ level }) => level === 'fail');
    expect(refused.map(({ subject }) => subject)).toEqual([
      'RunInstances ci m5.large eu-central-1a',
      'RunInstances ci m5.large eu-central-1b',
    ]);
    expect(refused[0]?.remedy).toMatch(
      /LaunchUsing, LaunchInstanceTagged, LaunchPartsTagged, TagAtBirthOnly, PassNodeRole/,
    );
    expect(fleet.aws.calls.get('TerminateInstances')).toBeUndefined();
  });

  it('names the statement for an end that is not allowed', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1');
    fleet.aws.faults.add({ action: 'TerminateInstances', ...unauthorized });
    const [finding] = (await findingsOf(fleet)).filter(({ subject }) => subject === 'TerminateInstances');
    expect(finding).toMatchObject({
      level: 'fail',
      remedy: expect.stringContaining('the statement TerminateOwn') as string,
    });
  });

  it('asks for new credentials where AWS does not know who calls, or the API server does not, and for no right', async () => {
    await using fleet = await aFleet();
    const unknown = { action: 'DescribeInstances', kind: 'error', code: 'SignatureDoesNotMatch', status: 403 } as const;
    fleet.aws.faults.add({ ...unknown, message: 'The request signature we calculated does not match.' });
    fleet.kubernetes.faults.add({ verb: 'list', resource: 'nodes', kind: 'error', code: 401, message: 'Unauthorized' });
    const found = (await findingsOf(fleet)).filter(({ check }) => check === 'instances' || check === 'cluster');
    expect(found).toHaveLength(2);
    for (const { level, remedy } of found) expect({ level, remedy }).toEqual({ level: 'fail', remedy: RENEW });
  });

  it('never rehearses the end of a block at an endpoint that takes no notice of dry runs', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1');
    fleet.aws.faults.add({
      ...{ action: 'RunInstances', kind: 'body', status: 200 },
      text: '<RunInstancesResponse><instancesSet><item><instanceId>i-0a</instanceId></item></instancesSet></RunInstancesResponse>',
    });
    expect(troubles(await findingsOf(fleet), 'rights')).toEqual([
      'fail rights RunInstances ci m5.large eu-central-1a: the endpoint carried RunInstances out although it was a dry run',
      'unknown rights TerminateInstances: not tried at an endpoint without dry runs',
    ]);
    expect(fleet.aws.calls.get('RunInstances')).toBe(1);
    expect(fleet.aws.calls.get('TerminateInstances')).toBeUndefined();
  });

  it.each([
    ['AuthFailure.ServiceLinkedRoleCreationNotPermitted', 403, 'fail'],
    ['InvalidAMIID.NotFound', 400, 'fail'],
    ['MaxSpotInstanceCountExceeded', 400, 'warn'],
    ['InternalError', 500, 'unknown'],
  ])('tells %s from a right that is missing', async (code, status, level) => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({ action: 'RunInstances', kind: 'error', code, status });
    const found = (await findingsOf(fleet)).find(({ subject }) => subject?.startsWith('RunInstances'));
    expect(found).toMatchObject({ level, found: expect.stringContaining(code) as string });
    expect(found?.remedy ?? '').not.toContain('LaunchUsing');
  });

  it('takes a read that is refused for a failure, and one without an answer for unknown', async () => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({ action: 'DescribeInstances', ...unauthorized });
    fleet.aws.faults.add({
      action: 'DescribeInstanceTypeOfferings',
      kind: 'error',
      code: 'InternalError',
      status: 500,
    });
    const findings = await findingsOf(fleet);
    expect(findings.find(({ check }) => check === 'instances')).toMatchObject({
      level: 'fail',
      remedy: expect.stringContaining('the statement Read') as string,
    });
    expect(findings.find(({ check }) => check === 'types')?.level).toBe('unknown');
  });
});
