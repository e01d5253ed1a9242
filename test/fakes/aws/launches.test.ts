import {
  CreateLaunchTemplateCommand,
  DescribeSpotInstanceRequestsCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { LaunchRequest } from '../../../fakes/aws/resources.ts';
import { eventually, MONDAY, ONE, refusal, run, SPOT, stage } from './anAccount.ts';

describe('a launch', () => {
  it('answers an instance that is pending, born with its tags in its subnet', async () => {
    const { ec2, account } = await stage();
    const [subnet] = account.subnets.all();
    const born = await run(ec2, {
      SubnetId: subnet!.subnetId,
      ClientToken: 'ci-0.1.1',
      InstanceMarketOptions: SPOT,
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'spot-keeper.io/fleet', Value: 'ci' }] },
        { ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'the volume' }] },
        { ResourceType: 'spot-instances-request', Tags: [{ Key: 'of', Value: 'the request' }] },
      ],
    });
    expect(born).toMatchObject({
      InstanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/) as string,
      State: { Code: 0, Name: 'pending' },
      LaunchTime: new Date(MONDAY),
      ClientToken: 'ci-0.1.1',
      InstanceType: 'm5.2xlarge',
      InstanceLifecycle: 'spot',
      SubnetId: subnet!.subnetId,
      Placement: { AvailabilityZone: 'eu-central-1a', Tenancy: 'default' },
      PrivateDnsName: 'ip-10-0-0-4.eu-central-1.compute.internal',
      Tags: [{ Key: 'spot-keeper.io/fleet', Value: 'ci' }],
    });
    expect(account.instances.get(born.InstanceId!)?.partTags).toMatchObject({ volume: { of: 'the volume' } });
    const { SpotInstanceRequests } = await ec2.send(new DescribeSpotInstanceRequestsCommand({}));
    expect(SpotInstanceRequests).toMatchObject([
      {
        SpotInstanceRequestId: born.SpotInstanceRequestId,
        State: 'active',
        Status: { Code: 'fulfilled' },
        InstanceId: born.InstanceId,
        Tags: [{ Key: 'of', Value: 'the request' }],
      },
    ]);
  });

  it('waits for the decision of the world, and is told what it wants to know', async () => {
    const { ec2, account, server } = await stage();
    const asked: LaunchRequest[] = [];
    let grant = (): void => undefined;
    account.decide = (launch) => {
      asked.push(launch);
      return new Promise((resolve) => {
        grant = () => {
          resolve({ kind: 'granted', instanceId: 'i-0000000000000cafe', launchedAt: MONDAY - 5_000 });
        };
      });
    };
    const launching = run(ec2, { ClientToken: 'ci-0.1.1', InstanceMarketOptions: SPOT });
    await eventually(() => server.held === 1);
    expect(asked).toMatchObject([
      { instanceType: 'm5.2xlarge', zone: 'eu-central-1a', market: 'spot', clientToken: 'ci-0.1.1', tags: {} },
    ]);
    grant();
    expect(await launching).toMatchObject({ InstanceId: 'i-0000000000000cafe', LaunchTime: new Date(MONDAY - 5_000) });
    expect(server.held).toBe(0);
  });

  it('is refused in the words of the world, and then the same token may try again', async () => {
    const { ec2, account } = await stage();
    account.decide = () =>
      Promise.resolve({
        kind: 'refused',
        code: 'InsufficientInstanceCapacity',
        message: 'None <left> & "gone".',
        status: 500,
      });
    expect(await refusal(run(ec2, { ClientToken: 'once' }))).toBe(
      'InsufficientInstanceCapacity 500: None <left> & "gone".',
    );
    account.decide = undefined;
    expect((await run(ec2, { ClientToken: 'once' })).State?.Name).toBe('pending');
  });

  it('with the same token is one launch, in each zone', async () => {
    const { ec2, account } = await stage();
    const [a, b] = account.subnets.all();
    const [first, second] = await Promise.all([
      run(ec2, { ClientToken: 'once', SubnetId: a!.subnetId }),
      run(ec2, { ClientToken: 'once', SubnetId: a!.subnetId }),
    ]);
    expect(second.InstanceId).toBe(first.InstanceId);
    const elsewhere = await run(ec2, { ClientToken: 'once', SubnetId: b!.subnetId });
    expect(elsewhere.InstanceId).not.toBe(first.InstanceId);
    expect(await refusal(run(ec2, { ClientToken: 'once', SubnetId: a!.subnetId, InstanceType: 'm5.large' }))).toMatch(
      /^IdempotentParameterMismatch 400/,
    );
    account.setState(first.InstanceId!, 'terminated');
    expect(await refusal(run(ec2, { ClientToken: 'once', SubnetId: a!.subnetId }))).toMatch(
      /^IdempotentInstanceTerminated 400/,
    );
  });

  it('gets no block today, and got one in an account of before', async () => {
    const block = {
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { BlockDurationMinutes: 240 } },
    } as const;
    const today = await stage();
    expect(await refusal(run(today.ec2, block))).toBe(
      'InvalidParameterValue 400: BlockDurationMinutes is not a valid parameter.',
    );
    const historic = await stage({ sellsBlocks: true });
    const asked: LaunchRequest[] = [];
    historic.account.decide = (launch) => {
      asked.push(launch);
      return Promise.resolve({ kind: 'granted', usdPerHour: 0.24 });
    };
    await run(historic.ec2, block);
    expect(asked).toMatchObject([{ market: 'spot-block', blockDurationMinutes: 240 }]);
    const { SpotInstanceRequests } = await historic.ec2.send(new DescribeSpotInstanceRequestsCommand({}));
    expect(SpotInstanceRequests).toMatchObject([{ ActualBlockHourlyPrice: '0.240000', BlockDurationMinutes: 240 }]);
    expect(
      await refusal(
        run(historic.ec2, { InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { BlockDurationMinutes: 90 } } }),
      ),
    ).toMatch(/^InvalidParameterValue 400: Value \(90\)/);
  });

  it('only asks whether it may', async () => {
    const { ec2, account } = await stage();
    expect(await refusal(run(ec2, { DryRun: true }))).toMatch(/^DryRunOperation 412/);
    expect(account.instances.all()).toEqual([]);
  });

  it.each<[string, Partial<RunInstancesCommandInput>]>([
    ['InvalidAMIID.NotFound', { ImageId: 'ami-0bad' }],
    ['InvalidAMIID.Malformed', { ImageId: 'nonsense' }],
    ['InvalidSubnetID.NotFound', { SubnetId: 'subnet-0bad' }],
    ['InvalidGroup.NotFound', { SecurityGroupIds: ['sg-0bad'] }],
    ['InvalidUserData.Malformed', { UserData: '%%%' }],
    ['InvalidParameterValue', { InstanceType: 'x99.huge' as 'm5.large' }],
    ['Unsupported', { InstanceType: 'c5.2xlarge' }],
    ['InvalidParameterValue', { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }] }],
    [
      'InvalidParameterValue',
      { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'aws:a', Value: 'b' }] }] },
    ],
    ['InvalidParameterValue', { MinCount: 2, MaxCount: 1 }],
    ['InvalidLaunchTemplateId.NotFound', { LaunchTemplate: { LaunchTemplateId: 'lt-0bad' } }],
  ])('is refused with %s for %j', async (code, input) => {
    const { ec2, account } = await stage({
      images: [ONE.ImageId],
      securityGroups: ['sg-0123'],
      notOffered: ['c5.2xlarge/eu-central-1a'],
    });
    expect(await refusal(run(ec2, input))).toMatch(new RegExp(`^${code} 400`));
    expect(account.instances.all()).toEqual([]);
  });

  it('finds no room in a subnet that is full, until an instance has gone', async () => {
    const { ec2, account } = await stage({
      subnets: [{ subnetId: 'subnet-0123', zone: 'eu-central-1a', cidr: '10.0.1.0/28', addresses: 1 }],
    });
    const first = await run(ec2);
    expect(await refusal(run(ec2))).toMatch(/^InsufficientFreeAddressesInSubnet 400/);
    account.setState(first.InstanceId!, 'terminated');
    expect((await run(ec2)).PrivateIpAddress).not.toBe(first.PrivateIpAddress);
  });

  it('from a template takes what the call does not say, joins tags, and knows that an interface excludes a subnet', async () => {
    const { ec2, account } = await stage();
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'ci',
        LaunchTemplateData: {
          ImageId: 'ami-0aaaaaaaaaaaaaaaa',
          InstanceType: 'm5.large',
          NetworkInterfaces: [{ DeviceIndex: 0, Groups: ['sg-0123'] }],
          TagSpecifications: [
            {
              ResourceType: 'instance',
              Tags: [
                { Key: 'team', Value: 'build' },
                { Key: 'kept', Value: 'yes' },
              ],
            },
          ],
        },
      }),
    );
    const [subnet] = account.subnets.all();
    const launch = {
      LaunchTemplate: { LaunchTemplateName: 'ci', Version: '$Latest' },
      ImageId: undefined,
      TagSpecifications: [{ ResourceType: 'instance' as const, Tags: [{ Key: 'team', Value: 'ci' }] }],
    };
    expect(await refusal(run(ec2, { ...launch, SubnetId: subnet!.subnetId }))).toMatch(
      /^InvalidParameterCombination 400: Network interfaces and an instance-level subnet ID/,
    );
    const born = await run(ec2, {
      ...launch,
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet!.subnetId, Groups: ['sg-0123'] }],
    });
    expect(born).toMatchObject({
      ImageId: 'ami-0aaaaaaaaaaaaaaaa',
      InstanceType: 'm5.2xlarge',
      SecurityGroups: [{ GroupId: 'sg-0123' }],
      Tags: [
        { Key: 'team', Value: 'ci' },
        { Key: 'kept', Value: 'yes' },
      ],
    });
  });

  it('of several is all or nothing below the least, and leaves nobody alive whom no one was told of', async () => {
    const { ec2, account } = await stage();
    let grants = 2;
    account.decide = () =>
      Promise.resolve(
        grants-- > 0
          ? { kind: 'granted' }
          : { kind: 'refused', code: 'InsufficientInstanceCapacity', message: 'none', status: 500 },
      );
    const ended: string[] = [];
    account.onTerminate = ({ instanceId }) => void ended.push(instanceId);
    expect(await refusal(run(ec2, { MinCount: 3, MaxCount: 3 }))).toMatch(/^InsufficientInstanceCapacity/);
    expect(ended).toEqual(account.instances.all().map(({ instanceId }) => instanceId));
    expect(ended).toHaveLength(2);
    grants = 2;
    const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ...ONE, MinCount: 1, MaxCount: 3 }));
    expect(Instances).toHaveLength(2);
  });
});
