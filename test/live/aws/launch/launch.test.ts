import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { hours, minutes, NEVER } from '../../../../src/domain/time.ts';
import { deathOf } from '../../../../src/live/aws/launch/death.ts';
import { findLaunched } from '../../../../src/live/aws/launch/findLaunched.ts';
import { type Intent, launchParameters } from '../../../../src/live/aws/launch/intent.ts';
import { launch } from '../../../../src/live/aws/launch/launch.ts';
import type { LaunchAnswer } from '../../../../src/live/aws/launch/launchAnswer.ts';
import type { Template } from '../../../../src/live/aws/template/template.ts';
import {
  AT,
  anInstance,
  anIntent,
  anOffer,
  aTemplate,
  configured,
  fromTemplate,
  LAUNCHED,
  listOf,
  TOKEN_FILTER,
} from './anIntent.ts';
import { type Params, type Script, type Scripted, scriptedAws } from './scriptedAws.ts';
import type { Xml } from './xml.ts';

let aws: Scripted;

afterEach(() => aws.close());

const launched = async (script: Script, intent = anIntent(), template = aTemplate()): Promise<LaunchAnswer> => {
  aws = await scriptedAws(script);
  return launch(aws, intent, template);
};

/** What one launch sent, without the tags. */
const sentFor = async (template: Template, offer = anOffer()): Promise<Params> => {
  const intent = anIntent(template, offer);
  await launched({ RunInstances: () => ({ instancesSet: [anInstance(intent)] }) }, intent, template);
  const [params = {}] = aws.sent('RunInstances');
  return Object.fromEntries(Object.entries(params).filter(([name]) => !name.startsWith('TagSpecification')));
};

