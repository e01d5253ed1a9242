import { afterEach, describe, expect, it } from 'vitest';
import { hours, seconds } from '../../../../src/domain/time.ts';
import { launch } from '../../../../src/live/aws/launch/launch.ts';
import type { Ends, LaunchAnswer } from '../../../../src/live/aws/launch/launchAnswer.ts';
import { settleLaunch } from '../../../../src/live/aws/launch/settleLaunch.ts';
import { tagsOf } from '../../../../src/live/ports/tags.ts';
import { AT, anInstance, anIntent, anOffer, aTemplate, configured, LAUNCHED, listOf } from './anIntent.ts';
import { type Answered, jumpingClock, type Script, type Scripted, scriptedAws } from './scriptedAws.ts';
import type { Xml } from './xml.ts';

let aws: Scripted;

afterEach(() => aws.close());

const offer = anOffer({ term: 'spot-block' });
const intent = anIntent(configured(), offer);

/** A spot request as EC2 lists it. */
const request = (state: string, code: string, fields: Xml = {}): Xml => ({
  spotInstanceRequestSet: [
    {
      spotInstanceRequestId: 'sir-1',
      state,
      status: { code, message: `it is ${code}`, updateTime: new Date(AT + 1_000).toISOString() },
      tagSet: Object.entries(tagsOf(intent)).map(([key, value]) => ({ key, value })),
      ...fields,
    },
  ],
});

const open = request('open', 'pending-evaluation');
const fulfilled = request('active', 'fulfilled', { instanceId: 'i-0abc' });
const untagged = anInstance(intent, { tagSet: [] });

/** A historic account: every call works, and the request goes through these readings, the last one for ever. */
const historic = (...readings: readonly Answered[]): Script => ({
  RequestSpotInstances: () => open,
  DescribeSpotInstanceRequests: (_, count) => readings[Math.min(count, readings.length - 1)] ?? 'lost',
  CancelSpotInstanceRequests: () => ({
    spotInstanceRequestSet: [{ spotInstanceRequestId: 'sir-1', state: 'cancelled' }],
  }),
  DescribeInstances: () => listOf(untagged),
  CreateTags: () => ({ return: true }),
  TerminateInstances: () => ({ instancesSet: [] }),
});

const launched = async (script: Script, ends: Ends = {}, clock = jumpingClock(AT)): Promise<LaunchAnswer> => {
  aws = await scriptedAws(script, clock);
  return launch(aws, intent, configured(), ends);
};

describe('a spot block', () => {
  it('is requested with its length, its tags and its token, by the fields a spot request knows', async () => {
    await launched(historic(fulfilled));
    const [sent = {}] = aws.sent('RequestSpotInstances');
    const tags = Object.keys(sent).filter((name) => name.includes('.Tag.'));
    expect(Object.fromEntries(Object.entries(sent).filter(([name]) => !tags.includes(name)))).toEqual({
      InstanceCount: '1',
      Type: 'one-time',
      BlockDurationMinutes: '120',
      ClientToken: intent.clientToken,
      'TagSpecification.1.ResourceType': 'spot-instances-request',
      'LaunchSpecification.ImageId': 'ami-1',
      'LaunchSpecification.KeyName': 'ops',
      'LaunchSpecification.IamInstanceProfile.Name': 'node',
      'LaunchSpecification.SecurityGroupId.1': 'sg-1',
      'LaunchSpecification.SecurityGroupId.2': 'sg-2',
      'LaunchSpecification.Monitoring.Enabled': 'true',
      'LaunchSpecification.EbsOptimized': 'true',
      'LaunchSpecification.Placement.Tenancy': 'dedicated',
      'LaunchSpecification.BlockDeviceMapping.1.DeviceName': '/dev/xvda',
      'LaunchSpecification.BlockDeviceMapping.1.Ebs.VolumeSize': '50',
      'LaunchSpecification.BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
      'LaunchSpecification.BlockDeviceMapping.2.DeviceName': '/dev/sdc',
      'LaunchSpecification.BlockDeviceMapping.2.NoDevice': '',
      'LaunchSpecification.UserData': 'IyEvYmluL3No',
      'LaunchSpecification.InstanceType': 'm5.large',
      'LaunchSpecification.SubnetId': 'subnet-1a',
    });
    expect(tags.length).toBeGreaterThan(20);
  });

  it('is tagged once it exists, and its lease has the end that AWS imposes', async () => {
    expect(await launched(historic(open, { spotInstanceRequestSet: [] }, fulfilled))).toEqual({
      kind: 'granted',
      // The request was fulfilled half a second before the instance's launch time.
      lease: {
        instanceId: 'i-0abc',
        offer,
        startsAt: Math.min(AT + 1_000, LAUNCHED),
        expiresAt: AT + 1_000 + hours(2),
        hardEndAt: AT + 1_000 + hours(2),
      },
    });
    const [tagging = {}] = aws.sent('CreateTags');
    expect(tagging['ResourceId.1']).toBe('i-0abc');
    expect(Object.values(tagging)).toContain('ci-0.3.1');
  });

  it('is a term that AWS has withdrawn', async () => {
    const withdrawn = {
      error: 'InvalidParameterValue',
      message: 'BlockDurationMinutes is not a valid parameter.',
    };
    expect(await launched({ RequestSpotInstances: () => withdrawn })).toMatchObject({
      kind: 'refused',
      refusal: 'unsupported-term',
    });
    expect(aws.sent('RequestSpotInstances')).toHaveLength(1);
  });

  it.each([
    ['closed', 'bad-parameters', 'bad-template'],
    ['failed', 'something-new', 'bad-template'],
    ['closed', 'system-error', 'no-capacity'],
    ['cancelled', 'schedule-expired', 'no-capacity'],
  ])('whose request is %s (%s) is refused', async (state, code, refusal) => {
    expect(await launched(historic(open, request(state, code)))).toMatchObject({ kind: 'refused', refusal, code });
  });
});

