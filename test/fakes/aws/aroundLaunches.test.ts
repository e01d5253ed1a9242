import {
  CreateAutoScalingGroupCommand,
  DeleteLifecycleHookCommand,
  DescribeLifecycleHooksCommand,
  PutLifecycleHookCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  GetInstanceMetadataDefaultsCommand,
  type InstanceMetadataTagsState,
  ModifyInstanceMetadataDefaultsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { refusal, run, stage } from './anAccount.ts';

describe('lifecycle hooks', () => {
  const group = { AutoScalingGroupName: 'ci' };
  const hook = { ...group, LifecycleHookName: 'warm-cache' };

  it('are kept and told of, group by group', async () => {
    const { autoScaling } = await stage();
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({ ...group, MinSize: 0, MaxSize: 1, LaunchConfigurationName: 'one' }),
    );
    const told = async () => (await autoScaling.send(new DescribeLifecycleHooksCommand(group))).LifecycleHooks;
    expect(await told()).toEqual([]);
    const transition = { LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' };
    await autoScaling.send(new PutLifecycleHookCommand({ ...hook, ...transition, HeartbeatTimeout: 60 }));
    expect(await told()).toEqual([
      { ...hook, ...transition, HeartbeatTimeout: 60, GlobalTimeout: 172_800, DefaultResult: 'ABANDON' },
    ]);
    await autoScaling.send(new DeleteLifecycleHookCommand(hook));
    expect(await told()).toEqual([]);
  });

  it('are of a group that there is, and of a transition that there is', async () => {
    const { autoScaling } = await stage();
    expect(await refusal(autoScaling.send(new DescribeLifecycleHooksCommand(group)))).toContain('ValidationError');
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({ ...group, MinSize: 0, MaxSize: 1, LaunchConfigurationName: 'one' }),
    );
    const strange = new PutLifecycleHookCommand({ ...hook, LifecycleTransition: 'autoscaling:ANY' });
    expect(await refusal(autoScaling.send(strange))).toContain('ValidationError');
  });
});

describe('tags that an instance may read', () => {
  const born = { ResourceType: 'instance', Tags: [{ Key: 'kubernetes.io/cluster/main', Value: 'owned' }] } as const;
  const launch = (tags?: InstanceMetadataTagsState) => ({
    TagSpecifications: [structuredClone(born) as never],
    ...(tags === undefined ? {} : { MetadataOptions: { InstanceMetadataTags: tags } }),
  });

  it('have no slash in their keys, be it for the launch or for the default of the account', async () => {
    const { ec2 } = await stage();
    expect(await refusal(run(ec2, launch('enabled')))).toContain('is not a valid tag key');
    await run(ec2, launch());
    await ec2.send(new ModifyInstanceMetadataDefaultsCommand({ InstanceMetadataTags: 'enabled' }));
    expect((await ec2.send(new GetInstanceMetadataDefaultsCommand({}))).AccountLevel).toMatchObject({
      InstanceMetadataTags: 'enabled',
    });
    expect(await refusal(run(ec2, launch()))).toContain('is not a valid tag key');
    await run(ec2, launch('disabled'));
    await ec2.send(new ModifyInstanceMetadataDefaultsCommand({ InstanceMetadataTags: 'no-preference' }));
    await run(ec2, launch());
  });
});
