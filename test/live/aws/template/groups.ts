import type { Script } from '../launch/scriptedAws.ts';
import type { Xml } from '../launch/xml.ts';

/** A group that launches from version 7 of `lt-0ab` into two subnets, with the fields that a test is about. */
export const aGroup = (fields: Xml = {}): Xml => ({
  AutoScalingGroupName: 'ci',
  MinSize: 0,
  MaxSize: 10,
  LaunchTemplate: { LaunchTemplateId: 'lt-0ab', Version: '$Latest' },
  VPCZoneIdentifier: 'subnet-0b, subnet-0a,',
  SuspendedProcesses: [],
  Tags: [aTag('team', 'build')],
  ...fields,
});

/** A group without a launch template of its own. */
export const aGroupFrom = (fields: Xml): Xml => aGroup({ LaunchTemplate: undefined, ...fields });

export const aTag = (Key: string, Value: string, PropagateAtLaunch = true): Xml => ({ Key, Value, PropagateAtLaunch });

/** AWS with that group, launch templates by id, and launch configurations. */
export function account(
  group: Xml | undefined,
  templates: Readonly<Record<string, Xml>> = { 'lt-0ab': { imageId: 'ami-1' } },
  configurations: readonly Xml[] = [],
): Script {
  return {
    DescribeAutoScalingGroups: () => ({ AutoScalingGroups: group === undefined ? [] : [group] }),
    DescribeLaunchTemplateVersions: ({ LaunchTemplateId: id = '' }) => {
      const data = templates[id];
      if (data === undefined) return { error: 'InvalidLaunchTemplateId.NotFound', message: `no ${id}` };
      return { launchTemplateVersionSet: [{ launchTemplateId: id, versionNumber: 7, launchTemplateData: data }] };
    },
    DescribeLaunchConfigurations: () => ({ LaunchConfigurations: configurations }),
    DescribeLifecycleHooks: () => ({ LifecycleHooks: [] }),
    GetInstanceMetadataDefaults: () => ({ accountLevel: {} }),
    DescribeSubnets: () => ({
      subnetSet: [
        { subnetId: 'subnet-0b', availabilityZone: 'eu-central-1b', availableIpAddressCount: 200 },
        { subnetId: 'subnet-0a', availabilityZone: 'eu-central-1a', availableIpAddressCount: 91 },
      ],
    }),
  };
}
