import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  type EC2Client,
  paginateDescribeInstances,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../src/domain/time.ts';
import { refusal, run, SPOT, stage } from './anAccount.ts';

const list = async (ec2: EC2Client, Filters: { Name: string; Values: string[] }[]): Promise<(string | undefined)[]> => {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId));
};

describe('what is told of instances', () => {
  it('can be asked for by tags, state, token, type, place, and with wildcards', async () => {
    const { ec2, account } = await stage();
    const [a, b] = account.subnets.all();
    const tags = { 'spot-keeper.io/fleet': 'ci', Name: 'a*b' };
    const ours = account.addInstance({ instanceType: 'm5.2xlarge', subnetId: a!.subnetId, tags, clientToken: 't-1' });
    const other = account.addInstance({ instanceType: 'c5.2xlarge', subnetId: b!.subnetId, tags: { fleet: 'x' } });
    account.setState(other.instanceId, 'running');
    const found = (Name: string, ...Values: string[]): Promise<(string | undefined)[]> => list(ec2, [{ Name, Values }]);
    expect(await found('tag:spot-keeper.io/fleet', 'ci')).toEqual([ours.instanceId]);
    expect(await found('tag:spot-keeper.io/fleet', 'other', 'c*')).toEqual([ours.instanceId]);
    expect(await found('tag:spot-keeper.io/fleet', 'CI')).toEqual([]);
    expect(await found('tag:Name', 'a\\*b')).toEqual([ours.instanceId]);
    expect(await found('tag:Name', 'a\\*')).toEqual([]);
    expect(await found('tag-key', 'fleet')).toEqual([other.instanceId]);
    expect(await found('instance-state-name', 'running', 'stopping')).toEqual([other.instanceId]);
    expect(await found('client-token', 't-1')).toEqual([ours.instanceId]);
    expect(await found('instance-type', '?5.*')).toEqual([ours.instanceId, other.instanceId]);
    expect(await found('subnet-id', b!.subnetId)).toEqual([other.instanceId]);
    expect(await found('availability-zone', 'eu-central-1a')).toEqual([ours.instanceId]);
    expect(await found('vpc-id', account.vpcId)).toHaveLength(2);
    expect(
      await list(ec2, [
        { Name: 'tag-key', Values: ['*'] },
        { Name: 'instance-type', Values: ['c*'] },
      ]),
    ).toEqual([other.instanceId]);
    expect(await refusal(found('colour', 'red'))).toBe("InvalidParameterValue 400: The filter 'colour' is invalid");
  });

  it('comes in pages, each thing once', async () => {
    const { ec2, account } = await stage();
    const [subnet] = account.subnets.all();
    const ids = Array.from(
      { length: 12 },
      () => account.addInstance({ instanceType: 'm5.large', subnetId: subnet!.subnetId }).instanceId,
    );
    const seen: (string | undefined)[] = [];
    let pages = 0;
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2, pageSize: 5 }, {})) {
      pages += 1;
      seen.push(...Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId)));
    }
    expect(seen).toEqual(ids);
    expect(pages).toBe(3);
    expect(await refusal(ec2.send(new DescribeInstancesCommand({ NextToken: 'made-up' })))).toMatch(
      /^InvalidPaginationToken 400/,
    );
    expect(await refusal(ec2.send(new DescribeInstancesCommand({ InstanceIds: [ids[0]!], MaxResults: 5 })))).toMatch(
      /^InvalidParameterCombination 400/,
    );
  });

  it('says none in a way that clients can tell from silence', async () => {
    const { ec2 } = await stage();
    expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  });

  it('knows an id that is none, and one that nobody has', async () => {
    const { ec2 } = await stage();
    const ask = (...InstanceIds: string[]): Promise<unknown> => ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    expect(await refusal(ask('i-nonsense'))).toBe('InvalidInstanceID.Malformed 400: Invalid id: "i-nonsense"');
    expect(await refusal(ask('i-00000001', 'i-00000002'))).toBe(
      "InvalidInstanceID.NotFound 400: The instance IDs 'i-00000001, i-00000002' do not exist",
    );
  });

  it('carries any text there and back', async () => {
    const { ec2, account } = await stage();
    const texts = ['a & b', '<b>"quoted"</b>', "it's", 'ünïcödé 🚀', 'a\ttab', '&amp;', 'a=b&c=d', ' spaced '];
    const [subnet] = account.subnets.all();
    const { instanceId } = account.addInstance({ instanceType: 'm5.large', subnetId: subnet!.subnetId });
    const Tags = texts.map((Value, index) => ({ Key: `key ${index} <&>`, Value }));
    await ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    expect(account.instances.get(instanceId)?.tags).toEqual(
      Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    );
    expect(Reservations?.[0]?.Instances?.[0]?.Tags).toEqual(Tags);
  });

  it('has a status for those that run, and for all on demand', async () => {
    const { ec2, account } = await stage();
    const { InstanceId } = await run(ec2);
    const status = async (IncludeAllInstances?: boolean): Promise<unknown> =>
      (await ec2.send(new DescribeInstanceStatusCommand({ IncludeAllInstances }))).InstanceStatuses;
    expect(await status()).toEqual([]);
    expect(await status(true)).toMatchObject([{ InstanceId, InstanceState: { Name: 'pending' } }]);
    account.setState(InstanceId!, 'running');
    expect(await status()).toMatchObject([{ InstanceId, InstanceStatus: { Status: 'ok' } }]);
  });
});