describe('the call that buys an instance', () => {
  it('launches from the template’s version, into the roomiest subnet of the offer’s zone', async () => {
    expect(await sentFor(aTemplate())).toEqual({
      'LaunchTemplate.LaunchTemplateId': 'lt-0ab',
      'LaunchTemplate.Version': '7',
      InstanceType: 'm5.large',
      SubnetId: 'subnet-1a',
      MinCount: '1',
      MaxCount: '1',
      ClientToken: anIntent().clientToken,
      InstanceInitiatedShutdownBehavior: 'terminate',
      'InstanceMarketOptions.MarketType': 'spot',
      'InstanceMarketOptions.SpotOptions.SpotInstanceType': 'one-time',
      'InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior': 'terminate',
    });
  });

  it('has no market for on-demand, and takes back the protection from termination', async () => {
    const sent = await sentFor(
      aTemplate({ source: fromTemplate({ isProtected: true }) }),
      anOffer({ term: 'on-demand' }),
    );
    expect(sent).toMatchObject({ DisableApiTermination: 'false', InstanceInitiatedShutdownBehavior: 'terminate' });
    expect(Object.keys(sent).filter((name) => name.startsWith('InstanceMarketOptions'))).toEqual([]);
  });

  it('puts the subnet into the network interfaces of a template that has some', async () => {
    const networkInterfaces = [
      { DeviceIndex: 0, AssociatePublicIpAddress: false, Groups: ['sg-1'] },
      { DeviceIndex: 1, Groups: ['sg-2'] },
    ];
    const sent = await sentFor(aTemplate({ source: fromTemplate({ networkInterfaces }) }));
    expect(sent).not.toHaveProperty('SubnetId');
    expect(sent).toMatchObject({
      'NetworkInterface.1.DeviceIndex': '0',
      'NetworkInterface.1.SubnetId': 'subnet-1a',
      'NetworkInterface.1.SecurityGroupId.1': 'sg-1',
      'NetworkInterface.1.AssociatePublicIpAddress': 'false',
      'NetworkInterface.2.SubnetId': 'subnet-1a',
    });
  });

  it('takes the template and the image of an override for its instance type', async () => {
    const arm = { ...fromTemplate(), id: 'lt-0arm', version: 3 };
    const overrides = [
      { instanceType: 'm6g.large', source: arm },
      { instanceType: 'm5.large', imageId: 'ami-2' },
    ];
    const template = aTemplate({ overrides });
    expect(await sentFor(template, anOffer({ instanceType: 'm6g.large' }))).toMatchObject({
      'LaunchTemplate.LaunchTemplateId': 'lt-0arm',
      'LaunchTemplate.Version': '3',
    });
    await aws.close();
    expect(await sentFor(template)).toMatchObject({ 'LaunchTemplate.LaunchTemplateId': 'lt-0ab', ImageId: 'ami-2' });
  });

  it('copies every field of a launch configuration', async () => {
    expect(await sentFor(configured(), anOffer({ term: 'on-demand' }))).toEqual({
      ImageId: 'ami-1',
      KeyName: 'ops',
      'IamInstanceProfile.Name': 'node',
      'SecurityGroupId.1': 'sg-1',
      'SecurityGroupId.2': 'sg-2',
      'Monitoring.Enabled': 'true',
      EbsOptimized: 'true',
      'Placement.Tenancy': 'dedicated',
      'MetadataOptions.HttpTokens': 'optional',
      'MetadataOptions.HttpPutResponseHopLimit': '1',
      'BlockDeviceMapping.1.DeviceName': '/dev/xvda',
      'BlockDeviceMapping.1.Ebs.VolumeSize': '50',
      'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
      'BlockDeviceMapping.2.DeviceName': '/dev/sdc',
      'BlockDeviceMapping.2.NoDevice': '',
      UserData: 'IyEvYmluL3No',
      InstanceType: 'm5.large',
      SubnetId: 'subnet-1a',
      MinCount: '1',
      MaxCount: '1',
      ClientToken: anIntent(configured(), anOffer({ term: 'on-demand' })).clientToken,
      InstanceInitiatedShutdownBehavior: 'terminate',
    });
  });

  it('tags everything at birth: ours win over the group’s, and the group’s over the template’s', async () => {
    const tags = {
      instance: { team: 'platform', os: 'linux', 'spot-keeper:fleet': 'evil' },
      volume: { backup: 'no' },
    };
    const template = aTemplate({ source: fromTemplate({ tags }) });
    await launched({ RunInstances: () => ({ error: 'InvalidParameterValue' }) }, anIntent(template), template);
    const [params = {}] = aws.sent('RunInstances');
    const tagsOn = (count: number): Params =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => `TagSpecification.${count}.Tag.${at + 1}`)
          .filter((name) => `${name}.Key` in params)
          .map((name) => [params[`${name}.Key`] ?? '', params[`${name}.Value`] ?? '']),
      );
    expect([1, 2, 3, 4].map((count) => params[`TagSpecification.${count}.ResourceType`])).toEqual([
      'instance',
      'volume',
      'network-interface',
      'spot-instances-request',
    ]);
    expect(tagsOn(1)).toEqual({
      team: 'build',
      os: 'linux',
      'spot-keeper:fleet': 'main',
      'spot-keeper:pool': 'ci',
      'spot-keeper:slot': '0',
      'spot-keeper:gen': '3',
      'spot-keeper:token': 'ci-0.3.1',
      'spot-keeper:term': 'spot',
      'spot-keeper:lease-seconds': '7200',
      'spot-keeper:expires': new Date(AT + hours(2)).toISOString(),
      'spot-keeper:usd-per-hour': '0.04',
      'spot-keeper:template': template.hash,
    });
    expect(tagsOn(2)).toMatchObject({ backup: 'no', team: 'build', 'spot-keeper:token': 'ci-0.3.1' });
  });
});

