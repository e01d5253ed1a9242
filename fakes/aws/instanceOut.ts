import { isoOf } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { type Fields, flagOf, membersOf, numberOf, partsOf, textOf, textsOf } from './fields.ts';
import { partIdOf } from './ids.ts';
import { devicesOf } from './launch.ts';
import { privateDnsOf } from './network.ts';
import { type Instance, type InstanceState, STATE_CODES } from './resources.ts';
import { tagSet } from './tagging.ts';

/** An instance as DescribeInstances and RunInstances tell of it. A terminated one has lost its place in the network. */
export function instanceOut(account: Account, instance: Instance, index = 0): Fields {
  const { instanceId, specification, stateReason, launchedAt } = instance;
  const ended = instance.state === 'terminated';
  const privateDnsName = ended ? undefined : privateDnsOf(account.region, instance.privateIp);
  const profile = partsOf(specification, 'IamInstanceProfile');
  const profileArn =
    textOf(profile, 'Arn') ??
    (textOf(profile, 'Name') === undefined
      ? undefined
      : `arn:aws:iam::${account.accountId}:instance-profile/${textOf(profile, 'Name') ?? ''}`);
  const [firstInterface] = membersOf(specification, 'NetworkInterface');
  const groups = [
    ...textsOf(specification, 'SecurityGroupId'),
    ...(firstInterface === undefined ? [] : textsOf(firstInterface, 'SecurityGroupId')),
  ].map((groupId) => ({ groupId, groupName: groupId }));
  return {
    instanceId,
    imageId: instance.imageId,
    instanceState: stateOut(instance.state),
    privateDnsName: privateDnsName ?? '',
    dnsName: '',
    reason: ended || instance.state === 'shutting-down' ? reasonText(instance, account) : '',
    keyName: textOf(specification, 'KeyName'),
    amiLaunchIndex: index,
    productCodes: [],
    instanceType: instance.instanceType,
    launchTime: isoOf(launchedAt),
    placement: {
      availabilityZone: instance.zone,
      groupName: textOf(specification, 'Placement', 'GroupName') ?? '',
      tenancy: textOf(specification, 'Placement', 'Tenancy') ?? 'default',
    },
    monitoring: { state: flagOf(specification, 'Monitoring', 'Enabled') ? 'enabled' : 'disabled' },
    ...(!ended && {
      subnetId: instance.subnetId,
      vpcId: account.vpcId,
      privateIpAddress: instance.privateIp,
    }),
    sourceDestCheck: true,
    groupSet: groups,
    stateReason: stateReason && { ...stateReason },
    architecture: instance.instanceType.split('.')[0]?.endsWith('g') === true ? 'arm64' : 'x86_64',
    rootDeviceType: 'ebs',
    rootDeviceName: '/dev/xvda',
    blockDeviceMapping: ended ? [] : devicesOf(specification).map((device) => deviceOut(instance, device)),
    virtualizationType: 'hvm',
    clientToken: instance.clientToken ?? '',
    tagSet: tagSet(instance.tags),
    hypervisor: 'xen',
    networkInterfaceSet: ended
      ? []
      : [
          {
            networkInterfaceId: partIdOf('eni', instanceId),
            subnetId: instance.subnetId,
            vpcId: account.vpcId,
            ownerId: account.accountId,
            status: 'in-use',
            privateIpAddress: instance.privateIp,
            privateDnsName,
            groupSet: groups,
            attachment: {
              attachmentId: partIdOf('eni-attach', instanceId),
              deviceIndex: 0,
              status: instance.state === 'pending' ? 'attaching' : 'attached',
              attachTime: isoOf(launchedAt),
              deleteOnTermination: true,
            },
          },
        ],
    iamInstanceProfile: profileArn === undefined ? undefined : { arn: profileArn, id: partIdOf('AIPA', profileArn) },
    ebsOptimized: flagOf(specification, 'EbsOptimized'),
    instanceLifecycle: instance.market === 'on-demand' ? undefined : 'spot',
    spotInstanceRequestId: instance.spotRequestId,
    metadataOptions: {
      state: 'applied',
      httpTokens: textOf(specification, 'MetadataOptions', 'HttpTokens') ?? 'optional',
      httpPutResponseHopLimit: numberOf(specification, 'MetadataOptions', 'HttpPutResponseHopLimit') ?? 1,
      httpEndpoint: textOf(specification, 'MetadataOptions', 'HttpEndpoint') ?? 'enabled',
    },
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
  };
}

export const stateOut = (state: InstanceState): Fields => ({ code: STATE_CODES[state], name: state });

const reasonText = ({ stateReason, endedAt }: Instance, account: Account): string =>
  stateReason?.code.startsWith('Client.User') === true
    ? `User initiated (${isoOf(endedAt ?? account.now())
        .slice(0, 19)
        .replace('T', ' ')} GMT)`
    : (stateReason?.code ?? '');

const deviceOut = ({ instanceId, launchedAt }: Instance, device: Fields): Fields => ({
  deviceName: textOf(device, 'DeviceName'),
  ebs: {
    volumeId: partIdOf('vol', `${instanceId}${textOf(device, 'DeviceName') ?? ''}`),
    status: 'attached',
    attachTime: isoOf(launchedAt),
    deleteOnTermination: textOf(device, 'Ebs', 'DeleteOnTermination') !== 'false',
  },
});
