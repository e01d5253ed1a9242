import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type Resolution, resolveTemplate } from '../../../../src/live/aws/template/resolveTemplate.ts';
import { drift, type Template } from '../../../../src/live/aws/template/template.ts';
import { termConditions } from '../../../../src/live/aws/template/termConditions.ts';
import { type Answered, type Script, type Scripted, scriptedAws } from '../launch/scriptedAws.ts';
import { account, aGroup, aGroupFrom, aTag } from './groups.ts';

let aws: Scripted | undefined;

afterEach(() => aws?.close());

const resolve = async (script: Script): Promise<Resolution> => {
  await aws?.close();
  aws = await scriptedAws(script);
  return resolveTemplate(aws, 'ci');
};

const templateOf = async (script: Script): Promise<Template> => {
  const resolution = await resolve(script);
  if (resolution.kind !== 'resolved') throw new Error(JSON.stringify(resolution));
  return resolution.template;
};

const USER_DATA = Buffer.from('#!/bin/sh\nexport TOKEN=hunter2\n').toString('base64');

const FULL_TEMPLATE = {
  imageId: 'ami-0123456789abcdef0',
  instanceType: 'm5.large',
  keyName: 'ops',
  ebsOptimized: true,
  iamInstanceProfile: { arn: 'arn:aws-cn:iam::111122223333:instance-profile/path/node' },
  monitoring: { enabled: false },
  placement: { tenancy: 'default', availabilityZone: '' },
  metadataOptions: { state: 'applied', httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
  cpuOptions: { coreCount: 1, threadsPerCore: 2 },
  blockDeviceMappingSet: [
    {
      deviceName: '/dev/xvda',
      ebs: { volumeSize: 100, volumeType: 'gp3', encrypted: true, deleteOnTermination: true },
    },
  ],
  networkInterfaceSet: [
    {
      deviceIndex: 0,
      associatePublicIpAddress: false,
      deleteOnTermination: true,
      groupSet: ['sg-1', 'sg-2'],
      ipv6AddressesSet: [],
    },
  ],
  tagSpecificationSet: [
    { resourceType: 'instance', tagSet: [{ key: 'team', value: 'platform' }] },
    { resourceType: 'volume', tagSet: [{ key: 'backup', value: 'no' }] },
  ],
  userData: USER_DATA,
};

const FULL_CONFIGURATION = {
  LaunchConfigurationName: 'ci-2019',
  ImageId: 'ami-1',
  InstanceType: 'm4.large',
  KeyName: '',
  SecurityGroups: ['sg-1', 'sg-2'],
  UserData: USER_DATA,
  IamInstanceProfile: 'node',
  KernelId: '',
  RamdiskId: '',
  EbsOptimized: true,
  SpotPrice: '0.10',
  AssociatePublicIpAddress: true,
  PlacementTenancy: 'dedicated',
  BlockDeviceMappings: [
    { DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-1', VolumeSize: 50, VolumeType: 'gp2' } },
    { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
    { DeviceName: '/dev/sdc', NoDevice: true },
  ],
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
};

describe('what a group would launch', () => {
  const GOLDEN = [
    ['launch-template', account(aGroup(), { 'lt-0ab': FULL_TEMPLATE })],
    ['launch-configuration', account(aGroupFrom({ LaunchConfigurationName: 'ci-2019' }), {}, [FULL_CONFIGURATION])],
    [
      'mixed-instances',
      account(
        aGroupFrom({
          MixedInstancesPolicy: {
            LaunchTemplate: {
              LaunchTemplateSpecification: { LaunchTemplateId: 'lt-0ab', Version: '7' },
              Overrides: [
                { InstanceType: 'm5.large', WeightedCapacity: '1' },
                { InstanceType: 'm5a.large', WeightedCapacity: '1', ImageId: 'ami-2' },
                {
                  InstanceType: 'm6g.large',
                  WeightedCapacity: '1',
                  LaunchTemplateSpecification: { LaunchTemplateId: 'lt-0arm', Version: '$Default' },
                },
              ],
            },
          },
        }),
        { 'lt-0ab': { imageId: 'ami-1' }, 'lt-0arm': { imageId: 'ami-arm' } },
      ),
    ],
  ] as const;

  it.each(GOLDEN)('is read from a %s field by field', async (name, script) => {
    const template = await templateOf(script);
    await expect(`${JSON.stringify(template, null, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, `${name}.golden.json`),
    );
  });

  it('takes the number of the version that is newest now', async () => {
    const { source } = await templateOf(account(aGroup()));
    expect(source).toMatchObject({ kind: 'launch-template', id: 'lt-0ab', version: 7 });
    expect(aws?.sent('DescribeLaunchTemplateVersions')).toEqual([
      { LaunchTemplateId: 'lt-0ab', 'LaunchTemplateVersion.1': '$Latest' },
    ]);
  });

  it('never prints its user data, and knows it by a hash', async () => {
    const { source } = await templateOf(account(aGroup(), { 'lt-0ab': FULL_TEMPLATE }));
    expect(source.blueprint.userData?.reveal()).toBe(USER_DATA);
    const printed = `${JSON.stringify(source)} ${inspect(source, { depth: 9 })} ${String(source.blueprint.userData)}`;
    expect(printed).not.toContain(USER_DATA);
    expect(printed).toContain('[redacted]');
    expect(source.blueprint.userDataHash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('has the tags that the group propagates, but nobody else’s and none of AWS', async () => {
    const Tags = [
      aTag('team', 'build'),
      aTag('cost', 'ci', false),
      aTag('aws:autoscaling:groupName', 'ci'),
      aTag('karpenter.sh/nodepool', 'default'),
      aTag('aws-node-termination-handler/managed', ''),
      aTag('SpotSysGeneration', '4'),
      aTag('spot-keeper.io/fleet', 'other'),
      aTag('kubernetes.io/cluster/main', 'owned'),
      aTag('k8s.io/cluster-autoscaler/enabled', ''),
    ];
    const resolution = await resolve(account(aGroup({ Tags })));
    expect(resolution).toMatchObject({
      template: {
        tags: { team: 'build', 'kubernetes.io/cluster/main': 'owned', 'k8s.io/cluster-autoscaler/enabled': '' },
      },
      warnings: [
        expect.stringContaining('karpenter.sh/nodepool'),
        expect.stringContaining('aws-node-termination-handler/managed'),
        expect.stringContaining('SpotSysGeneration'),
      ],
    });
    expect(Object.keys(resolution.kind === 'resolved' ? resolution.template.tags : {})).toHaveLength(3);
  });

  it('is unsupported where instances may read their tags, and a key is none that EC2 lets them read', async () => {
    const data = { imageId: 'ami-1', metadataOptions: { httpTokens: 'required', instanceMetadataTags: 'enabled' } };
    const Tags = [aTag('team', 'build'), aTag('kubernetes.io/cluster/main', 'owned'), aTag('two words', '')];
    expect(await resolve(account(aGroup({ Tags }), { 'lt-0ab': data }))).toMatchObject({
      kind: 'unsupported',
      problems: [expect.stringContaining('kubernetes.io/cluster/main, two words')],
    });
  });
});

describe('the hash of a template', () => {
  const hash = async (group = aGroup(), data = FULL_TEMPLATE as object): Promise<string> =>
    (await templateOf(account(group, { 'lt-0ab': data as typeof FULL_TEMPLATE }))).hash;

  it('changes with whatever shapes an instance', async () => {
    const hashes = [
      await hash(),
      await hash(aGroup(), { ...FULL_TEMPLATE, imageId: 'ami-2' }),
      await hash(aGroup(), { ...FULL_TEMPLATE, userData: 'IyEvYmluL3No' }),
      await hash(aGroup(), { ...FULL_TEMPLATE, enclaveOptions: { enabled: true } }),
      await hash(aGroup({ Tags: [aTag('team', 'other')] })),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('stays with another subnet, another type to buy, and another order of the answer', async () => {
    const [first = {}] = FULL_TEMPLATE.networkInterfaceSet;
    const same = [
      await hash(aGroup({ VPCZoneIdentifier: 'subnet-0a' })),
      await hash(aGroup(), { ...FULL_TEMPLATE, instanceType: 'm5.xlarge' }),
      await hash(aGroup(), {
        ...FULL_TEMPLATE,
        networkInterfaceSet: [{ ...first, groupSet: ['sg-2', 'sg-1'] }],
        tagSpecificationSet: FULL_TEMPLATE.tagSpecificationSet.toReversed(),
      }),
    ];
    expect(new Set(same)).toEqual(new Set([await hash()]));
  });

  it('tells an outdated block, and says nothing of a block without one', async () => {
    const template = await templateOf(account(aGroup()));
    expect([drift(template, template.hash), drift(template, '0123456789abcdef'), drift(template, '')]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('a group that no keeper can copy', () => {
  const data = (fields: object): Script => account(aGroup(), { 'lt-0ab': { imageId: 'ami-1', ...fields } });
  const policy = (override: object): Script =>
    account(
      aGroupFrom({
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateId: 'lt-0ab' },
            Overrides: [{ ...override }],
          },
        },
      }),
    );

  it.each([
    ['has no subnets', account(aGroup({ VPCZoneIdentifier: ' ,' })), 'VPCZoneIdentifier'],
    ['is being deleted', account(aGroup({ Status: 'Delete in progress' })), 'name another group'],
    ['names a launch template that is gone', account(aGroup(), {}), 'a version that exists'],
    ['buys spot by itself', data({ instanceMarketOptions: { marketType: 'spot' } }), 'without them'],
    [
      'chooses types by requirements',
      data({ instanceRequirements: { vCpuCount: { min: 2 } } }),
      'InstanceRequirements',
    ],
    [
      'has an override by requirements',
      policy({ InstanceRequirements: { VCpuCount: { Min: 2 } } }),
      'name instance types',
    ],
    [
      'fixes an interface',
      data({ networkInterfaceSet: [{ deviceIndex: 0, networkInterfaceId: 'eni-1' }] }),
      'interface',
    ],
    ['names security groups by name', data({ securityGroupSet: ['default'] }), 'by id'],
    ['names no image', account(aGroup(), { 'lt-0ab': { keyName: 'ops' } }), 'ImageId'],
    [
      'is Karpenter’s',
      data({
        tagSpecificationSet: [{ resourceType: 'instance', tagSet: [{ key: 'karpenter.sh/nodepool', value: 'a' }] }],
      }),
      'Karpenter',
    ],
    [
      'leaves no room for our tags',
      account(aGroup({ Tags: Array.from({ length: 41 }, (_, count) => aTag(`tag-${count}`, '')) })),
      'propagate at most 40',
    ],
  ])('%s: the problem names its remedy', async (_, script, remedy) => {
    expect(await resolve(script)).toEqual({
      kind: 'unsupported',
      problems: [expect.stringContaining(remedy)],
    });
  });
});

describe('what people should know of a group', () => {
  const warned = async (group: Parameters<typeof account>[0], fields: object = {}): Promise<readonly string[]> => {
    const resolution = await resolve(account(group, { 'lt-0ab': { imageId: 'ami-1', ...fields } }));
    return resolution.kind === 'resolved' ? resolution.warnings : [JSON.stringify(resolution)];
  };

  it('is said for each thing once', async () => {
    const suspended = [{ ProcessName: 'Launch', SuspensionReason: 'failed for 24 h' }];
    expect(await warned(aGroup({ SuspendedProcesses: suspended }))).toEqual([
      expect.stringContaining('failed for 24 h'),
    ]);
    expect(await warned(aGroup({ WarmPoolConfiguration: { MinSize: 2, PoolState: 'Stopped' } }))).toEqual([
      expect.stringContaining('warm pool'),
    ]);
    expect(await warned(aGroup({ PlacementGroup: 'close' }))).toEqual([expect.stringContaining('close')]);
    expect(await warned(aGroup(), { imageId: 'resolve:ssm:/ci/ami' })).toEqual([expect.stringContaining('/ci/ami')]);
    expect(await warned(aGroup(), { disableApiTermination: true })).toEqual([expect.stringContaining('protects')]);
    expect(await warned(aGroup(), { placement: { availabilityZone: 'eu-central-1a' } })).toEqual([
      expect.stringContaining('eu-central-1a'),
    ]);
    expect(await warned(aGroup())).toEqual([]);
  });

  it('says that weights mean nothing for blocks', async () => {
    const Overrides = [
      { InstanceType: 'm5.large', WeightedCapacity: '1' },
      { InstanceType: 'm5.xlarge', WeightedCapacity: '2' },
    ];
    const LaunchTemplate = { LaunchTemplateSpecification: { LaunchTemplateId: 'lt-0ab' }, Overrides };
    expect(await warned(aGroupFrom({ MixedInstancesPolicy: { LaunchTemplate } }))).toEqual([
      expect.stringContaining('(1, 2)'),
    ]);
  });

  it('tells what a spot block cannot carry', async () => {
    const template = await templateOf(account(aGroup(), { 'lt-0ab': FULL_TEMPLATE }));
    expect(termConditions(template, 'spot')).toEqual({ problems: [], warnings: [] });
    expect(termConditions(template, 'spot-block')).toEqual({
      problems: [expect.stringContaining('IMDSv2')],
      warnings: [expect.stringContaining('MetadataOptions, CpuOptions')],
    });
  });
});

describe('an answer that says nothing', () => {
  const expectUnknown = async (script: Script): Promise<void> => {
    const resolution = await resolve(script);
    expect(resolution.kind).toBe('unknown');
    expect(resolution).not.toHaveProperty('missing');
  };
  const FAULTS: readonly (readonly [what: string, answer: Answered])[] = [
    ['an empty body', { raw: '', status: 200 }],
    ['a web page', { raw: '<html><body>proxy</body></html>', status: 200 }],
    ['half an answer', { raw: '<Response><a>', status: 200 }],
    ['a refusal', { error: 'UnauthorizedOperation', status: 403 }],
    ['a lost line', 'lost'],
  ];
  const withAnswer = (action: string, answer: Script[string]): Script => ({ ...account(aGroup()), [action]: answer });

  it('is no proof that the group is gone, not even an empty list', async () => {
    expect(await resolve(account(undefined))).toMatchObject({ kind: 'unknown', missing: true });
    const stranger = { AutoScalingGroups: [aGroup({ AutoScalingGroupName: 'ci-2' })] };
    expect(await resolve(withAnswer('DescribeAutoScalingGroups', () => stranger))).toMatchObject({ missing: true });
  });

  it.each(
    ['DescribeAutoScalingGroups', 'DescribeLaunchTemplateVersions', 'DescribeSubnets'].flatMap((action) =>
      FAULTS.map(([what, answer]) => [action, what, answer] as const),
    ),
  )('%s answered by %s is unknown and never unsupported', async (action, _, answer) => {
    await expectUnknown(withAnswer(action, () => answer));
  });

  it.each([
    [
      'a group without the list of its tags',
      withAnswer('DescribeAutoScalingGroups', () => ({ AutoScalingGroups: [aGroup({ Tags: undefined })] })),
    ],
    ['a group without anything to launch', account(aGroupFrom({}))],
    [
      'a subnet left out',
      withAnswer('DescribeSubnets', () => ({ subnetSet: [{ subnetId: 'subnet-0a', availabilityZone: 'z' }] })),
    ],
    [
      'another version than was asked for',
      account(aGroup({ LaunchTemplate: { LaunchTemplateId: 'lt-0ab', Version: '6' } })),
    ],
    [
      'a list of groups that goes round in circles',
      withAnswer('DescribeAutoScalingGroups', () => ({ AutoScalingGroups: [], NextToken: 'again' })),
    ],
  ])('%s is unknown', async (_, script) => {
    await expectUnknown(script);
  });
});
