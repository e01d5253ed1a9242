import type { Question } from '../support/iam.ts';

const TYPE = { 'ec2:InstanceType': 'm5.2xlarge' };
const MARKET = { 'ec2:InstanceMarketType': 'spot' };
const TOKENS = { 'ec2:MetadataHttpTokens': 'required' };
const FLEET = { 'aws:RequestTag/spot-keeper:fleet': 'ci' };
const CLUSTER = { 'aws:RequestTag/kubernetes.io/cluster/builds': 'owned' };
const OURS = {
  'aws:ResourceTag/spot-keeper:fleet': 'ci',
  'aws:ResourceTag/kubernetes.io/cluster/builds': 'owned',
};
/** As releases up to 0.3 named the tag of the fleet. */
const EARLIER = {
  'aws:ResourceTag/spot-keeper.io/fleet': 'ci',
  'aws:ResourceTag/kubernetes.io/cluster/builds': 'owned',
};
const REGION = { 'aws:RequestedRegion': 'us-east-1' };
const AT_BIRTH = { 'ec2:CreateAction': 'RunInstances' };

const arn = (rest: string, region = 'us-east-1', account = '111122223333') =>
  `arn:aws:ec2:${region}:${account}:${rest}`;
const INSTANCE = arn('instance/i-0123456789abcdef0');

type Context = Question['context'];

const ask = (action: string, resource: string, context: Context = {}): Question => ({
  action,
  resource,
  context: { ...REGION, ...context },
});
const run = (resource: string, context: Context = {}) => ask('ec2:RunInstances', resource, context);
const tag = (resource: string, keys: readonly string[], context: Context = {}) =>
  ask('ec2:CreateTags', resource, { 'aws:TagKeys': keys, ...context });
const without = (context: Context, key: string): Context =>
  Object.fromEntries(Object.entries(context).filter(([name]) => name !== key));

const BORN = { ...FLEET, ...CLUSTER, ...TYPE, ...MARKET, ...TOKENS };
const USING = ['subnet/subnet-0a1', 'security-group/sg-0b2', 'launch-template/lt-0c3'].map((rest) => run(arn(rest)));
const IMAGE = run('arn:aws:ec2:us-east-1::image/ami-0d4');
const PARTS = ['volume/vol-1', 'network-interface/eni-1', 'spot-instances-request/sir-1'];
const TAGGED_PARTS = PARTS.map((rest) => run(arn(rest), FLEET));

/** A launch as the keeper asks for it: every resource that EC2 asks IAM about. */
export const LAUNCH: readonly Question[] = [...USING, IMAGE, run(INSTANCE, BORN), ...TAGGED_PARTS];

const launchOf = (instance: Context): readonly Question[] => [
  ...USING,
  IMAGE,
  run(INSTANCE, instance),
  ...TAGGED_PARTS,
];
const launchWith = (other: Question, not: Question): readonly Question[] => [
  ...LAUNCH.filter((question) => question !== not),
  other,
];