describe('an intent', () => {
  it('survives the ledger: as JSON it is the same call', async () => {
    const intent = anIntent();
    const script: Script = { RunInstances: () => 'lost' };
    await launched(script, intent);
    const [sent] = aws.sent('RunInstances');
    await aws.close();
    // What JSON gives back of plain data is the same plain data.
    const kept = JSON.parse(JSON.stringify(intent)) as Intent;
    await launched(script, kept, aTemplate({ source: { ...fromTemplate(), version: 8 } }));
    expect(aws.sent('RunInstances')).toEqual([sent]);
  });

  it('is not carried out with a template that is another by now', async () => {
    const answer = await launched(
      { DescribeInstances: () => listOf() },
      anIntent(),
      aTemplate({ hash: 'f'.repeat(16) }),
    );
    expect(answer).toMatchObject({ kind: 'unknown', isRepeatable: false });
    expect(aws.sent('RunInstances')).toEqual([]);
  });

  it.each([
    ['a zone without a subnet', anOffer({ zone: 'eu-central-1c' }), aTemplate(), 'bad-template'],
    [
      'a zone that the template rules out',
      anOffer(),
      aTemplate({ source: fromTemplate({ zone: 'eu-central-1b' }) }),
      'bad-template',
    ],
    [
      'a spot block of ninety minutes',
      anOffer({ term: 'spot-block', durationMs: minutes(90) }),
      aTemplate(),
      'unsupported-term',
    ],
    [
      'a spot block with IMDSv2',
      anOffer({ term: 'spot-block' }),
      aTemplate({ source: fromTemplate({ metadata: { HttpTokens: 'required' } }) }),
      'bad-template',
    ],
  ])('cannot be made for %s', async (_, offer, template, refusal) => {
    aws = await scriptedAws({});
    const order = { fleet: 'main', blockId: 'ci-0.3', token: 'ci-0.3.1', offer, template, at: AT };
    expect(launchParameters(order)).toMatchObject({ refusal });
    expect(launchParameters(order)).toHaveProperty('problem');
  });

  it('chooses the same subnet in whatever order they come, and one of the zone', async () => {
    aws = await scriptedAws({});
    const subnet = fc.record({
      subnetId: fc.string({ minLength: 1, maxLength: 4 }),
      zone: fc.constantFrom('eu-central-1a', 'eu-central-1b'),
      freeAddresses: fc.option(fc.nat(3), { nil: undefined }),
    });
    const subnets = fc.uniqueArray(subnet, { selector: (one) => one.subnetId, minLength: 1 });
    const chosen = (some: Template['subnets']): string | undefined => {
      const template = aTemplate({ subnets: some });
      const order = { fleet: 'main', blockId: 'ci-0.3', token: 'ci-0.3.1', offer: anOffer(), template, at: AT };
      const intent = launchParameters(order);
      return 'problem' in intent ? undefined : intent.subnetId;
    };
    fc.assert(
      fc.property(subnets, (some) => {
        const id = chosen(some);
        const inZone = some.filter(({ zone }) => zone === 'eu-central-1a');
        expect(chosen(some.toReversed())).toBe(id);
        const most = Math.max(...inZone.map((one) => one.freeAddresses ?? -1));
        expect(inZone.find((one) => one.subnetId === id)?.freeAddresses ?? -1).toBe(inZone.length > 0 ? most : -1);
      }),
    );
  });
});

