import {
  type BlockDeviceMapping as ConfiguredDevice,
  DescribeLaunchConfigurationsCommand,
  type LaunchConfiguration,
} from '@aws-sdk/client-auto-scaling';
import type { BlockDeviceMapping, VolumeType } from '@aws-sdk/client-ec2';
import type { TemplatePort } from './group.ts';
import { hashOf } from './hash.ts';
import { filled, present, userDataOf } from './launchTemplateData.ts';
import { failedReading, type Reading, unread } from './reading.ts';
import type { Blueprint, LaunchConfigurationSource } from './template.ts';

/** A launch configuration, and the instance type that it names. */
export interface ReadConfiguration {
  readonly source: LaunchConfigurationSource;
  readonly instanceType: string | undefined;
}

/** Reads a launch configuration. They are immutable, so a change of a group's is another name. */
export async function readLaunchConfiguration(
  { aws, caller }: TemplatePort,
  name: string,
): Promise<Reading<ReadConfiguration>> {
  const what = `launch configuration ${name}`;
  const answer = await caller.call('autoscaling', 'DescribeLaunchConfigurations', (abortSignal) =>
    aws.autoScaling.send(new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [name] }), {
      abortSignal,
    }),
  );
  if (answer.kind === 'failed') return failedReading(answer, what, 'let the group name one that exists');
  const found = answer.value.LaunchConfigurations?.find((one) => one.LaunchConfigurationName === name);
  if (found === undefined) return unread(`${what} is not in the answer`);

  const groups = (found.SecurityGroups ?? []).filter((group) => !group.startsWith('sg-'));
  if (groups.length > 0) {
    const problem = `${what} names security groups by name (${groups.join(', ')}), which a launch into a subnet refuses; name them by id, or move the group to a launch template`;
    return { kind: 'unsupported', problems: [problem] };
  }
  const blueprint = blueprintOfConfiguration(found);
  if (blueprint.imageId === undefined) return unread(`${what}: the answer lacks its image`);
  const { userData, ...plain } = blueprint;
  return {
    kind: 'read',
    warnings: [],
    part: {
      instanceType: filled(found.InstanceType),
      source: {
        kind: 'launch-configuration',
        name,
        dataHash: hashOf({ ...plain, userData: userData?.reveal() }),
        blueprint,
      },
    },
  };
}

/** What a launch configuration makes an instance of. The most it would pay for spot is dropped: the term decides. */
export function blueprintOfConfiguration(found: LaunchConfiguration): Blueprint {
  const profile = filled(found.IamInstanceProfile);
  const groups = found.SecurityGroups ?? [];
  const publicAddress = found.AssociatePublicIpAddress;
  return {
    ...present({
      imageId: filled(found.ImageId),
      keyName: filled(found.KeyName),
      // One string holds either; nothing is made of an account's number, for paths and partitions differ.
      profile: profile === undefined ? undefined : profile.startsWith('arn:') ? { Arn: profile } : { Name: profile },
      ebsOptimized: found.EbsOptimized,
      // Launch configurations monitor in detail unless told otherwise; EC2's launches do not.
      monitoring: found.InstanceMonitoring?.Enabled ?? true,
      tenancy: filled(found.PlacementTenancy),
      kernelId: filled(found.KernelId),
      ramdiskId: filled(found.RamdiskId),
      metadata: found.MetadataOptions && present({ ...found.MetadataOptions }),
    }),
    // An address of its own is a matter of the interface, and then groups and subnet are too.
    securityGroupIds: publicAddress === undefined ? groups : [],
    networkInterfaces:
      publicAddress === undefined
        ? []
        : [
            {
              DeviceIndex: 0,
              AssociatePublicIpAddress: publicAddress,
              DeleteOnTermination: true,
              ...(groups.length > 0 ? { Groups: [...groups] } : {}),
            },
          ],
    blockDevices: (found.BlockDeviceMappings ?? []).map(deviceOf),
    tags: {},
    ...userDataOf(found.UserData),
  };
}

function deviceOf({ DeviceName, VirtualName, Ebs, NoDevice }: ConfiguredDevice): BlockDeviceMapping {
  // EC2 takes an empty string for what Auto Scaling calls true: this device of the image is left out.
  if (NoDevice === true) return present({ DeviceName, NoDevice: '' });
  if (Ebs === undefined) return present({ DeviceName, VirtualName: filled(VirtualName) });
  const { VolumeType: type, DeleteOnTermination: deletes = true, SnapshotId, ...same } = Ebs;
  return present({
    DeviceName,
    Ebs: present({
      ...same,
      SnapshotId: filled(SnapshotId),
      // Auto Scaling types as any text what EC2 types as its list of volume types.
      VolumeType: filled(type) as VolumeType | undefined,
      // A block's volume must not outlive it; EC2's own default differs by how the image was made.
      DeleteOnTermination: deletes,
    }),
  });
}
