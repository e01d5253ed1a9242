import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotPriceHistoryCommand,
  type DescribeSpotPriceHistoryCommandInput,
  DescribeSubnetsCommand,
  paginateDescribeSpotPriceHistory,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { hours } from '../../../src/domain/time.ts';
import { MONDAY, refusal, stage } from './anAccount.ts';

describe('a region', () => {
  it('has subnets, which fill up', async () => {
    const { ec2, account } = await stage();
    const [a] = account.subnets.all();
    account.addInstance({ instanceType: 'm5.large', subnetId: a!.subnetId });
    const { Subnets } = await ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'availability-zone', Values: ['eu-central-1a'] }] }),
    );
    expect(Subnets).toMatchObject([
      { SubnetId: a!.subnetId, AvailabilityZone: 'eu-central-1a', AvailableIpAddressCount: 250, VpcId: account.vpcId },
    ]);
    expect(await refusal(ec2.send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-0bad'] })))).toMatch(
      /^InvalidSubnetID.NotFound 400/,
    );
  });

  it('has zones, types, offerings, images and security groups', async () => {
    const { ec2 } = await stage({
      instanceTypes: ['m5.2xlarge', 'c6g.large'],
      notOffered: ['c6g.large/eu-central-1b'],
      images: ['ami-0aaa'],
      securityGroups: ['sg-01'],
    });
    const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
    expect(AvailabilityZones?.map(({ ZoneName, ZoneId }) => `${ZoneName ?? ''} ${ZoneId ?? ''}`)).toEqual([
      'eu-central-1a euc1-az1',
      'eu-central-1b euc1-az2',
      'eu-central-1c euc1-az3',
    ]);
    const { InstanceTypes } = await ec2.send(new DescribeInstanceTypesCommand({}));
    expect(InstanceTypes).toMatchObject([
      { InstanceType: 'm5.2xlarge', VCpuInfo: { DefaultVCpus: 8 }, MemoryInfo: { SizeInMiB: 32768 } },
      {
        InstanceType: 'c6g.large',
        VCpuInfo: { DefaultVCpus: 2 },
        ProcessorInfo: { SupportedArchitectures: ['arm64'] },
      },
    ]);
    expect(await refusal(ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.large'] })))).toMatch(
      /^InvalidInstanceType 400/,
    );
    const { InstanceTypeOfferings } = await ec2.send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: ['c6g.*'] }],
      }),
    );
    expect(InstanceTypeOfferings?.map(({ Location }) => Location)).toEqual(['eu-central-1a', 'eu-central-1c']);
    expect((await ec2.send(new DescribeImagesCommand({ ImageIds: ['ami-0aaa'] }))).Images).toMatchObject([
      { ImageId: 'ami-0aaa', State: 'available' },
    ]);
    expect(await refusal(ec2.send(new DescribeImagesCommand({ ImageIds: ['ami-0bad'] })))).toMatch(
      /^InvalidAMIID.NotFound 400/,
    );
    expect((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups).toMatchObject([
      { GroupId: 'sg-01' },
    ]);
    expect(await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-0bad'] })))).toMatch(
      /^InvalidGroup.NotFound 400/,
    );
  });
});

describe('spot prices', () => {
  it('are what held when the time asked for began, and every change since, newest first', async () => {
    const { ec2, account } = await stage();
    account.setSpotPrice('m5.2xlarge', 'eu-central-1a', 0.21, MONDAY - hours(5));
    account.setSpotPrice('m5.2xlarge', 'eu-central-1a', 0.22, MONDAY - hours(3));
    account.setSpotPrice('m5.2xlarge', 'eu-central-1a', 0.23, MONDAY - hours(1));
    account.setSpotPrice('c5.2xlarge', 'eu-central-1b', 0.11, MONDAY - hours(9));
    account.setSpotPrice('c5.2xlarge', 'eu-central-1b', 0.19, MONDAY + hours(1));
    const ask = async (input: DescribeSpotPriceHistoryCommandInput): Promise<string[]> =>
      ((await ec2.send(new DescribeSpotPriceHistoryCommand(input))).SpotPriceHistory ?? []).map(
        ({ InstanceType, AvailabilityZone, SpotPrice, Timestamp }) =>
          `${InstanceType ?? ''} ${AvailabilityZone ?? ''} ${SpotPrice ?? ''} ${Timestamp?.toISOString() ?? ''}`,
      );
    expect(await ask({ StartTime: new Date(MONDAY - hours(2)) })).toEqual([
      'm5.2xlarge eu-central-1a 0.230000 2026-03-02T07:00:00.000Z',
      'm5.2xlarge eu-central-1a 0.220000 2026-03-02T05:00:00.000Z',
      'c5.2xlarge eu-central-1b 0.110000 2026-03-01T23:00:00.000Z',
    ]);
    const now = { StartTime: new Date(MONDAY), ProductDescriptions: ['Linux/UNIX'] };
    expect(await ask({ ...now, InstanceTypes: ['m5.2xlarge'] })).toHaveLength(1);
    expect(await ask({ ...now, Filters: [{ Name: 'availability-zone', Values: ['eu-central-1b'] }] })).toHaveLength(1);
    expect(await ask({ ...now, ProductDescriptions: ['Windows'] })).toEqual([]);
    const sizes: number[] = [];
    for await (const { SpotPriceHistory = [] } of paginateDescribeSpotPriceHistory({ client: ec2, pageSize: 3 }, {}))
      sizes.push(SpotPriceHistory.length);
    expect(sizes).toEqual([3, 1]);
  });
});