describe('what EC2 answers', () => {
  it('is a lease from the instance’s launch, with no end of AWS', async () => {
    const intent = anIntent();
    expect(await launched({ RunInstances: () => ({ instancesSet: [anInstance(intent)] }) }, intent)).toEqual({
      kind: 'granted',
      lease: {
        instanceId: 'i-0abc',
        offer: intent.offer,
        startsAt: LAUNCHED,
        expiresAt: LAUNCHED + hours(2),
        hardEndAt: NEVER,
      },
    });
  });

  it.each([
    ['InsufficientInstanceCapacity', 500, 'no-capacity'],
    ['InsufficientFreeAddressesInSubnet', 400, 'subnet-full'],
    ['MaxSpotInstanceCountExceeded', 400, 'quota'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['InvalidAMIID.NotFound', 400, 'bad-template'],
    ['UnauthorizedOperation', 403, 'forbidden'],
    ['IdempotentInstanceTerminated', 400, 'no-capacity'],
  ])('%s is asked once and refuses as it means', async (error, status, refusal) => {
    expect(await launched({ RunInstances: () => ({ error, status }) })).toMatchObject({
      kind: 'refused',
      refusal,
      code: error,
    });
    expect(aws.sent('RunInstances')).toHaveLength(1);
  });

  it.each([
    ['a lost line', 'lost'],
    ['an internal error', { error: 'InternalError', status: 500 }],
    ['being busy', { error: 'Unavailable', status: 503 }],
    ['nothing', { raw: '', status: 200 }],
    ['a web page', { raw: '<html><body>proxy</body></html>', status: 200 }],
    ['half an answer', { raw: '<RunInstancesResponse><instancesSet>', status: 200 }],
    ['an instance without an id', { instancesSet: [{ instanceType: 'm5.large' }] }],
  ] as const)('%s leaves it unknown what was bought, and is not asked again by itself', async (_, answer) => {
    expect(await launched({ RunInstances: () => answer })).toMatchObject({ kind: 'unknown', isRepeatable: true });
    expect(aws.sent('RunInstances')).toHaveLength(1);
  });

  it('a mismatch of the token is looked up by the token’s tag', async () => {
    const intent = anIntent();
    const mismatch = { error: 'IdempotentParameterMismatch' };
    const other = anInstance(anIntent(aTemplate(), anOffer()), { instanceId: 'i-0dead', tagSet: [] });
    const answer = await launched(
      { RunInstances: () => mismatch, DescribeInstances: () => listOf(other, anInstance(intent)) },
      intent,
    );
    expect(answer).toMatchObject({ kind: 'granted', lease: { instanceId: 'i-0abc', startsAt: LAUNCHED } });
    expect(aws.sent('DescribeInstances')).toEqual([
      { 'Filter.1.Name': 'tag:spot-keeper:fleet', 'Filter.1.Value.1': 'main', ...TOKEN_FILTER },
    ]);
  });

  it('an instance that died at once says what to do about it', async () => {
    const reason = { code: 'Client.InternalError', message: 'Client error on launch' };
    const dead = anInstance(anIntent(), { instanceState: { code: 48, name: 'terminated' }, stateReason: reason });
    const answer = await launched({ RunInstances: () => ({ instancesSet: [dead] }) });
    expect(answer).toMatchObject({ refusal: 'bad-template', code: 'Client.InternalError', hasDied: true });
    expect(answer.kind === 'refused' && answer.message).toContain('KMS');
    expect(deathOf({ code: 'Server.SomethingNew', message: '' }).refusal).toBe('no-capacity');
    expect(deathOf({ code: 'Client.VolumeLimitExceeded', message: '' }).refusal).toBe('quota');
  });
});

describe('looking for what a token bought', () => {
  const found = async (...answers: readonly (readonly Xml[])[]): Promise<unknown> => {
    aws = await scriptedAws({
      DescribeInstances: (_, count) => ({
        ...listOf(...(answers[count] ?? [])),
        nextToken: count + 1 < answers.length ? `page-${count + 1}` : undefined,
      }),
    });
    return findLaunched(aws, 'main', 'ci-0.3.1');
  };
  const intent = anIntent();
  const dead = anInstance(intent, { instanceId: 'i-0dead', instanceState: { code: 48, name: 'terminated' } });

  it('reads every page, and answers the living before the dead', async () => {
    expect(await found([dead], [anInstance(intent)])).toMatchObject({ kind: 'found', lease: { instanceId: 'i-0abc' } });
  });

  it('answers the dead where there is no other', async () => {
    expect(await found([dead])).toMatchObject({ kind: 'found', state: 'terminated' });
  });

  it('takes nobody else’s, whatever the endpoint answers', async () => {
    const other = { ...intent, fleet: 'other' };
    expect(await found([anInstance(other), anInstance({ ...intent, token: 'ci-0.3.2' })])).toEqual({ kind: 'absent' });
  });

  it.each([
    ['no id', { instanceId: undefined }],
    ['a state nobody knows', { instanceState: { name: 'rebooting' } }],
  ])('an instance with %s is not absent', async (_, fields) => {
    expect(await found([anInstance(intent, fields)])).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['no launch time', { launchTime: undefined }],
    ['a launch time that is none', { launchTime: 'yesterday' }],
  ])('an instance with %s began when its tags say', async (_, fields) => {
    const answer = await found([anInstance(intent, fields)]);
    expect(answer).toMatchObject({ kind: 'found', lease: { instanceId: 'i-0abc', startsAt: intent.at } });
  });

  it.each([
    ['nothing', { raw: '', status: 200 }],
    ['a list that does not end', { reservationSet: [], nextToken: 'again' }],
    ['a refusal', { error: 'UnauthorizedOperation', status: 403 }],
  ])('%s is not absence', async (_, answer) => {
    aws = await scriptedAws({ DescribeInstances: () => answer });
    expect(await findLaunched(aws, 'main', 'ci-0.3.1')).toMatchObject({ kind: 'unknown' });
  });
});
