import type { PoolsFile } from '../config/pools.ts';
import { type Term, termsOf } from '../domain/words.ts';
import { EARLIER_TAG, earlierKey, OUR_TAGS, TAG } from '../live/ports/tags.ts';
import { ec2Principals } from './partition.ts';
import { liveOf, type ManifestSettings } from './settings.ts';

/** An IAM policy, as far as the keeper's needs it: every value is a list, and nothing is negated. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** By operator, by key: the values of which one must be met. */
  readonly Condition?: Conditions;
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * What the keeper's role may do: read, launch what carries this fleet's tags from its birth on, and end what carries them. No
 * tag of ownership can be put on an instance later, because a role that can tag anything can end anything.
 */
export function iamPolicyOf(pools: PoolsFile, settings: ManifestSettings): PolicyDocument {
  const { arn } = arnsOf(settings);
  const owned = { [request(TAG.fleet)]: [pools.fleet] };
  const fleetOfResource = { [resource(TAG.fleet)]: [pools.fleet] };
  const clusterTag = `kubernetes.io/cluster/${settings.cluster}`;
  const requestsSpot = termsIn(pools).includes('spot');
  const born = ['instance', 'volume', 'network-interface', ...(requestsSpot ? ['spot-instances-request'] : [])];
  return policy([
    allow('Read', READS, ['*'], { StringEquals: { 'aws:RequestedRegion': [settings.region] } }),
    allow(
      'LaunchUsing',
      ['ec2:RunInstances'],
      [
        ...settings.amis.map((ami) => `arn:${settings.partition}:ec2:${settings.region}::image/${ami}`),
        `arn:${settings.partition}:ec2:${settings.region}::snapshot/*`,
        ...settings.subnets.map((id) => arn('subnet', id)),
        ...settings.securityGroups.map((id) => arn('security-group', id)),
        ...settings.launchTemplates.map((id) => arn('launch-template', id)),
        ...settings.keyPairs.map((name) => arn('key-pair', name)),
      ],
    ),
    allow('LaunchInstanceTagged', ['ec2:RunInstances'], [arn('instance', '*')], {
      StringEquals: {
        ...owned,
        [request(clusterTag)]: ['owned'],
        'ec2:InstanceType': instanceTypesOf(pools),
        'ec2:InstanceMarketType': marketsOf(pools),
        'ec2:MetadataHttpTokens': ['required'],
      },
    }),
    allow(
      'LaunchPartsTagged',
      ['ec2:RunInstances'],
      born.slice(1).map((kind) => arn(kind, '*')),
      {
        StringEquals: owned,
      },
    ),
    allow(
      'TagAtBirthOnly',
      ['ec2:CreateTags'],
      born.map((kind) => arn(kind, '*')),
      {
        StringEquals: { 'ec2:CreateAction': ['RunInstances'], ...owned },
      },
    ),
    allow('RetagOwnStatus', ['ec2:CreateTags'], [arn('instance', '*')], {
      StringEquals: fleetOfResource,
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['Name', 'spot-keeper.io/phase', 'spot-keeper.io/node'] },
    }),
    allow('TerminateOwn', ['ec2:TerminateInstances'], [arn('instance', '*')], {
      StringEquals: { ...fleetOfResource, [resource(clusterTag)]: ['owned'] },
    }),
    // Instances that an earlier release launched, until the last of them is gone.
    allow('TerminateOwnEarlier', ['ec2:TerminateInstances'], [arn('instance', '*')], {
      StringEquals: { [resource(EARLIER_TAG.fleet)]: [pools.fleet], [resource(clusterTag)]: ['owned'] },
    }),
    ...(requestsSpot
      ? [
          allow('CancelOwn', ['ec2:CancelSpotInstanceRequests'], [arn('spot-instances-request', '*')], {
            StringEquals: fleetOfResource,
          }),
        ]
      : []),
    allow('PassNodeRole', ['iam:PassRole'], [nodeRoleArn(settings)], {
      StringEquals: { 'iam:PassedToService': ec2Principals(settings.partition) },
    }),
    ...(liveOf(pools).interruptionQueue === undefined
      ? []
      : [
          allow('Queue', QUEUE_READS, [
            `arn:${settings.partition}:sqs:${settings.region}:${settings.account}:${settings.queue}`,
          ]),
        ]),
    deny('DenyOwnershipEdits', ['ec2:CreateTags', 'ec2:DeleteTags'], [`arn:${settings.partition}:ec2:*:*:instance/*`], {
      'ForAnyValue:StringEquals': { 'aws:TagKeys': OWNERSHIP },
      Null: { 'ec2:CreateAction': ['true'] },
    }),
  ]);
}

