import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Failure, FailureClass } from '../../../../src/live/aws/calls/answer.ts';
import { failureOf, refusalOf, retryAfterOf } from '../../../../src/live/aws/calls/failures.ts';
import { aScriptedAws, refusal } from '../aScriptedAws.ts';

const CODES: readonly (readonly [FailureClass, readonly string[]])[] = [
  [
    'capacity',
    [
      ...['InsufficientInstanceCapacity', 'UnfulfillableCapacity', 'Unsupported', 'SpotMaxPriceTooLow'],
      ...['capacity-not-available', 'ReservationCapacityExceeded'],
      ...['InsufficientVolumeCapacity', 'InsufficientAddressCapacity', 'InsufficientCapacityOnHost'],
    ],
  ],
  ['subnet', ['InsufficientFreeAddressesInSubnet', 'InvalidSubnetID.NotFound']],
  [
    'quota',
    [
      ...['MaxSpotInstanceCountExceeded', 'InstanceLimitExceeded', 'VcpuLimitExceeded', 'VolumeLimitExceeded'],
      'MaxFleetCountExceeded',
    ],
  ],
  ['throttle', ['RequestLimitExceeded', 'Throttling', 'ThrottlingException', 'ThrottledException']],
  ['throttle', ['EC2ThrottledException']],
  [
    'config',
    [
      ...['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable', 'InvalidAMIID.Malformed', 'InvalidParameterValue'],
      ...['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateName.NotFoundException'],
      ...['InvalidParameterCombination', 'InvalidBlockDeviceMapping', 'InvalidGroup.NotFound'],
      ...['InvalidUserData.Malformed', 'bad-parameters'],
    ],
  ],
  [
    'auth',
    [
      ...['UnauthorizedOperation', 'AuthFailure', 'AuthFailure.ServiceLinkedRoleCreationNotPermitted'],
      ...['InvalidClientTokenId', 'OptInRequired', 'Blocked', 'PendingVerification', 'TagPolicyViolation'],
      ...['ExpiredToken', 'SignatureDoesNotMatch'],
    ],
  ],
  ['clock', ['RequestExpired', 'RequestTimeTooSkewed']],
  ['idempotency', ['IdempotentParameterMismatch', 'IdempotentInstanceTerminated', 'InvalidClientToken']],
  ['not-found', ['InvalidInstanceID.NotFound', 'InvalidSpotInstanceRequestID.NotFound']],
  ['dry-run-allowed', ['DryRunOperation']],
];

/** The status that EC2 sends with a class; others come with 400. */
const STATUS: Partial<Record<FailureClass, number>> = {
  throttle: 503,
  capacity: 500,
  'dry-run-allowed': 412,
  auth: 403,
};

