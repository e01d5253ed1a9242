import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeregisterImageCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { vi } from 'vitest';
import { PATIENCE_MS } from '../support/comesTrue.ts';
import type { Undo } from './undo.ts';

/** Where instances can be launched, and what from: found in the account, or made and taken away again. */
export interface Ground {
  /** One or two subnets of one VPC, in different zones. */
  readonly subnets: readonly { readonly subnetId: string; readonly zone: string }[];
  readonly securityGroupId: string;
  readonly imageId: string;
}

export async function groundIn(ec2: EC2Client, name: string, undo: Undo): Promise<Ground> {
  const { vpcId, subnets } = (await existingSubnets(ec2)) ?? (await newSubnets(ec2, undo));
  return {
    subnets,
    securityGroupId: await securityGroup(ec2, vpcId, name, undo),
    imageId: await image(ec2, name, undo),
  };
}

type Network = Pick<Ground, 'subnets'> & { readonly vpcId: string };

async function existingSubnets(ec2: EC2Client): Promise<Network | undefined> {
  const { Subnets: found = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const vpcId = (found.find(({ DefaultForAz: isDefault }) => isDefault === true) ?? found[0])?.VpcId;
  if (vpcId === undefined) return undefined;
  const byZone = new Map<string, string>();
  for (const { VpcId, SubnetId: subnetId, AvailabilityZone: zone } of found)
    if (VpcId === vpcId && subnetId !== undefined && zone !== undefined && !byZone.has(zone))
      byZone.set(zone, subnetId);
  return { vpcId, subnets: [...byZone].slice(0, 2).map(([zone, subnetId]) => ({ zone, subnetId })) };
}

async function newSubnets(ec2: EC2Client, undo: Undo): Promise<Network> {
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.213.0.0/16' }));
  const vpcId = needed(vpc?.VpcId, 'CreateVpc');
  undo.add(`VPC ${vpcId}`, () => soon(() => ec2.send(new DeleteVpcCommand({ VpcId: vpcId }))));
  const { AvailabilityZones: zones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
  const subnets: { subnetId: string; zone: string }[] = [];
  for (const [index, { ZoneName: zone }] of zones.slice(0, 2).entries()) {
    const { Subnet: subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: `10.213.${index}.0/24`, AvailabilityZone: zone }),
    );
    const subnetId = needed(subnet?.SubnetId, 'CreateSubnet');
    undo.add(`subnet ${subnetId}`, () => soon(() => ec2.send(new DeleteSubnetCommand({ SubnetId: subnetId }))));
    subnets.push({ subnetId, zone: needed(zone, 'DescribeAvailabilityZones') });
  }
  return { vpcId, subnets };
}

async function securityGroup(ec2: EC2Client, vpcId: string, name: string, undo: Undo): Promise<string> {
  const { SecurityGroups: found = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }),
  );
  const [first] = found;
  if (first?.GroupId !== undefined) return first.GroupId;
  const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpcId }));
  const groupId = needed(made.GroupId, 'CreateSecurityGroup');
  undo.add(`security group ${groupId}`, () =>
    soon(() => ec2.send(new DeleteSecurityGroupCommand({ GroupId: groupId }))),
  );
  return groupId;
}

async function image(ec2: EC2Client, name: string, undo: Undo): Promise<string> {
  const { Images: found = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self', 'amazon'] }));
  const fit = found.find(
    ({ Architecture: architecture, ImageType: type, State: state }) =>
      architecture === 'x86_64' && (type ?? 'machine') === 'machine' && (state ?? 'available') === 'available',
  );
  if (fit?.ImageId !== undefined) return fit.ImageId;
  const made = await ec2.send(
    new RegisterImageCommand({ Name: name, Architecture: 'x86_64', RootDeviceName: '/dev/xvda' }),
  );
  const imageId = needed(made.ImageId, 'RegisterImage');
  undo.add(`image ${imageId}`, () => ec2.send(new DeregisterImageCommand({ ImageId: imageId })));
  return imageId;
}

/** What is in use by instances that are ending can be taken away a little later. */
const soon = <Value>(how: () => Promise<Value>): Promise<Value> =>
  vi.waitFor(how, { timeout: PATIENCE_MS, interval: 2_000 });

function needed(value: string | undefined, action: string): string {
  if (value === undefined) throw new Error(`${action} was answered without what it is for`);
  return value;
}
