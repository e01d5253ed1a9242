import {
  CancelSpotInstanceRequestsCommand,
  CreateFleetCommand,
  type CreateFleetCommandInput,
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeSpotInstanceRequestsCommand,
  type EC2Client,
  RequestSpotInstancesCommand,
  type RequestSpotInstancesCommandInput,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../fakes/aws/resources.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { eventually, MONDAY, refusal, stage } from './anAccount.ts';

const LaunchSpecification = { ImageId: 'ami-0123456789abcdef0', InstanceType: 'm5.2xlarge' } as const;
const NO_CAPACITY: Decision = {
  kind: 'refused',
  code: 'InsufficientInstanceCapacity',
  message: 'There is no Spot capacity available.',
  status: 500,
};

const request = async (
  ec2: EC2Client,
  input: Partial<RequestSpotInstancesCommandInput> = {},
): Promise<SpotInstanceRequest> => {
  const asked = new RequestSpotInstancesCommand({ LaunchSpecification, ...input });
  return (await ec2.send(asked)).SpotInstanceRequests![0]!;
};

const look = async (ec2: EC2Client, id: string | undefined): Promise<SpotInstanceRequest> => {
  const command = new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [id!] });
  return (await ec2.send(command)).SpotInstanceRequests![0]!;
};

describe('a spot request', () => {
  it('is answered at once, and fulfilled when the world has decided', async () => {
    const { ec2, account, server } = await stage({ sellsBlocks: true });
    let decide: (decision: Decision) => void = () => undefined;
    account.decide = () => new Promise((resolve) => (decide = resolve));
    const asked = await request(ec2, {
      BlockDurationMinutes: 240,
      ClientToken: 'ci-0.1.1',
      TagSpecifications: [{ ResourceType: 'spot-instances-request', Tags: [{ Key: 'slot', Value: '0' }] }],
    });
    expect(asked).toMatchObject({ State: 'open', Status: { Code: 'pending-evaluation' }, Type: 'one-time' });
    await eventually(() => server.held === 1);
    decide({ kind: 'granted', usdPerHour: 0.2411 });
    await eventually(() => server.held === 0);
    const fulfilled = await look(ec2, asked.SpotInstanceRequestId);
    expect(fulfilled).toMatchObject({
      State: 'active',
      Status: { Code: 'fulfilled', UpdateTime: new Date(MONDAY) },
      ActualBlockHourlyPrice: '0.241100',
      BlockDurationMinutes: 240,
      LaunchedAvailabilityZone: 'eu-central-1a',
    });
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [fulfilled.InstanceId!] }));
    // The tags of the request do not reach the instance.
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
      Tags: [],
      SpotInstanceRequestId: asked.SpotInstanceRequestId,
    });
  });

  it('that is cancelled too late leaves an instance running', async () => {
    const { ec2, account, server } = await stage();
    let decide: (decision: Decision) => void = () => undefined;
    account.decide = () => new Promise((resolve) => (decide = resolve));
    const { SpotInstanceRequestId = '' } = await request(ec2);
    await eventually(() => server.held === 1);
    const cancelled = await ec2.send(
      new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [SpotInstanceRequestId] }),
    );
    expect(cancelled.CancelledSpotInstanceRequests).toEqual([{ SpotInstanceRequestId, State: 'cancelled' }]);
    expect((await look(ec2, SpotInstanceRequestId)).Status?.Code).toBe('canceled-before-fulfillment');
    decide({ kind: 'granted' });
    await eventually(() => server.held === 0);
    const lost = await look(ec2, SpotInstanceRequestId);
    expect(lost).toMatchObject({ State: 'cancelled', Status: { Code: 'request-canceled-and-instance-running' } });
    expect(account.instances.get(lost.InstanceId!)?.state).toBe('pending');
  });

  it('that is cancelled in time gets nothing', async () => {
    const { ec2, account } = await stage();
    account.decide = () => Promise.resolve(NO_CAPACITY);
    const { SpotInstanceRequestId = '' } = await request(ec2);
    await eventually(() => account.spotRequests.get(SpotInstanceRequestId)?.status.code === 'capacity-not-available');
    expect((await look(ec2, SpotInstanceRequestId)).State).toBe('open');
    await ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [SpotInstanceRequestId] }));
    expect((await look(ec2, SpotInstanceRequestId)).Status?.Code).toBe('canceled-before-fulfillment');
    expect(account.instances.all()).toEqual([]);
  });

  it('ends when it is no longer valid, and is shown for four hours more', async () => {
    const { ec2, account, pass } = await stage();
    account.decide = () => Promise.resolve(NO_CAPACITY);
    const { SpotInstanceRequestId } = await request(ec2, { ValidUntil: new Date(MONDAY + minutes(10)) });
    pass(minutes(10));
    expect(await look(ec2, SpotInstanceRequestId)).toMatchObject({
      State: 'cancelled',
      Status: { Code: 'schedule-expired' },
    });
    pass(hours(4));
    expect(await refusal(look(ec2, SpotInstanceRequestId))).toMatch(/^InvalidSpotInstanceRequestID.NotFound 400/);
  });

  it('with the same token is one request, and without one it is two', async () => {
    const { ec2, account } = await stage();
    const first = await request(ec2, { ClientToken: 'once' });
    expect((await request(ec2, { ClientToken: 'once' })).SpotInstanceRequestId).toBe(first.SpotInstanceRequestId);
    expect(await refusal(request(ec2, { ClientToken: 'once', SpotPrice: '0.1' }))).toMatch(
      /^IdempotentParameterMismatch/,
    );
    await request(ec2);
    await request(ec2);
    expect(account.spotRequests.all()).toHaveLength(3);
  });

  it('for a block is refused today, and so is one that tags what it cannot', async () => {
    const { ec2 } = await stage();
    expect(await refusal(request(ec2, { BlockDurationMinutes: 240 }))).toBe(
      'InvalidParameterValue 400: BlockDurationMinutes is not a valid parameter.',
    );
    expect(
      await refusal(
        request(ec2, { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }] }),
      ),
    ).toMatch(/^InvalidParameterValue 400/);
  });
});

