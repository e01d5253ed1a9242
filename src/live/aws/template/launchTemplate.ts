import { DescribeLaunchTemplateVersionsCommand, type ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { TemplatePort } from './group.ts';
import { beyondSpotRequests, blueprintOf, dataHashOf, filled } from './launchTemplateData.ts';
import { ownerOf } from './propagated.ts';
import { failedReading, type Reading, unread } from './reading.ts';
import type { LaunchTemplateSource } from './template.ts';

/** How Auto Scaling names a launch template: by id or name, and a version that may be `$Latest` or `$Default`. */
export interface LaunchTemplateName {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

/** A launch template's version, and the instance type that it names. */
export interface ReadTemplate {
  readonly source: LaunchTemplateSource;
  readonly instanceType: string | undefined;
}

/** Reads the version that a name stands for now. */
export async function readLaunchTemplate(
  { aws, caller }: TemplatePort,
  named: LaunchTemplateName,
): Promise<Reading<ReadTemplate>> {
  const byId = named.LaunchTemplateId ?? '';
  const name = byId === '' ? (named.LaunchTemplateName ?? '') : byId;
  if (name === '') return unread('the group names a launch template without its id and name');
  // Both are optional in an Auto Scaling group, and `$Default` is what it then launches.
  const asked = named.Version === undefined || named.Version === '' ? '$Default' : named.Version;
  const what = `launch template ${name} version ${asked}`;
  const answer = await caller.call('ec2', 'DescribeLaunchTemplateVersions', (abortSignal) =>
    aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({
        ...(byId === '' ? { LaunchTemplateName: name } : { LaunchTemplateId: name }),
        Versions: [asked],
      }),
      { abortSignal },
    ),
  );
  if (answer.kind === 'failed') return failedReading(answer, what, 'let the group name a version that exists');

  const versions = answer.value.LaunchTemplateVersions;
  if (versions?.length !== 1) return unread(`${what}: ${versions?.length ?? 'no list of'} versions were answered`);
  const { LaunchTemplateId: id = '', VersionNumber: version, LaunchTemplateData: data } = versions[0] ?? {};
  if (!id.startsWith('lt-') || version === undefined || !Number.isSafeInteger(version) || data === undefined)
    return unread(`${what}: the answer lacks its id, number or data`);
  if ((byId !== '' && id !== byId) || (/^\d+$/.test(asked) && Number(asked) !== version))
    return unread(`${what}: ${id} version ${version} was answered`);

  const problems = problemsOf(data, `${id} version ${version}`);
  if (problems.length > 0) return { kind: 'unsupported', problems };
  return {
    kind: 'read',
    warnings: warningsOf(data, `${id} version ${version}`),
    part: {
      instanceType: filled(data.InstanceType),
      source: {
        kind: 'launch-template',
        id,
        version,
        dataHash: dataHashOf(data),
        beyondSpotRequests: beyondSpotRequests(data),
        blueprint: blueprintOf(data),
      },
    },
  };
}

function problemsOf(data: ResponseLaunchTemplateData, what: string): string[] {
  const problems: string[] = [];
  const say = (is: boolean, problem: string): void => {
    if (is) problems.push(`launch template ${what} ${problem}`);
  };
  say(
    data.InstanceMarketOptions !== undefined,
    'sets InstanceMarketOptions, which no launch can take back; make a version without them: the term of the pool decides how its blocks are bought',
  );
  say(
    data.InstanceRequirements !== undefined,
    'chooses instance types by InstanceRequirements; make a version without them: the pool names its instance types',
  );
  say(
    (data.NetworkInterfaces ?? []).some(hasFixedAddress),
    'fixes a network interface or an address, which only one instance can have; make a version that leaves them to the subnet',
  );
  say(
    (data.SecurityGroups ?? []).length > 0,
    'names security groups by name, which a launch into a subnet refuses; name them by id',
  );
  say(
    tagKeysOf(data).some((key) => key.startsWith('karpenter.')),
    'tags instances as Karpenter does, and Karpenter deletes instances that it does not know; make a version without those tags',
  );
  return problems;
}

function warningsOf(data: ResponseLaunchTemplateData, what: string): string[] {
  const warnings: string[] = [];
  const say = (is: boolean, warning: string): void => {
    if (is) warnings.push(`launch template ${what} ${warning}`);
  };
  say(
    data.ImageId?.startsWith('resolve:ssm:') === true,
    `takes its image from ${data.ImageId ?? ''}: EC2 looks it up at each launch, so a new image there is not seen as a change of the template`,
  );
  say(
    data.DisableApiTermination === true,
    'protects instances from termination; blocks are launched without, because every block ends',
  );
  say(
    data.Placement?.AvailabilityZone !== undefined && data.Placement.AvailabilityZone !== '',
    `insists on zone ${data.Placement?.AvailabilityZone ?? ''}; no block can be bought elsewhere`,
  );
  say(
    (data.NetworkInterfaces ?? []).some((one) => (one.DeviceIndex ?? 0) !== 0 && (one.SubnetId ?? '') !== ''),
    'puts a second network interface into a subnet of its own; a block of another zone cannot be launched with it',
  );
  for (const key of new Set(tagKeysOf(data))) {
    const owner = ownerOf(key);
    say(owner !== undefined, `gives every instance the tag ${key}, also blocks: ${owner ?? ''}`);
  }
  return warnings;
}

type TemplateInterface = NonNullable<ResponseLaunchTemplateData['NetworkInterfaces']>[number];

const hasFixedAddress = (one: TemplateInterface): boolean =>
  (one.NetworkInterfaceId ?? '') !== '' ||
  (one.PrivateIpAddress ?? '') !== '' ||
  (one.PrivateIpAddresses ?? []).length > 0 ||
  (one.Ipv6Addresses ?? []).length > 0;

const tagKeysOf = (data: ResponseLaunchTemplateData): readonly string[] =>
  (data.TagSpecifications ?? [])
    .filter(({ ResourceType: type }) => type === 'instance')
    .flatMap(({ Tags: tags }) => (tags ?? []).map(({ Key: key }) => key ?? ''));
