import type { Account } from './account.ts';
import { ApiError } from './apiError.ts';
import { type Call, type Handlers, pageOf } from './call.ts';
import { type Fields, textOf, textsOf } from './fields.ts';
import { filtered } from './filters.ts';
import { tagSet } from './tagging.ts';

/** What there is in a region without anybody having made it here: subnets, groups, images, types and zones. */
export const describeActions: Handlers = {
  DescribeSubnets: (call) => {
    const { account, params, view } = call;
    const asked = namedOrAll(
      textsOf(params, 'SubnetId'),
      account.subnets.all(view),
      ({ subnetId }) => subnetId,
      (id) => new ApiError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`),
    );
    const found = filtered(
      params,
      asked,
      {
        'subnet-id': ({ subnetId }) => [subnetId],
        'availability-zone': ({ zone }) => [zone],
        'vpc-id': () => [account.vpcId],
        state: () => ['available'],
      },
      ({ tags = {} }) => tags,
    );
    return paged(call, 'subnetSet', found, ({ subnetId, zone, cidr, tags = {} }) => ({
      subnetId,
      subnetArn: `arn:aws:ec2:${account.region}:${account.accountId}:subnet/${subnetId}`,
      state: 'available',
      ownerId: account.accountId,
      vpcId: account.vpcId,
      cidrBlock: cidr,
      availableIpAddressCount: account.freeAddresses(subnetId),
      availabilityZone: zone,
      availabilityZoneId: zoneIdOf(account, zone),
      mapPublicIpOnLaunch: false,
      tagSet: tagSet(tags),
    }));
  },
  DescribeSecurityGroups: (call) => {
    const { account, params } = call;
    const ids = textsOf(params, 'GroupId');
    const known = account.options.securityGroups ?? ids;
    const asked = namedOrAll(
      ids,
      known,
      (groupId) => groupId,
      (id) => new ApiError('InvalidGroup.NotFound', `The security group '${id}' does not exist`),
    );
    const found = filtered(params, asked, { 'group-id': (id) => [id], 'vpc-id': () => [account.vpcId] });
    return paged(call, 'securityGroupInfo', found, (groupId) => ({
      groupId,
      groupName: groupId,
      groupDescription: groupId,
      ownerId: account.accountId,
      vpcId: account.vpcId,
    }));
  },
  DescribeImages: (call) => {
    const { account, params } = call;
    const ids = textsOf(params, 'ImageId');
    const malformed = ids.find((id) => !/^ami-[0-9a-f]+$/.test(id));
    if (malformed !== undefined)
      throw new ApiError('InvalidAMIID.Malformed', `Invalid id: "${malformed}" (expecting "ami-...")`);
    const asked = namedOrAll(
      ids,
      account.options.images ?? ids,
      (imageId) => imageId,
      (id) => new ApiError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`),
    );
    const found = filtered(params, asked, { 'image-id': (id) => [id], state: () => ['available'] });
    return paged(call, 'imagesSet', found, (imageId) => ({
      imageId,
      imageState: 'available',
      imageOwnerId: account.accountId,
      isPublic: false,
      architecture: 'x86_64',
      imageType: 'machine',
      name: imageId,
      rootDeviceType: 'ebs',
      rootDeviceName: '/dev/xvda',
      virtualizationType: 'hvm',
    }));
  },
  DescribeInstanceTypes: (call) => {
    const { account, params } = call;
    const asked = namedOrAll(
      textsOf(params, 'InstanceType'),
      account.instanceTypes,
      (type) => type,
      (type) => new ApiError('InvalidInstanceType', `The following supplied instance types do not exist: [${type}]`),
    );
    const found = filtered(params, asked, { 'instance-type': (type) => [type] });
    return paged(call, 'instanceTypeSet', found, typeOut, 100);
  },
  DescribeInstanceTypeOfferings: (call) => {
    const { account, params } = call;
    const location = textOf(params, 'LocationType') ?? 'region';
    const places =
      location === 'region'
        ? [account.region]
        : account.zones.map((zone) => (location === 'availability-zone' ? zone : zoneIdOf(account, zone)));
    const offered = account.instanceTypes.flatMap((instanceType) =>
      places
        .filter((_, index) => {
          const market = `${instanceType}/${account.zones[index] ?? ''}`;
          return location === 'region' || account.options.notOffered?.includes(market) !== true;
        })
        .map((place) => ({ instanceType, place })),
    );
    const found = filtered(params, offered, {
      'instance-type': ({ instanceType }) => [instanceType],
      location: ({ place }) => [place],
    });
    return paged(call, 'instanceTypeOfferingSet', found, ({ instanceType, place }) => ({
      instanceType,
      locationType: location,
      location: place,
    }));
  },
  DescribeAvailabilityZones: ({ account, params }) => {
    const asked = namedOrAll(
      textsOf(params, 'ZoneName'),
      account.zones,
      (zone) => zone,
      (zone) => new ApiError('InvalidParameterValue', `Invalid availability zone: [${zone}]`),
    );
    const found = filtered(params, asked, { 'zone-name': (zone) => [zone], 'region-name': () => [account.region] });
    return {
      availabilityZoneInfo: found.map((zone) => ({
        zoneName: zone,
        zoneId: zoneIdOf(account, zone),
        zoneState: 'available',
        zoneType: 'availability-zone',
        regionName: account.region,
        optInStatus: 'opt-in-not-required',
        messageSet: [],
      })),
    };
  },
};

function namedOrAll<Item>(
  names: readonly string[],
  all: readonly Item[],
  nameOf: (item: Item) => string,
  missing: (name: string) => ApiError,
): readonly Item[] {
  if (names.length === 0) return all;
  return names.map((name) => {
    const found = all.find((item) => nameOf(item) === name);
    if (found === undefined) throw missing(name);
    return found;
  });
}

function paged<Item>(
  call: Call,
  set: string,
  found: readonly Item[],
  out: (item: Item) => Fields,
  most?: number,
): Fields {
  const { items, nextToken } = pageOf(call, found, most === undefined ? {} : { most });
  return { [set]: items.map(out), nextToken };
}

/** `euc1-az1`: the same zone has another id in every account; here they are in order. */
const zoneIdOf = (account: Account, zone: string): string =>
  `${account.region.replace(/^(..)-(.).*-(\d)$/, '$1$2$3')}-az${account.zones.indexOf(zone) + 1}`;

/** Processors and memory as the name of a type suggests them: by its size, and by the letter of its family. */
function typeOut(instanceType: string): Fields {
  const [family = '', size = ''] = instanceType.split('.');
  const processors = size === 'large' ? 2 : size.endsWith('xlarge') ? 4 * Number(size.replace('xlarge', '') || '1') : 1;
  const gibPerProcessor = family.startsWith('c') ? 2 : family.startsWith('r') ? 8 : 4;
  const architecture = family.endsWith('g') ? 'arm64' : 'x86_64';
  return {
    instanceType,
    currentGeneration: true,
    supportedUsageClasses: ['on-demand', 'spot'],
    supportedRootDeviceTypes: ['ebs'],
    supportedVirtualizationTypes: ['hvm'],
    bareMetal: false,
    hypervisor: 'nitro',
    processorInfo: { supportedArchitectures: [architecture] },
    vCpuInfo: { defaultVCpus: processors, defaultCores: Math.max(1, processors / 2) },
    memoryInfo: { sizeInMiB: processors * gibPerProcessor * 1024 },
    networkInfo: { ipv4AddressesPerInterface: 15, maximumNetworkInterfaces: 4 },
  };
}