describe('a fleet of type instant', () => {
  const fleet = async (
    ec2: EC2Client,
    instanceTypes: readonly string[],
    input: Partial<CreateFleetCommandInput> = {},
  ): Promise<CreateFleetCommandInput> => {
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'ci',
        LaunchTemplateData: { ...LaunchSpecification, NetworkInterfaces: [{ DeviceIndex: 0, Groups: ['sg-0123'] }] },
      }),
    );
    const overrides = instanceTypes.map((type) => ({ InstanceType: type as 'm5.large', SubnetId: SUBNET.subnetId }));
    return {
      Type: 'instant',
      ClientToken: 'ci-0.1.1',
      LaunchTemplateConfigs: [
        { LaunchTemplateSpecification: { LaunchTemplateName: 'ci', Version: '1' }, Overrides: overrides },
      ],
      TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: 'spot' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'slot', Value: '0' }] }],
      ...input,
    };
  };
  const SUBNET = { subnetId: 'subnet-0123', zone: 'eu-central-1a', cidr: '10.0.1.0/24', addresses: 250 };

  it('tries the cheapest first, and tells what failed beside what came', async () => {
    const { ec2, account } = await stage({ subnets: [SUBNET] });
    account.setSpotPrice('m5.2xlarge', SUBNET.zone, 0.2);
    account.setSpotPrice('c5.2xlarge', SUBNET.zone, 0.1);
    account.decide = ({ instanceType }) =>
      Promise.resolve(instanceType === 'c5.2xlarge' ? NO_CAPACITY : { kind: 'granted' });
    const input = await fleet(ec2, ['m5.2xlarge', 'c5.2xlarge']);
    const answer = await ec2.send(new CreateFleetCommand(input));
    expect(answer.Errors).toMatchObject([
      {
        ErrorCode: 'InsufficientInstanceCapacity',
        Lifecycle: 'spot',
        LaunchTemplateAndOverrides: { Overrides: { InstanceType: 'c5.2xlarge', SubnetId: SUBNET.subnetId } },
      },
    ]);
    expect(answer.Instances).toMatchObject([{ InstanceType: 'm5.2xlarge', Lifecycle: 'spot' }]);
    const [born] = account.instances.all();
    expect(answer.Instances?.[0]?.InstanceIds).toEqual([born!.instanceId]);
    expect(born).toMatchObject({ tags: { slot: '0' }, market: 'spot', subnetId: SUBNET.subnetId });
    expect((await ec2.send(new CreateFleetCommand(input))).FleetId).toBe(answer.FleetId);
    expect(account.instances.all()).toHaveLength(1);
  });

  it('that gets nothing is a success with errors, also for a block', async () => {
    const { ec2, account } = await stage({ subnets: [SUBNET] });
    account.decide = () => Promise.resolve(NO_CAPACITY);
    const answer = await ec2.send(new CreateFleetCommand(await fleet(ec2, ['m5.2xlarge'])));
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.Instances).toEqual([]);
    expect(answer.Errors).toHaveLength(1);
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'old',
        LaunchTemplateData: {
          ...LaunchSpecification,
          InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { BlockDurationMinutes: 60 } },
        },
      }),
    );
    const old = await ec2.send(
      new CreateFleetCommand({
        Type: 'instant',
        LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'old', Version: '$Latest' } }],
        TargetCapacitySpecification: { TotalTargetCapacity: 1 },
      }),
    );
    expect(old.Errors).toMatchObject([{ ErrorMessage: 'BlockDurationMinutes is not a valid parameter.' }]);
  });
});
