import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DeleteAutoScalingGroupCommand,
  DeleteLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeInstancesCommand,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { awsCaller, type Caller } from '../../src/live/aws/calls/call.ts';
import { type Aws, awsClients } from '../../src/live/aws/calls/clients.ts';
import { type Clock, systemClock } from '../../src/live/ports/clock.ts';
import { TAG } from '../../src/live/ports/tags.ts';
import { silent } from '../../src/live/ports/telemetry.ts';
import { type Ground, groundIn } from './network.ts';
import { awsEnvironment } from './targets.ts';
import { runName, Undo } from './undo.ts';

/** A fleet of a test's own in an account, with the groups that its blocks are copied from. */
export interface AnAccount extends Ground {
  readonly port: { readonly aws: Aws; readonly caller: Caller; readonly clock: Clock };
  readonly fleet: string;
  /** An Auto Scaling group with a launch template. */
  readonly templateGroup: string;
  /** One with a launch configuration. */
  readonly configurationGroup: { readonly name: string } | { readonly refused: string };
  /** Every instance of the fleet that is not over. */
  alive(): Promise<readonly Instance[]>;
  close(): Promise<void>;
}

export const INSTANCE_TYPE = 'm5.large';

/** The tag that both groups give what they launch. */
export const GROUP_TAG = { key: 'team', value: 'build' } as const;

/** Makes the groups, with no instances in them. `close` takes away all that was made, and every instance of the fleet. */
export async function anAccount(endpoint: string): Promise<AnAccount> {
  Object.assign(process.env, awsEnvironment(endpoint));
  const aws = awsClients();
  const fleet = runName();
  const undo = new Undo();
  const alive = () => aliveIn(aws, fleet);
  try {
    const ground = await groundIn(aws.ec2, fleet, undo);
    const templateGroup = await groupWithTemplate(aws, fleet, ground, undo);
    const configurationGroup = await groupWithConfiguration(aws, fleet, ground, undo);
    undo.add('instances', async () => {
      const InstanceIds = (await alive()).flatMap(({ InstanceId }) => InstanceId ?? []);
      if (InstanceIds.length > 0) await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    });
    return {
      ...ground,
      port: { aws, clock: systemClock, caller: awsCaller({ telemetry: silent, clock: systemClock }) },
      ...{ fleet, templateGroup, configurationGroup, alive },
      async close() {
        await undo.all();
        aws.destroy();
      },
    };
  } catch (error) {
    // What was made before the trouble goes too; the trouble is what is told.
    await undo.all().catch(() => undefined);
    throw error;
  }
}

async function groupWithTemplate(aws: Aws, name: string, ground: Ground, undo: Undo): Promise<string> {
  const LaunchTemplateName = `${name}-template`;
  await aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName,
      LaunchTemplateData: {
        ...{ ImageId: ground.imageId, InstanceType: INSTANCE_TYPE, UserData: USER_DATA },
        SecurityGroupIds: [ground.securityGroupId],
      },
    }),
  );
  undo.add(`launch template ${LaunchTemplateName}`, () =>
    aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName })),
  );
  return groupFrom(aws, LaunchTemplateName, ground, undo, {
    LaunchTemplate: { LaunchTemplateName, Version: '$Latest' },
  });
}

/** Launch configurations are history: an account that is young enough has none. */
async function groupWithConfiguration(
  aws: Aws,
  name: string,
  ground: Ground,
  undo: Undo,
): Promise<AnAccount['configurationGroup']> {
  const LaunchConfigurationName = `${name}-configuration`;
  try {
    await aws.autoScaling.send(
      new CreateLaunchConfigurationCommand({
        ...{ LaunchConfigurationName, ImageId: ground.imageId, InstanceType: INSTANCE_TYPE, UserData: USER_DATA },
        SecurityGroups: [ground.securityGroupId],
      }),
    );
  } catch (error) {
    return { refused: String(error) };
  }
  undo.add(`launch configuration ${LaunchConfigurationName}`, () =>
    aws.autoScaling.send(new DeleteLaunchConfigurationCommand({ LaunchConfigurationName })),
  );
  return { name: await groupFrom(aws, LaunchConfigurationName, ground, undo, { LaunchConfigurationName }) };
}

async function groupFrom(
  { autoScaling }: Aws,
  name: string,
  { subnets }: Ground,
  undo: Undo,
  source: Pick<
    ConstructorParameters<typeof CreateAutoScalingGroupCommand>[0],
    'LaunchTemplate' | 'LaunchConfigurationName'
  >,
): Promise<string> {
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName: name, MinSize: 0, MaxSize: 4, DesiredCapacity: 0, ...source },
      VPCZoneIdentifier: subnets.map(({ subnetId }) => subnetId).join(','),
      Tags: [
        {
          ...{ ResourceId: name, ResourceType: 'auto-scaling-group' },
          ...{ Key: GROUP_TAG.key, Value: GROUP_TAG.value, PropagateAtLaunch: true },
        },
      ],
    }),
  );
  undo.add(`group ${name}`, () =>
    autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true })),
  );
  return name;
}

async function aliveIn({ ec2 }: Aws, fleet: string): Promise<readonly Instance[]> {
  const Filters = [{ Name: `tag:${TAG.fleet}`, Values: [fleet] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances).filter(
    ({ Tags = [], State }) =>
      Tags.some(({ Key, Value }) => Key === TAG.fleet && Value === fleet) &&
      State?.Name !== 'terminated' &&
      State?.Name !== 'shutting-down',
  );
}

const USER_DATA = Buffer.from('#!/bin/sh\n').toString('base64');