/**
 * The role for accounts that still sell spot blocks. An instance of a spot request cannot be tagged at its birth, so this
 * role may claim any untagged instance as its own: weaker, apart from the other policy, and never printed unless asked for.
 */
export function spotBlockPolicyOf(pools: PoolsFile, settings: ManifestSettings): PolicyDocument {
  const { arn } = arnsOf(settings);
  const fleet = { [request(TAG.fleet)]: [pools.fleet] };
  const base = iamPolicyOf(pools, settings).Statement;
  const using = base.find(({ Sid }) => Sid === 'LaunchUsing')?.Resource ?? [];
  return policy([
    ...base.filter(({ Sid }) => !['CancelOwn', 'DenyOwnershipEdits'].includes(Sid)),
    allow(
      'SpotBlockRequestUsing',
      ['ec2:RequestSpotInstances'],
      [...using.filter((one) => !one.includes(':launch-template/')), arn('network-interface', '*')],
    ),
    allow('SpotBlockRequestTagged', ['ec2:RequestSpotInstances'], [arn('spot-instances-request', '*')], {
      StringEquals: fleet,
    }),
    allow('SpotBlockTagRequest', ['ec2:CreateTags'], [arn('spot-instances-request', '*')], {
      StringEquals: { 'ec2:CreateAction': ['RequestSpotInstances'], ...fleet },
    }),
    allow(
      'SpotBlockTagUntagged',
      ['ec2:CreateTags'],
      ['instance', 'volume', 'network-interface'].map((kind) => arn(kind, '*')),
      {
        StringEquals: fleet,
        Null: { [resource(TAG.fleet)]: ['true'] },
      },
    ),
    allow('SpotBlockCancelOwn', ['ec2:CancelSpotInstanceRequests'], [arn('spot-instances-request', '*')], {
      StringEquals: { [resource(TAG.fleet)]: [pools.fleet] },
    }),
    deny('DenyOwnershipRemoval', ['ec2:DeleteTags'], ['*']),
  ]);
}

/** Describe has no resource-level control; the region is all that can be asked for. */
const READS: readonly string[] = [
  ...['Instances', 'InstanceStatus', 'SpotInstanceRequests', 'Subnets', 'SecurityGroups', 'Images', 'InstanceTypes']
    .concat('InstanceTypeOfferings', 'SpotPriceHistory', 'LaunchTemplateVersions')
    .map((what) => `ec2:Describe${what}`),
  'ec2:GetInstanceMetadataDefaults',
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeLaunchConfigurations',
  'autoscaling:DescribeLifecycleHooks',
];

const QUEUE_READS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueUrl'];

/** The tags that say whose an instance is, and until when. */
const OWNERSHIP: readonly string[] = [...OUR_TAGS, ...OUR_TAGS.map(earlierKey)];

const request = (tag: string): string => `aws:RequestTag/${tag}`;
const resource = (tag: string): string => `aws:ResourceTag/${tag}`;

const arnsOf = ({ partition, region, account }: ManifestSettings) => ({
  arn: (kind: string, id: string): string => `arn:${partition}:ec2:${region}:${account}:${kind}/${id}`,
});

const nodeRoleArn = ({ partition, account, nodeRole }: ManifestSettings): string =>
  `arn:${partition}:iam::${account}:role/${nodeRole}`;

const termsIn = ({ pools }: PoolsFile): readonly Term[] => pools.flatMap(({ lease }) => termsOf(lease.term));

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();

const instanceTypesOf = ({ pools }: PoolsFile): readonly string[] =>
  sorted(pools.flatMap(({ instanceTypes }) => instanceTypes));

/** How RunInstances buys; a spot block is no market of it, so pools of spot blocks alone may run nothing but spot. */
const marketsOf = (pools: PoolsFile): readonly string[] =>
  sorted(termsIn(pools).map((term) => (term === 'on-demand' ? 'on-demand' : 'spot')));

const policy = (Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });

type StatementParts = readonly [
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Conditions,
];

const statement = (Effect: Statement['Effect'], [Sid, Action, Resource, Condition]: StatementParts): Statement => ({
  Sid,
  Effect,
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

const allow = (...parts: StatementParts): Statement => statement('Allow', parts);
const deny = (...parts: StatementParts): Statement => statement('Deny', parts);
