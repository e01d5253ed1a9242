import { isoOf } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { ApiError, required } from './apiError.ts';
import { type Handlers, pageOf } from './call.ts';
import { type Field, type Fields, flagOf, isList, membersOf, textOf, textsOf, without } from './fields.ts';
import { filtered } from './filters.ts';
import { groupOut } from './groupOut.ts';
import type { Group, GroupTag } from './resources.ts';
import type { View } from './versions.ts';

/** The processes that can be suspended (Auto Scaling API reference, SuspendProcesses). */
const PROCESSES = [
  ...['Launch', 'Terminate', 'AddToLoadBalancer', 'AlarmNotification', 'AZRebalance', 'HealthCheck'],
  ...['InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions'],
];

/** What a group is launched from: one of these. */
const SOURCES = ['LaunchConfigurationName', 'LaunchTemplate', 'MixedInstancesPolicy'];

/** Groups and launch configurations. Groups are kept and told of; nobody scales them but the owner of the account. */
export const autoScalingActions: Handlers = {
  CreateAutoScalingGroup: ({ account, params }) => {
    const name = required(textOf(params, 'AutoScalingGroupName'), 'AutoScalingGroupName');
    if (account.groups.get(name) !== undefined)
      throw new ApiError(
        'AlreadyExists',
        'AutoScalingGroup by this name already exists - A group with the name already exists',
      );
    const { Tags: tags, ...asked } = params;
    const fields = settingsIn(asked);
    if (SOURCES.filter((source) => fields[source] !== undefined).length !== 1)
      throw new ApiError(
        'ValidationError',
        'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
      );
    account.groups.set(name, {
      name,
      createdAt: account.now(),
      fields: { ...fields, DesiredCapacity: fields['DesiredCapacity'] ?? fields['MinSize'] },
      tags: groupTagsIn(tags),
      suspended: {},
    });
    return {};
  },
  UpdateAutoScalingGroup: ({ account, params }) => {
    const group = groupNamed(account, params);
    const changes = settingsIn(params);
    // A new source takes the place of the old one.
    const newSource = SOURCES.find((source) => changes[source] !== undefined);
    const kept = Object.entries(group.fields).filter(([name]) => newSource === undefined || !SOURCES.includes(name));
    account.groups.set(group.name, { ...group, fields: { ...Object.fromEntries(kept), ...changes } });
    return {};
  },
  DeleteAutoScalingGroup: ({ account, params }) => {
    const group = groupNamed(account, params);
    if (!flagOf(params, 'ForceDelete') && membersOf(groupOut(account, group, true), 'Instances').length > 0)
      throw new ApiError(
        'ResourceInUse',
        'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
      );
    account.groups.delete(group.name);
    return {};
  },
  DescribeAutoScalingGroups: (call) => {
    const { account, params, view } = call;
    const names = textsOf(params, 'AutoScalingGroupNames');
    // A name that nobody has is no error here: it is simply not in the list.
    const asked = account.groups.all(view).filter(({ name }) => names.length === 0 || names.includes(name));
    const found = filtered(params, asked, {}, tagsOf, 'Filters');
    const { items, nextToken } = pageOf(call, found, { limit: 'MaxRecords', most: 100 });
    const withInstances = textOf(params, 'IncludeInstances') !== 'false';
    return { AutoScalingGroups: items.map((group) => groupOut(account, group, withInstances)), NextToken: nextToken };
  },
  SuspendProcesses: ({ account, params }) => {
    const group = groupNamed(account, params);
    const reason = `User suspended at ${isoOf(account.now()).slice(0, 19)}Z`;
    const added = processesIn(params).map((process): [string, string] => [process, reason]);
    account.groups.set(group.name, { ...group, suspended: { ...group.suspended, ...Object.fromEntries(added) } });
    return {};
  },
  ResumeProcesses: ({ account, params }) => {
    const group = groupNamed(account, params);
    const resumed = processesIn(params);
    const left = Object.entries(group.suspended).filter(([process]) => !resumed.includes(process));
    account.groups.set(group.name, { ...group, suspended: Object.fromEntries(left) });
    return {};
  },
  CreateOrUpdateTags: ({ account, params }) => {
    for (const tag of membersOf(params, 'Tags')) {
      const group = groupNamed(account, { AutoScalingGroupName: tag['ResourceId'] });
      const added = groupTagsIn([tag]);
      const kept = group.tags.filter(({ key }) => !added.some((one) => one.key === key));
      account.groups.set(group.name, { ...group, tags: [...kept, ...added] });
    }
    return {};
  },
  CreateLaunchConfiguration: ({ account, params }) => {
    const name = required(textOf(params, 'LaunchConfigurationName'), 'LaunchConfigurationName');
    if (account.launchConfigurations.get(name) !== undefined)
      throw new ApiError('AlreadyExists', 'Launch Configuration by this name already exists');
    account.launchConfigurations.set(name, { name, createdAt: account.now(), fields: settingsIn(params) });
    return {};
  },
  DescribeLaunchConfigurations: (call) => {
    const { account, params, view } = call;
    const names = textsOf(params, 'LaunchConfigurationNames');
    const found = account.launchConfigurations
      .all(view)
      .filter(({ name }) => names.length === 0 || names.includes(name));
    const { items, nextToken } = pageOf(call, found, { limit: 'MaxRecords', most: 100 });
    return {
      LaunchConfigurations: items.map(({ name, createdAt, fields }) => ({
        // What was not asked for is told as empty, and what the API has as its default is told too.
        KeyName: '',
        UserData: '',
        KernelId: '',
        RamdiskId: '',
        SecurityGroups: [],
        BlockDeviceMappings: [],
        ClassicLinkVPCSecurityGroups: [],
        EbsOptimized: false,
        InstanceMonitoring: { Enabled: true },
        ...fields,
        LaunchConfigurationName: name,
        LaunchConfigurationARN: `arn:aws:autoscaling:${account.region}:${account.accountId}:launchConfiguration:0:launchConfigurationName/${name}`,
        CreatedTime: isoOf(createdAt),
      })),
      NextToken: nextToken,
    };
  },
  DeleteLaunchConfiguration: ({ account, params }) => {
    const name = required(textOf(params, 'LaunchConfigurationName'), 'LaunchConfigurationName');
    if (account.launchConfigurations.get(name) === undefined)
      throw new ApiError('ValidationError', 'Launch configuration name not found - null');
    if (account.groups.all().some(({ fields }) => fields['LaunchConfigurationName'] === name))
      throw new ApiError(
        'ResourceInUse',
        `Cannot delete launch configuration ${name} because it is attached to AutoScalingGroup`,
      );
    account.launchConfigurations.delete(name);
    return {};
  },
};

