import {
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeLaunchConfigurationsCommand,
  paginateDescribeAutoScalingGroups,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { refusal, stage } from './anAccount.ts';

const DATA = {
  ImageId: 'ami-0123456789abcdef0',
  InstanceType: 'm5.2xlarge',
  KeyName: 'ci',
  UserData: 'IyEvYmluL2Jhc2gK',
  EbsOptimized: true,
  IamInstanceProfile: { Name: 'node' },
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 100, VolumeType: 'gp3', Encrypted: true } }],
  NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false, Groups: ['sg-01', 'sg-02'] }],
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
  TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'build & ship' }] }],
  Monitoring: { Enabled: true },
  CreditSpecification: { CpuCredits: 'standard' },
  Placement: { Tenancy: 'default' },
} as const;

describe('a launch template', () => {
  it('is told as it was made, version by version', async () => {
    const { ec2 } = await stage();
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'ci',
        LaunchTemplateData: structuredClone(DATA) as never,
        TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'owner', Value: 'ci' }] }],
      }),
    );
    const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId;
    expect(LaunchTemplate).toMatchObject({ LaunchTemplateName: 'ci', LatestVersionNumber: 1, DefaultVersionNumber: 1 });
    await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { ImageId: 'ami-0bbbbbbbbbbbbbbbb' },
      }),
    );
    const versions = async (...Versions: string[]): Promise<unknown> =>
      (await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions })))
        .LaunchTemplateVersions;
    expect(await versions('$Default')).toMatchObject([
      { VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: DATA },
    ]);
    expect(await versions('$Latest')).toMatchObject([
      { VersionNumber: 2, DefaultVersion: false, LaunchTemplateData: { ...DATA, ImageId: 'ami-0bbbbbbbbbbbbbbbb' } },
    ]);
    expect(await versions()).toMatchObject([{ VersionNumber: 2 }, { VersionNumber: 1 }]);
    expect(await refusal(versions('7'))).toMatch(/^InvalidLaunchTemplateId.VersionNotFound 400/);
    await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: '2' }));
    const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['ci'] }));
    expect(LaunchTemplates).toMatchObject([
      { LaunchTemplateId, DefaultVersionNumber: 2, LatestVersionNumber: 2, Tags: [{ Key: 'owner', Value: 'ci' }] },
    ]);
  });

  it('that nobody made is not found', async () => {
    const { ec2 } = await stage();
    const ask = (input: object): Promise<string> => refusal(ec2.send(new DescribeLaunchTemplateVersionsCommand(input)));
    expect(await ask({ LaunchTemplateId: 'lt-0123' })).toMatch(/^InvalidLaunchTemplateId.NotFound 400/);
    expect(await ask({ LaunchTemplateId: 'nonsense' })).toMatch(/^InvalidLaunchTemplateId.Malformed 400/);
    expect(await ask({ LaunchTemplateName: 'x' })).toMatch(/^InvalidLaunchTemplateName.NotFoundException 400/);
  });
});

