import { isoOf } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { type Fields, isFields, textOf } from './fields.ts';
import type { Group, Instance } from './resources.ts';

/** The tag by which an instance belongs to a group; AWS puts it on what the group launches. */
export const GROUP_TAG = 'aws:autoscaling:groupName';

/** A group as DescribeAutoScalingGroups tells of it; its instances are those that carry its tag. */
export function groupOut(
  account: Account,
  { name, createdAt, fields, tags, suspended }: Group,
  withInstances: boolean,
): Fields {
  const members = account.instances
    .all()
    .filter((instance) => instance.tags[GROUP_TAG] === name && instance.state !== 'terminated');
  const subnets = (textOf(fields, 'VPCZoneIdentifier') ?? '').split(',').map((subnet) => subnet.trim());
  const zones = subnets.flatMap((subnet) => account.subnets.get(subnet)?.zone ?? []);
  return {
    DefaultCooldown: 300,
    HealthCheckType: 'EC2',
    HealthCheckGracePeriod: 0,
    AvailabilityZones: [...new Set(zones)].sort(),
    NewInstancesProtectedFromScaleIn: false,
    LoadBalancerNames: [],
    TargetGroupARNs: [],
    TerminationPolicies: ['Default'],
    ...fields,
    ...named(account, fields),
    AutoScalingGroupName: name,
    AutoScalingGroupARN: `arn:aws:autoscaling:${account.region}:${account.accountId}:autoScalingGroup:0:autoScalingGroupName/${name}`,
    CreatedTime: isoOf(createdAt),
    Instances: withInstances ? members.map((instance) => memberOut(instance, fields)) : [],
    SuspendedProcesses: Object.entries(suspended).map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    Tags: tags.map(({ key, value, propagateAtLaunch }) => ({
      ResourceId: name,
      ResourceType: 'auto-scaling-group',
      Key: key,
      Value: value,
      PropagateAtLaunch: propagateAtLaunch,
    })),
    EnabledMetrics: [],
  };
}

/** A launch template that was named by its id or its name is told with both. */
function named(account: Account, fields: Fields): Fields {
  const template = fields['LaunchTemplate'];
  if (!isFields(template)) return {};
  const asked = { LaunchTemplate: template };
  const id = textOf(asked, 'LaunchTemplate', 'LaunchTemplateId');
  const name = textOf(asked, 'LaunchTemplate', 'LaunchTemplateName');
  const found = account.templates.all().find((one) => one.templateId === id || one.name === name);
  if (found === undefined) return {};
  return { LaunchTemplate: { ...template, LaunchTemplateId: found.templateId, LaunchTemplateName: found.name } };
}

const memberOut = ({ instanceId, instanceType, zone, state }: Instance, fields: Fields): Fields => ({
  InstanceId: instanceId,
  InstanceType: instanceType,
  AvailabilityZone: zone,
  LifecycleState: state === 'running' ? 'InService' : state === 'pending' ? 'Pending' : 'Terminating',
  HealthStatus: state === 'running' || state === 'pending' ? 'Healthy' : 'Unhealthy',
  LaunchConfigurationName: textOf(fields, 'LaunchConfigurationName'),
  ProtectedFromScaleIn: false,
});