/** The group that a call is about. @throws ApiError if there is none */
export function groupNamed(account: Account, params: Fields, view?: View): Group {
  const group = account.groups.get(textOf(params, 'AutoScalingGroupName') ?? '', view);
  if (group === undefined) throw new ApiError('ValidationError', 'AutoScalingGroup name not found - null');
  return group;
}

/** What a call sets, without what names the call, the group or nothing at all: an empty text leaves a setting alone. */
function settingsIn(params: Fields): Fields {
  const settings = without(params, 'Action', 'Version', 'AutoScalingGroupName');
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
}

const groupTagsIn = (tags: Field): readonly GroupTag[] =>
  (isList(tags) ? membersOf({ tags }, 'tags') : []).map((tag) => ({
    key: required(textOf(tag, 'Key'), 'Tags.Key'),
    value: textOf(tag, 'Value') ?? '',
    propagateAtLaunch: flagOf(tag, 'PropagateAtLaunch'),
  }));

const tagsOf = ({ tags }: Group): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]));

/** None named means all of them. */
function processesIn(params: Fields): readonly string[] {
  const named = textsOf(params, 'ScalingProcesses');
  const stranger = named.find((process) => !PROCESSES.includes(process));
  if (stranger !== undefined) throw new ApiError('ValidationError', `${stranger} is not a valid process type.`);
  return named.length === 0 ? PROCESSES : named;
}