describe('cancelling the request of a spot block', () => {
  const holding = request('open', 'capacity-not-available');
  const cancelled = request('cancelled', 'canceled-before-fulfillment');
  const lost = request('cancelled', 'request-canceled-and-instance-running', { instanceId: 'i-0abc' });

  it('that holds for capacity frees the block for another market', async () => {
    const clock = jumpingClock(AT);
    const script = historic(holding);
    const DescribeSpotInstanceRequests = (): Answered =>
      aws.sent('CancelSpotInstanceRequests').length > 0 ? cancelled : holding;
    expect(await launched({ ...script, DescribeSpotInstanceRequests }, {}, clock)).toMatchObject({
      kind: 'refused',
      refusal: 'no-capacity',
    });
    expect(aws.sent('CancelSpotInstanceRequests')).toEqual([{ 'SpotInstanceRequestId.1': 'sir-1' }]);
    expect(clock.now() - AT).toBeGreaterThanOrEqual(seconds(30));
  });

  it('can lose the race: the instance that came first is adopted, with its tags', async () => {
    const ends = { cancelled: AbortSignal.abort() };
    expect(await launched(historic(open, lost), ends)).toMatchObject({
      kind: 'granted',
      lease: { instanceId: 'i-0abc', startsAt: LAUNCHED },
    });
    expect(aws.sent('CancelSpotInstanceRequests')).toHaveLength(1);
    expect(aws.sent('CreateTags')).toHaveLength(1);
  });

  it('can lose the race although EC2 said first that it was cancelled', async () => {
    const ends = { cancelled: AbortSignal.abort() };
    const readings = historic(open, request('cancelled', 'pending-fulfillment'), lost);
    expect(await launched(readings, ends)).toMatchObject({ kind: 'granted' });
  });

  it('that wins is refused as cancelled', async () => {
    const ends = { cancelled: AbortSignal.abort() };
    expect(await launched(historic(open, cancelled), ends)).toMatchObject({ kind: 'refused', refusal: 'cancelled' });
  });

  it.each([
    ['open', open],
    ['unreadable', 'lost'],
    ['with an instance that it does not name', request('cancelled', 'request-canceled-and-instance-running')],
  ] as const)('that stays %s is no refusal', async (_, reading) => {
    const ends = { cancelled: AbortSignal.abort() };
    const clock = jumpingClock(AT);
    expect(await launched(historic(reading), ends, clock)).toMatchObject({ kind: 'unknown' });
    expect(clock.now() - AT).toBeGreaterThanOrEqual(seconds(60));
  });
});

describe('an instance that a spot block cannot have', () => {
  it('is terminated where it may not be tagged, since no inventory would ever show it', async () => {
    const CreateTags = (): Answered => ({ error: 'UnauthorizedOperation', status: 403 });
    expect(await launched({ ...historic(fulfilled), CreateTags })).toMatchObject({ refusal: 'forbidden' });
    expect(aws.sent('TerminateInstances')).toEqual([{ 'InstanceId.1': 'i-0abc' }]);
  });

  it('is waited for where EC2 does not know it yet', async () => {
    const missing = { error: 'InvalidInstanceID.NotFound' };
    const script: Script = {
      ...historic(fulfilled),
      DescribeInstances: () => missing,
      CreateTags: (_, count) => (count < 3 ? missing : { return: true }),
    };
    expect(await launched(script)).toMatchObject({ kind: 'granted', lease: { startsAt: AT + 1_000 } });
  });

  it('is refused where it is over already', async () => {
    const over = anInstance(intent, {
      tagSet: [],
      instanceState: { code: 48, name: 'terminated' },
      stateReason: { code: 'Server.SpotInstanceTermination', message: 'reclaimed' },
    });
    const readings = historic(request('closed', 'instance-terminated-no-capacity', { instanceId: 'i-0abc' }));
    expect(await launched({ ...readings, DescribeInstances: () => listOf(over) })).toMatchObject({
      kind: 'refused',
      refusal: 'no-capacity',
      hasDied: true,
    });
  });
});

it('finds the request of an earlier life by its tags, and adopts what came of it', async () => {
  const DescribeInstances: Script[string] = (params) => ('InstanceId.1' in params ? listOf(untagged) : listOf());
  aws = await scriptedAws({ ...historic(fulfilled), DescribeInstances }, jumpingClock(AT));
  const how = { isResumed: true, cancelled: AbortSignal.abort() };
  expect(await settleLaunch(aws, intent, aTemplate({ hash: 'f'.repeat(16) }), how)).toMatchObject({
    kind: 'granted',
    lease: { instanceId: 'i-0abc', offer },
  });
  expect(aws.sent('RequestSpotInstances')).toEqual([]);
  expect(aws.sent('CancelSpotInstanceRequests')).toEqual([]);
});