const READS = [
  ...['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'ec2:DescribeSpotInstanceRequests', 'ec2:DescribeSubnets'],
  ...['ec2:DescribeSecurityGroups', 'ec2:DescribeImages', 'ec2:DescribeInstanceTypes'],
  ...['ec2:DescribeInstanceTypeOfferings', 'ec2:DescribeSpotPriceHistory', 'ec2:DescribeLaunchTemplateVersions'],
  'ec2:GetInstanceMetadataDefaults',
  ...['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeLaunchConfigurations'],
  'autoscaling:DescribeLifecycleHooks',
];

const queue = (name: string, region = 'us-east-1') => `arn:aws:sqs:${region}:111122223333:${name}`;
const role = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/${name}`;
const TO_EC2 = { 'iam:PassedToService': 'ec2.amazonaws.com' };
const pass = (name: string, context: Context = TO_EC2) => ask('iam:PassRole', name, context);

/** What the role of a keeper of fleet `ci` in cluster `builds` may do. */
export const ALLOWED: Readonly<Record<string, readonly Question[]>> = {
  ...Object.fromEntries(READS.map((action) => [`reads by ${action}`, [ask(action, '*')]])),
  'launches a tagged instance': LAUNCH,
  'launches the other type of the pool': launchOf({ ...BORN, 'ec2:InstanceType': 'm5a.2xlarge' }),
  'launches from a snapshot': [run('arn:aws:ec2:us-east-1::snapshot/snap-1')],
  'tags an instance at its birth': [tag(INSTANCE, ['spot-keeper:fleet', 'Name'], { ...AT_BIRTH, ...FLEET })],
  ...Object.fromEntries(
    PARTS.map((part) => [
      `tags ${part} at its birth`,
      [tag(arn(part), ['spot-keeper:fleet'], { ...AT_BIRTH, ...FLEET })],
    ]),
  ),
  'marks its own instance with its phase': [tag(INSTANCE, ['spot-keeper.io/phase'], OURS)],
  'marks its own instance with its node and a name': [tag(INSTANCE, ['spot-keeper.io/node', 'Name'], OURS)],
  'ends its own instance': [ask('ec2:TerminateInstances', INSTANCE, OURS)],
  'ends an instance that an earlier release launched': [ask('ec2:TerminateInstances', INSTANCE, EARLIER)],
  'cancels its own request': [
    ask('ec2:CancelSpotInstanceRequests', arn('spot-instances-request/sir-1'), {
      'aws:ResourceTag/spot-keeper:fleet': 'ci',
    }),
  ],
  'hands the role of the nodes to EC2': [pass(role('builds-node'))],
  'receives from its queue': [ask('sqs:ReceiveMessage', queue('spot-keeper-ci'))],
  'deletes from its queue': [ask('sqs:DeleteMessage', queue('spot-keeper-ci'))],
  'finds its queue': [ask('sqs:GetQueueUrl', queue('spot-keeper-ci'))],
};

/** What it may not do. */
export const DENIED: Readonly<Record<string, readonly Question[]>> = {
  'reads another region': [ask('ec2:DescribeInstances', '*', { 'aws:RequestedRegion': 'eu-west-1' })],
  'reads secrets of instances': [ask('ec2:GetPasswordData', INSTANCE)],
  'reads user data': [ask('ec2:DescribeInstanceAttribute', INSTANCE)],
  'lists roles': [ask('iam:ListRoles', '*')],

  'launches without the tag of its fleet': launchOf(without(BORN, 'aws:RequestTag/spot-keeper:fleet')),
  'launches for another fleet': launchOf({ ...BORN, 'aws:RequestTag/spot-keeper:fleet': 'other' }),
  'launches without the tag of its cluster': launchOf(without(BORN, 'aws:RequestTag/kubernetes.io/cluster/builds')),
  'launches into a shared cluster tag': launchOf({ ...BORN, 'aws:RequestTag/kubernetes.io/cluster/builds': 'shared' }),
  'launches another type': launchOf({ ...BORN, 'ec2:InstanceType': 'p5.48xlarge' }),
  'launches in a market that no pool uses': launchOf({ ...BORN, 'ec2:InstanceMarketType': 'on-demand' }),
  'launches with the old metadata service': launchOf({ ...BORN, 'ec2:MetadataHttpTokens': 'optional' }),
  'launches without a word on metadata': launchOf(without(BORN, 'ec2:MetadataHttpTokens')),
  'launches with an untagged volume': launchWith(run(arn('volume/vol-1')), TAGGED_PARTS[0]!),
  'launches with an untagged interface': launchWith(run(arn('network-interface/eni-1')), TAGGED_PARTS[1]!),
  'launches with an untagged request': launchWith(run(arn('spot-instances-request/sir-1')), TAGGED_PARTS[2]!),
  'launches with the volume of another fleet': launchWith(
    run(arn('volume/vol-1'), { 'aws:RequestTag/spot-keeper:fleet': 'other' }),
    TAGGED_PARTS[0]!,
  ),
  'launches another image': launchWith(run('arn:aws:ec2:us-east-1::image/ami-0bad'), IMAGE),
  'launches in another subnet': launchWith(run(arn('subnet/subnet-0bad')), USING[0]!),
  'launches in another security group': launchWith(run(arn('security-group/sg-0bad')), USING[1]!),
  'launches from another template': launchWith(run(arn('launch-template/lt-0bad')), USING[2]!),
  'launches with a key pair': [...LAUNCH, run(arn('key-pair/somebody'))],
  'launches on a dedicated host': [...LAUNCH, run(arn('dedicated-host/h-1'))],
  'launches in another region': [run(arn('instance/i-1', 'eu-west-1'), BORN)],
  'launches in another account': [run(arn('instance/i-1', 'us-east-1', '999988887777'), BORN)],
  'launches by a fleet': [ask('ec2:CreateFleet', arn('fleet/f-1'), FLEET)],
  'launches by a spot request': [ask('ec2:RequestSpotInstances', arn('spot-instances-request/sir-1'), FLEET)],

  'takes a foreign instance by tagging it': [tag(INSTANCE, ['spot-keeper:fleet'], FLEET)],
  'takes it together with a harmless tag': [tag(INSTANCE, ['Name', 'spot-keeper:fleet'], FLEET)],
  'takes an instance of another fleet': [
    tag(INSTANCE, ['spot-keeper:fleet'], { ...FLEET, 'aws:ResourceTag/spot-keeper:fleet': 'other' }),
  ],
  'names a foreign instance': [tag(INSTANCE, ['Name'])],
  'names an instance of another fleet': [tag(INSTANCE, ['Name'], { 'aws:ResourceTag/spot-keeper:fleet': 'other' })],
  'moves its own instance to another slot': [tag(INSTANCE, ['spot-keeper:slot'], OURS)],
  'moves the end of its own lease': [tag(INSTANCE, ['spot-keeper:expires'], OURS)],
  'puts a tag of others on its own instance': [tag(INSTANCE, ['aws-node-termination-handler/managed'], OURS)],
  'puts a tag of its cluster on its own instance': [tag(INSTANCE, ['kubernetes.io/cluster/builds'], OURS)],
  'tags at a birth without its fleet': [tag(INSTANCE, ['Name'], AT_BIRTH)],
  'tags at a birth for another fleet': [
    tag(INSTANCE, ['spot-keeper:fleet'], { ...AT_BIRTH, 'aws:RequestTag/spot-keeper:fleet': 'other' }),
  ],
  'tags at a birth by a fleet': [tag(INSTANCE, ['spot-keeper:fleet'], { 'ec2:CreateAction': 'CreateFleet', ...FLEET })],
  'tags a volume later': [tag(arn('volume/vol-1'), ['Name'], { ...FLEET })],
  'names a volume of its own': [tag(arn('volume/vol-1'), ['Name'], OURS)],
  'tags an image': [tag('arn:aws:ec2:us-east-1::image/ami-0d4', ['Name'], { ...AT_BIRTH, ...FLEET })],
  'removes the tag of its fleet': [ask('ec2:DeleteTags', INSTANCE, { 'aws:TagKeys': ['spot-keeper:fleet'], ...OURS })],
  'removes any tag': [ask('ec2:DeleteTags', INSTANCE, { 'aws:TagKeys': ['Name'], ...OURS })],

  'ends a foreign instance': [ask('ec2:TerminateInstances', INSTANCE)],
  'ends an instance of another fleet': [
    ask('ec2:TerminateInstances', INSTANCE, { ...OURS, 'aws:ResourceTag/spot-keeper:fleet': 'other' }),
  ],
  'ends an instance of another cluster': [
    ask('ec2:TerminateInstances', INSTANCE, { 'aws:ResourceTag/spot-keeper:fleet': 'ci' }),
  ],
  'ends an instance of a shared cluster': [
    ask('ec2:TerminateInstances', INSTANCE, { ...OURS, 'aws:ResourceTag/kubernetes.io/cluster/builds': 'shared' }),
  ],
  'ends an instance in another region': [ask('ec2:TerminateInstances', arn('instance/i-1', 'eu-west-1'), OURS)],
  'takes a foreign instance, then ends it': [
    tag(INSTANCE, ['spot-keeper:fleet', 'kubernetes.io/cluster/builds'], { ...FLEET, ...CLUSTER }),
    ask('ec2:TerminateInstances', INSTANCE, OURS),
  ],
  'ends its own and a foreign instance': [
    ask('ec2:TerminateInstances', INSTANCE, OURS),
    ask('ec2:TerminateInstances', arn('instance/i-2')),
  ],
  'ends an instance that an earlier release launched for another fleet': [
    ask('ec2:TerminateInstances', INSTANCE, { ...EARLIER, 'aws:ResourceTag/spot-keeper.io/fleet': 'other' }),
  ],
  'ends an instance that an earlier release launched in another cluster': [
    ask('ec2:TerminateInstances', INSTANCE, without(EARLIER, 'aws:ResourceTag/kubernetes.io/cluster/builds')),
  ],
  'ends an instance that an earlier release launched in another region': [
    ask('ec2:TerminateInstances', arn('instance/i-1', 'eu-west-1'), EARLIER),
  ],
  'stops its own instance': [ask('ec2:StopInstances', INSTANCE, OURS)],
  'changes its own instance': [ask('ec2:ModifyInstanceAttribute', INSTANCE, OURS)],
  'cancels a foreign request': [ask('ec2:CancelSpotInstanceRequests', arn('spot-instances-request/sir-1'))],

  'cancels a request in another region': [
    ask('ec2:CancelSpotInstanceRequests', arn('spot-instances-request/sir-1', 'eu-west-1'), {
      'aws:ResourceTag/spot-keeper:fleet': 'ci',
    }),
  ],

  'hands over another role': [pass(role('admin'))],
  'hands over the same name in another account': [pass(role('builds-node', '999988887777'))],
  'hands the role of the nodes to another service': [
    pass(role('builds-node'), { 'iam:PassedToService': 'lambda.amazonaws.com' }),
  ],
  'hands the role of the nodes to nobody in particular': [pass(role('builds-node'), {})],
  'becomes another role': [ask('sts:AssumeRole', role('admin'))],

  'receives from another queue': [ask('sqs:ReceiveMessage', queue('payments'))],
  'receives from its queue in another region': [ask('sqs:ReceiveMessage', queue('spot-keeper-ci', 'eu-west-1'))],
  'empties its queue': [ask('sqs:PurgeQueue', queue('spot-keeper-ci'))],
  'writes to its queue': [ask('sqs:SendMessage', queue('spot-keeper-ci'))],

  'resizes the on-demand group': [
    ask('autoscaling:SetDesiredCapacity', 'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:*'),
  ],
  'attaches to the on-demand group': [
    ask('autoscaling:AttachInstances', 'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:*', OURS),
  ],
};