describe('tags', () => {
  it('are put, replaced and removed, and never those of AWS', async () => {
    const { ec2, account } = await stage();
    const { InstanceId = '' } = await run(ec2);
    const put = (Key: string, Value: string): Promise<unknown> =>
      ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key, Value }] }));
    await put('phase', 'serving');
    await put('phase', 'draining');
    await put('Name', 'ci-0');
    expect(account.instances.get(InstanceId)?.tags).toEqual({ phase: 'draining', Name: 'ci-0' });
    await ec2.send(
      new DeleteTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'phase', Value: 'serving' }, { Key: 'Name' }] }),
    );
    expect(account.instances.get(InstanceId)?.tags).toEqual({ phase: 'draining' });
    expect(await refusal(put('aws:mine', 'no'))).toMatch(/^InvalidParameterValue 400/);
    expect(
      await refusal(
        ec2.send(new CreateTagsCommand({ Resources: [InstanceId, 'i-00000001'], Tags: [{ Key: 'a', Value: 'b' }] })),
      ),
    ).toMatch(/^InvalidInstanceID.NotFound 400/);
    expect(account.instances.get(InstanceId)?.tags).toEqual({ phase: 'draining' });
  });

  it('are fifty at most', async () => {
    const { ec2 } = await stage();
    const { InstanceId = '' } = await run(ec2);
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    expect(await refusal(ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags })))).toMatch(
      /^TagLimitExceeded 400/,
    );
  });
});

describe('an end', () => {
  it('by a call is told to the owner, closes the spot request, and stays in sight for an hour', async () => {
    const { ec2, account, pass } = await stage();
    const { InstanceId = '', SpotInstanceRequestId } = await run(ec2, { InstanceMarketOptions: SPOT });
    account.setState(InstanceId, 'running');
    const told: string[] = [];
    account.onTerminate = ({ instanceId, state }) => void told.push(`${instanceId} ${state}`);
    const terminate = new TerminateInstancesCommand({ InstanceIds: [InstanceId] });
    expect((await ec2.send(terminate)).TerminatingInstances).toEqual([
      { InstanceId, CurrentState: { Code: 32, Name: 'shutting-down' }, PreviousState: { Code: 16, Name: 'running' } },
    ]);
    await ec2.send(terminate);
    expect(told).toEqual([`${InstanceId} shutting-down`]);
    account.setState(InstanceId, 'terminated');
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
      State: { Name: 'terminated' },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
    });
    expect(account.spotRequests.get(SpotInstanceRequestId!)).toMatchObject({
      state: 'closed',
      status: { code: 'instance-terminated-by-user' },
    });
    pass(hours(1));
    expect(await list(ec2, [])).toEqual([]);
  });

  it('by AWS is an interruption, whose request says why', async () => {
    const { ec2, account } = await stage();
    const { InstanceId = '', SpotInstanceRequestId } = await run(ec2, { InstanceMarketOptions: SPOT });
    account.setSpotStatus(InstanceId, 'marked-for-termination');
    expect(account.spotRequests.get(SpotInstanceRequestId!)).toMatchObject({ state: 'active' });
    account.setState(InstanceId, 'terminated', {
      reasonCode: 'Server.SpotInstanceTermination',
      reasonMessage: 'Spot instance termination',
    });
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    expect(Reservations?.[0]?.Instances?.[0]?.StateReason).toEqual({
      Code: 'Server.SpotInstanceTermination',
      Message: 'Server.SpotInstanceTermination: Spot instance termination',
    });
    expect(account.spotRequests.get(SpotInstanceRequestId!)?.status.code).toBe('instance-terminated-no-capacity');
    account.setState(InstanceId, 'running');
    expect(account.instances.get(InstanceId)?.state).toBe('terminated');
  });

  it('of a batch with one bad id is the end of none', async () => {
    const { ec2, account } = await stage();
    const { InstanceId = '' } = await run(ec2);
    const batch = new TerminateInstancesCommand({ InstanceIds: [InstanceId, 'i-00000001'] });
    expect(await refusal(ec2.send(batch))).toMatch(/^InvalidInstanceID.NotFound 400/);
    expect(account.instances.get(InstanceId)?.state).toBe('pending');
  });

  it('of a batch with one that is protected spares its whole zone', async () => {
    const { ec2, account } = await stage();
    const [a, b] = account.subnets.all();
    const shielded = await run(ec2, { SubnetId: a!.subnetId, DisableApiTermination: true });
    const beside = await run(ec2, { SubnetId: a!.subnetId });
    const elsewhere = await run(ec2, { SubnetId: b!.subnetId });
    const InstanceIds = [shielded, beside, elsewhere].map(({ InstanceId }) => InstanceId!);
    expect(await refusal(ec2.send(new TerminateInstancesCommand({ InstanceIds })))).toMatch(
      /^OperationNotPermitted 400/,
    );
    expect(InstanceIds.map((id) => account.instances.get(id)?.state)).toEqual(['pending', 'pending', 'shutting-down']);
  });

  it('and a boot come by themselves where the owner wants it so', async () => {
    const { ec2, account, pass } = await stage({ settlesAfterMs: minutes(1) });
    const { InstanceId = '' } = await run(ec2);
    pass(minutes(1));
    expect(account.instances.get(InstanceId)?.state).toBe('running');
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    pass(minutes(1));
    expect(account.instances.get(InstanceId)?.state).toBe('terminated');
  });
});