describe('an error of EC2', () => {
  it.each(CODES.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)))(
    '%s means %s, for a read and for a change',
    async (code, kind) => {
      const error = await met(code, STATUS[kind] ?? 400, 'no');
      for (const mutating of [false, true])
        expect(failureOf(error, mutating)).toEqual({ kind: 'failed', class: kind, code, message: 'no' });
    },
  );

  it.each(['InternalError', 'InternalFailure', 'Unavailable', 'ServiceUnavailable'])(
    '%s leaves a change unknown',
    async (code) => {
      expect(failureOf(await met(code, 503, 'no'), true).class).toBe('unknown-outcome');
    },
  );

  it('says of a read that the service was too busy, or gave no answer', async () => {
    expect(failureOf(await met('ServiceUnavailable', 503, 'no'), false).class).toBe('throttle');
    expect(failureOf(await met('InternalError', 500, 'no'), false).class).toBe('unavailable');
  });

  it('takes exactly one message for the withdrawal of spot blocks', async () => {
    const withdrawn = 'BlockDurationMinutes is not a valid parameter.';
    expect(failureOf(await met('InvalidParameterValue', 400, withdrawn), true).class).toBe('unsupported-term');
    for (const other of ['BlockDurationMinutes must be a multiple of 60.', `${withdrawn}!`])
      expect(failureOf(await met('InvalidParameterValue', 400, other), true).class).toBe('config');
    expect(failureOf(await met('UnauthorizedOperation', 403, withdrawn), true).class).toBe('auth');
  });

  it.each([
    ['Signature expired: 20260302T080000Z is now earlier than 20260302T081000Z (20260302T082500Z - 15 min.)', 'clock'],
    ['Signature not yet current: 20260302T090000Z is still later than 20260302T081500Z', 'clock'],
    ['The request signature we calculated does not match the signature you provided. Check your key.', 'auth'],
  ])('of a signature is one of the clock only where it says so: %s', async (message, kind) => {
    for (const code of ['SignatureDoesNotMatch', 'InvalidSignatureException', 'AuthFailure'])
      expect(failureOf(await met(code, 403, message), false).class).toBe(kind);
  });

  it('that nobody has heard of is a mistake in what was asked, and by its status a matter of rights', async () => {
    expect(failureOf(await met('SomethingNew', 400, 'no'), true).class).toBe('config');
    expect(failureOf(await met('SomethingNew', 403, 'no'), true).class).toBe('auth');
    expect(failureOf(await met('SomethingNew', 429, 'no'), true).class).toBe('throttle');
    expect(failureOf(await met('SomethingNew', 500, 'no'), true).class).toBe('unknown-outcome');
  });

  it('is told from what is no error at all', () => {
    for (const thrown of [undefined, null, 3, 'text', {}, { name: 4, message: {}, $metadata: 'x' }, new Error('')])
      expect(failureOf(thrown, true)).toMatchObject({ kind: 'failed', class: 'unknown-outcome' });
    expect(retryAfterOf(undefined)).toBeUndefined();
  });

  it('of the credentials never reached EC2, so that a change did not happen', () => {
    const error = Object.assign(new Error('no provider'), { name: 'CredentialsProviderError' });
    expect(failureOf(error, true).class).toBe('auth');
  });
});

describe('a pause that the service asks for', () => {
  const after = (headers: Record<string, unknown>) => retryAfterOf({ $response: { headers } });

  it('is read in seconds, and as a date by the clock of the server', () => {
    expect(after({ 'retry-after': '120' })).toBe(120_000);
    const date = 'Mon, 02 Mar 2026 10:00:00 GMT';
    expect(after({ 'retry-after': 'Mon, 02 Mar 2026 10:00:30 GMT', date })).toBe(30_000);
  });

  it.each(['', 'soon', '-5', 'Mon, 02 Mar 2026 10:00:30 GMT'])('is no pause where it says %j', (value) => {
    expect(after({ 'retry-after': value })).toBeUndefined();
  });
});

it('every class has a refusal, and those that tell what to change keep it', () => {
  const refused = (kind: FailureClass): Failure => ({ kind: 'failed', class: kind, code: '', message: '' });
  const pairs = Object.entries({
    capacity: 'no-capacity',
    subnet: 'subnet-full',
    quota: 'quota',
    throttle: 'throttled',
    'unknown-outcome': 'throttled',
    config: 'bad-template',
    auth: 'forbidden',
    'unsupported-term': 'unsupported-term',
  } as const satisfies Partial<Record<FailureClass, string>>);
  // The keys are those of the object above.
  for (const [kind, expected] of pairs) expect(refusalOf(refused(kind as FailureClass))).toBe(expected);
});

/** What the SDK throws when EC2 answers with a code. */
async function met(code: string, status: number, message: string): Promise<unknown> {
  const { aws } = await aScriptedAws(() => refusal(code, { status, message }));
  const dryRun = code === 'DryRunOperation';
  const sent: Promise<unknown> = dryRun
    ? aws.ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, DryRun: true }))
    : aws.ec2.send(new DescribeInstancesCommand({}));
  return sent.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error,
  );
}