describe('an Auto Scaling group', () => {
  const GROUP = {
    AutoScalingGroupName: 'ci-on-demand',
    MinSize: 0,
    MaxSize: 20,
    LaunchTemplate: { LaunchTemplateName: 'ci', Version: '$Latest' },
    VPCZoneIdentifier: '',
    Tags: [
      { Key: 'team', Value: '<build> & ship', PropagateAtLaunch: true },
      { Key: 'k8s.io/cluster-autoscaler/enabled', Value: 'true', PropagateAtLaunch: false },
    ],
  };

  it('is told with its subnets, tags, suspended processes and instances', async () => {
    const { autoScaling, ec2, account } = await stage();
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName: 'ci', LaunchTemplateData: { KeyName: 'ci' } }),
    );
    const [a, b] = account.subnets.all();
    const VPCZoneIdentifier = `${a!.subnetId}, ${b!.subnetId}`;
    await autoScaling.send(new CreateAutoScalingGroupCommand({ ...GROUP, VPCZoneIdentifier }));
    await autoScaling.send(
      new SuspendProcessesCommand({ AutoScalingGroupName: 'ci-on-demand', ScalingProcesses: ['Launch', 'Terminate'] }),
    );
    await autoScaling.send(
      new ResumeProcessesCommand({ AutoScalingGroupName: 'ci-on-demand', ScalingProcesses: ['Terminate'] }),
    );
    const member = account.addInstance({
      instanceType: 'm5.2xlarge',
      subnetId: a!.subnetId,
      tags: { 'aws:autoscaling:groupName': 'ci-on-demand' },
    });
    account.setState(member.instanceId, 'running');
    const ask = async (IncludeInstances?: boolean): Promise<unknown> =>
      (
        await autoScaling.send(
          new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['ci-on-demand', 'nobody'], IncludeInstances }),
        )
      ).AutoScalingGroups;
    expect(await ask()).toMatchObject([
      {
        AutoScalingGroupName: 'ci-on-demand',
        LaunchTemplate: {
          LaunchTemplateId: LaunchTemplate?.LaunchTemplateId,
          LaunchTemplateName: 'ci',
          Version: '$Latest',
        },
        MinSize: 0,
        MaxSize: 20,
        DesiredCapacity: 0,
        VPCZoneIdentifier,
        AvailabilityZones: ['eu-central-1a', 'eu-central-1b'],
        Tags: [
          { Key: 'team', Value: '<build> & ship', PropagateAtLaunch: true, ResourceId: 'ci-on-demand' },
          { Key: 'k8s.io/cluster-autoscaler/enabled', PropagateAtLaunch: false },
        ],
        SuspendedProcesses: [{ ProcessName: 'Launch' }],
        Instances: [{ InstanceId: member.instanceId, LifecycleState: 'InService' }],
      },
    ]);
    expect(await ask(false)).toMatchObject([{ Instances: [] }]);
    expect(
      await refusal(autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'ci-on-demand' }))),
    ).toMatch(/^ResourceInUse\w* 400/);
  });

  it('changes its source, sizes and tags, and goes', async () => {
    const { autoScaling, account } = await stage();
    const AutoScalingGroupName = 'ci-on-demand';
    await autoScaling.send(new CreateAutoScalingGroupCommand(GROUP));
    const MixedInstancesPolicy = {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateId: 'lt-0123', Version: '3' },
        Overrides: [{ InstanceType: 'm5.2xlarge', WeightedCapacity: '2' }, { InstanceType: 'm5a.2xlarge' }],
      },
      InstancesDistribution: { OnDemandBaseCapacity: 1 },
    };
    await autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MixedInstancesPolicy, MaxSize: 5, DesiredCapacity: 2 }),
    );
    await autoScaling.send(
      new CreateOrUpdateTagsCommand({
        Tags: [
          {
            ResourceId: AutoScalingGroupName,
            ResourceType: 'auto-scaling-group',
            Key: 'team',
            Value: 'x',
            PropagateAtLaunch: false,
          },
        ],
      }),
    );
    const ask = async (): Promise<{ LaunchTemplate?: unknown }[] | undefined> =>
      (await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] })))
        .AutoScalingGroups;
    const [group] = (await ask()) ?? [];
    expect(group).toMatchObject({ MixedInstancesPolicy, MaxSize: 5, MinSize: 0, DesiredCapacity: 2 });
    expect(group?.LaunchTemplate).toBeUndefined();
    expect(account.groups.get(AutoScalingGroupName)?.tags).toHaveLength(2);
    await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName }));
    expect(await ask()).toEqual([]);
    expect(await refusal(autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName })))).toMatch(
      /^ValidationError 400: AutoScalingGroup name not found/,
    );
  });

  it('comes with others in pages', async () => {
    const { autoScaling } = await stage();
    for (const name of ['a', 'b', 'c'])
      await autoScaling.send(new CreateAutoScalingGroupCommand({ ...GROUP, AutoScalingGroupName: name }));
    expect(
      await refusal(autoScaling.send(new CreateAutoScalingGroupCommand({ ...GROUP, AutoScalingGroupName: 'a' }))),
    ).toMatch(/^AlreadyExists\w* 400/);
    const names: (string | undefined)[][] = [];
    for await (const page of paginateDescribeAutoScalingGroups({ client: autoScaling, pageSize: 2 }, {}))
      names.push((page.AutoScalingGroups ?? []).map(({ AutoScalingGroupName }) => AutoScalingGroupName));
    expect(names).toEqual([['a', 'b'], ['c']]);
  });
});

describe('a launch configuration', () => {
  it('is told as it was made, and goes when no group needs it', async () => {
    const { autoScaling } = await stage();
    const made = {
      LaunchConfigurationName: 'ci',
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 'm5.2xlarge',
      SecurityGroups: ['sg-01'],
      IamInstanceProfile: 'arn:aws:iam::123456789012:instance-profile/node',
      UserData: 'IyEvYmluL2Jhc2gK',
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 100 } },
        { DeviceName: '/dev/xvdb', NoDevice: true },
      ],
      AssociatePublicIpAddress: false,
      MetadataOptions: { HttpTokens: 'required' as const },
    };
    await autoScaling.send(new CreateLaunchConfigurationCommand(made));
    const ask = async (): Promise<unknown> =>
      (await autoScaling.send(new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: ['ci'] })))
        .LaunchConfigurations;
    expect(await ask()).toMatchObject([{ ...made, InstanceMonitoring: { Enabled: true }, KeyName: '' }]);
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'g',
        MinSize: 0,
        MaxSize: 1,
        LaunchConfigurationName: 'ci',
      }),
    );
    const remove = new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: 'ci' });
    expect(await refusal(autoScaling.send(remove))).toMatch(/^ResourceInUse\w* 400/);
    await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'g' }));
    await autoScaling.send(remove);
    expect(await ask()).toEqual([]);
  });
});
