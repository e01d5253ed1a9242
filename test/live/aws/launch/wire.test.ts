import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { Account, type AccountOptions } from '../../../../fakes/aws/account.ts';
import type { FaultKind } from '../../../../fakes/aws/faults.ts';
import { type AwsServer, awsServer } from '../../../../fakes/aws/server.ts';
import { hours, NEVER } from '../../../../src/domain/time.ts';
import type { Term } from '../../../../src/domain/words.ts';
import { awsCaller } from '../../../../src/live/aws/calls/call.ts';
import { type Aws, awsClients } from '../../../../src/live/aws/calls/clients.ts';
import { launchParameters } from '../../../../src/live/aws/launch/intent.ts';
import type { LaunchAnswer } from '../../../../src/live/aws/launch/launchAnswer.ts';
import { settleLaunch } from '../../../../src/live/aws/launch/settleLaunch.ts';
import { resolveTemplate } from '../../../../src/live/aws/template/resolveTemplate.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { jumpingClock } from './scriptedAws.ts';

let server: AwsServer;
let aws: Aws;

afterEach(async () => {
  aws.destroy();
  await server.close();
});

/** A block bought for a group of a simulated account, from the group's template to the lease. */
async function bought(term: Term, fault?: FaultKind, options: Partial<AccountOptions> = {}): Promise<LaunchAnswer> {
  const clock = jumpingClock();
  const account = new Account({ now: () => clock.now(), settlesAfterMs: 0, ...options });
  server = await awsServer({ account });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: account.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  aws = awsClients();
  const port = { aws, clock, caller: awsCaller({ telemetry: silent, clock }) };
  await aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'ci',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 'm5.xlarge', UserData: 'IyEvYmluL3No' },
    }),
  );
  const [subnet] = account.subnets.all();
  await aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'ci',
      MinSize: 0,
      MaxSize: 4,
      LaunchTemplate: { LaunchTemplateName: 'ci', Version: '$Latest' },
      VPCZoneIdentifier: subnet?.subnetId,
      Tags: [{ Key: 'team', Value: 'build', PropagateAtLaunch: true }],
    }),
  );
  if (fault !== undefined) server.faults.add({ action: 'RunInstances', times: 1, ...fault });

  const resolution = await resolveTemplate(port, 'ci');
  if (resolution.kind !== 'resolved') throw new Error(JSON.stringify(resolution));
  const { template } = resolution;
  const offer = {
    instanceType: 'm5.large',
    zone: subnet?.zone ?? '',
    term,
    durationMs: hours(2),
    usdPerHour: 0.04,
  };
  const order = { fleet: 'main', blockId: 'ci-0.1', token: 'ci-0.1.1', offer, template, at: clock.now() };
  const intent = launchParameters(order);
  if ('problem' in intent) throw new Error(intent.problem);
  return settleLaunch(port, intent, template);
}

async function instances(): Promise<readonly Instance[]> {
  const { Reservations } = await aws.ec2.send(new DescribeInstancesCommand({}));
  return (Reservations ?? []).flatMap((one) => one.Instances ?? []);
}

describe('a block bought from an account', () => {
  it.each([
    ['spot', 'spot'],
    ['on-demand', undefined],
  ] as const)('of the term %s is one instance with the tags of its group and of its block', async (term, lifecycle) => {
    expect(await bought(term)).toMatchObject({ kind: 'granted', lease: { hardEndAt: NEVER } });
    const [instance, ...more] = await instances();
    expect(more).toEqual([]);
    expect([instance?.InstanceType, instance?.InstanceLifecycle]).toEqual(['m5.large', lifecycle]);
    expect(instance?.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'team', Value: 'build' },
        { Key: 'spot-keeper:token', Value: 'ci-0.1.1' },
      ]),
    );
  });

  it.each([
    ['lostAnswer', { kind: 'lostAnswer' }],
    ['reset', { kind: 'reset' }],
    ['body', { kind: 'body', text: '<html></html>' }],
  ] as const)('is one instance although the first call failed by %s', async (_, fault) => {
    const answer = await bought('spot', fault);
    const all = await instances();
    expect(all).toHaveLength(1);
    expect(answer).toMatchObject({ kind: 'granted', lease: { instanceId: all[0]?.InstanceId } });
  });

  it('is refused where AWS no longer sells its term, and leaves nothing', async () => {
    expect(await bought('spot-block')).toMatchObject({ kind: 'refused', refusal: 'unsupported-term' });
    expect(await instances()).toEqual([]);
  });

  it('has the end of a spot block where AWS still sold them, and the tags of its request', async () => {
    const answer = await bought('spot-block', undefined, { sellsBlocks: true });
    expect(answer.kind === 'granted' && answer.lease.hardEndAt - answer.lease.startsAt).toBe(hours(2));
    const [instance] = await instances();
    expect(instance?.Tags).toContainEqual({ Key: 'spot-keeper:token', Value: 'ci-0.1.1' });
  });
});
