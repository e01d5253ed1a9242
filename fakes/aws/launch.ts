import type { Account } from './account.ts';
import { ApiError, required } from './apiError.ts';
import { type Fields, flagOf, listOf, membersOf, numberOf, partsOf, textOf, textsOf } from './fields.ts';
import { partIdOf } from './ids.ts';
import { checkShownTags } from './metadata.ts';
import type { BoughtAs, Decision, Instance, Subnet, Tags } from './resources.ts';
import { statusReason } from './spotStatus.ts';
import { tagSpecificationsOf } from './tagging.ts';

/** A launch that has been checked: what is left to ask is whether there is capacity. */
export interface CheckedLaunch {
  readonly specification: Fields;
  readonly instanceType: string;
  readonly imageId: string;
  readonly subnet: Subnet;
  readonly market: BoughtAs;
  readonly blockDurationMinutes: number | undefined;
  readonly clientToken: string | undefined;
  /** By resource type. */
  readonly tags: Readonly<Record<string, Tags>>;
}

/** The resources that a launch can tag at their birth. */
const TAGGED_AT_BIRTH = ['instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu'] as const;

/** The durations that blocks came in, in minutes. */
const BLOCK_MINUTES = [60, 120, 180, 240, 300, 360];

/**
 * Checks what RunInstances, a fleet's override or a spot request asks for: template and call together, by the names of
 * RunInstances.
 *
 * @throws ApiError as EC2 refuses it
 */
export function orderOf(account: Account, specification: Fields): CheckedLaunch {
  const { instanceTypes, options } = account;
  const imageId = imageOf(required(textOf(specification, 'ImageId'), 'ImageId'));
  if (!/^ami-[0-9a-f]+$/.test(imageId))
    throw new ApiError('InvalidAMIID.Malformed', `Invalid id: "${imageId}" (expecting "ami-...")`);
  if (options.images !== undefined && !options.images.includes(imageId))
    throw new ApiError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
  const instanceType = required(textOf(specification, 'InstanceType'), 'InstanceType');
  if (!instanceTypes.includes(instanceType))
    throw new ApiError('InvalidParameterValue', `Invalid value '${instanceType}' for InstanceType.`);
  const subnet = subnetFor(account, specification);
  checkGroups(account, specification);
  checkUserData(textOf(specification, 'UserData'));
  const blockDurationMinutes = numberOf(specification, 'InstanceMarketOptions', 'SpotOptions', 'BlockDurationMinutes');
  checkBlock(account, blockDurationMinutes);
  if (options.notOffered?.includes(`${instanceType}/${subnet.zone}`) === true)
    throw new ApiError(
      'Unsupported',
      `Your requested instance type (${instanceType}) is not supported in your requested Availability Zone (${subnet.zone}).`,
    );
  const marketType = textOf(specification, 'InstanceMarketOptions', 'MarketType');
  if (marketType !== undefined && marketType !== 'spot')
    throw new ApiError('InvalidParameterValue', `Value (${marketType}) for parameter marketType is invalid.`);
  const tags = tagSpecificationsOf(specification, TAGGED_AT_BIRTH);
  checkShownTags(account, specification, tags['instance'] ?? {});
  return {
    specification,
    instanceType,
    imageId,
    subnet,
    tags,
    market: marketType === undefined ? 'on-demand' : blockDurationMinutes === undefined ? 'spot' : 'spot-block',
    blockDurationMinutes,
    clientToken: textOf(specification, 'ClientToken'),
  };
}

/** Asks the world for one instance, and adds it with its spot request. @throws ApiError if the world refuses */
export async function launchOne(account: Account, order: CheckedLaunch, reservationId: string): Promise<Instance> {
  const { instanceType, subnet, market, blockDurationMinutes, clientToken, tags, specification } = order;
  const grant = await grantFor(account, order, tags['instance'] ?? {});
  const spotRequestId = market === 'on-demand' ? undefined : account.newId('sir');
  const instance = bornOf(account, order, grant, { reservationId, spotRequestId });
  if (spotRequestId !== undefined)
    account.putRequest({
      spotRequestId,
      state: 'active',
      status: { ...statusReason('fulfilled'), updatedAt: instance.launchedAt },
      createdAt: instance.launchedAt,
      instanceId: instance.instanceId,
      instanceType,
      zone: subnet.zone,
      blockDurationMinutes,
      usdPerHour: grant.usdPerHour,
      maxPrice: textOf(specification, 'InstanceMarketOptions', 'SpotOptions', 'MaxPrice'),
      tags: tags['spot-instances-request'] ?? {},
      clientToken,
      specification,
    });
  return instance;
}

/** What the world says to an order, told of it with these tags. @throws ApiError if it refuses */
export async function grantFor(account: Account, order: CheckedLaunch, tags: Tags): Promise<Grant> {
  const { instanceType, subnet, market, blockDurationMinutes, clientToken } = order;
  if (account.freeAddresses(subnet.subnetId) === 0)
    throw new ApiError(
      'InsufficientFreeAddressesInSubnet',
      `There are not enough free addresses in subnet '${subnet.subnetId}' to satisfy the requested number of instances.`,
    );
  const decision = await account.ask({
    instanceType,
    zone: subnet.zone,
    subnetId: subnet.subnetId,
    market,
    blockDurationMinutes,
    tags,
    clientToken,
  });
  if (decision.kind === 'refused') throw new ApiError(decision.code, decision.message, decision.status);
  return decision;
}

/** The instance that a grant of the world comes to. */
export const bornOf = (
  account: Account,
  { instanceType, imageId, subnet, market, clientToken, tags, specification }: CheckedLaunch,
  grant: Grant,
  { reservationId, spotRequestId }: Pick<Instance, 'reservationId' | 'spotRequestId'>,
): Instance =>
  account.addInstance({
    instanceId: grant.instanceId ?? account.newId('i'),
    reservationId,
    instanceType,
    imageId,
    subnetId: subnet.subnetId,
    launchedAt: grant.launchedAt ?? account.now(),
    tags: tags['instance'] ?? {},
    partTags: tags,
    clientToken,
    market,
    spotRequestId,
    // Spot instances cannot be protected (EC2 User Guide).
    isProtected: market === 'on-demand' && flagOf(specification, 'DisableApiTermination'),
    specification,
  });

type Grant = Extract<Decision, { readonly kind: 'granted' }>;

/** @throws ApiError today's words, or the old ones for a duration that blocks never came in */
export function checkBlock({ options }: Account, minutes: number | undefined): void {
  if (minutes === undefined) return;
  if (options.sellsBlocks !== true)
    throw new ApiError('InvalidParameterValue', 'BlockDurationMinutes is not a valid parameter.');
  if (!BLOCK_MINUTES.includes(minutes))
    throw new ApiError(
      'InvalidParameterValue',
      `Value (${minutes}) for parameter blockDurationMinutes is invalid. Valid values are ${BLOCK_MINUTES.join(', ')}.`,
    );
}

/** The zone that a specification asks for, before it is checked: client tokens are remembered by zone. */
export function zoneAskedFor(account: Account, specification: Fields): string {
  const subnetId = subnetIdOf(specification);
  return (
    (subnetId === undefined ? undefined : account.subnets.get(subnetId)?.zone) ??
    textOf(specification, 'Placement', 'AvailabilityZone') ??
    ''
  );
}

function subnetIdOf(specification: Fields): string | undefined {
  const [first] = membersOf(specification, 'NetworkInterface');
  return (first && textOf(first, 'SubnetId')) ?? textOf(specification, 'SubnetId');
}

function subnetFor(account: Account, specification: Fields): Subnet {
  if (membersOf(specification, 'NetworkInterface').length > 0) {
    const both = (what: string): ApiError =>
      new ApiError(
        'InvalidParameterCombination',
        `Network interfaces and an instance-level ${what} may not be specified on the same request`,
      );
    if (textOf(specification, 'SubnetId') !== undefined) throw both('subnet ID');
    if (listOf(specification, 'SecurityGroupId').length > 0) throw both('security groups');
  }
  const subnetId = subnetIdOf(specification);
  const zone = textOf(specification, 'Placement', 'AvailabilityZone');
  if (subnetId === undefined) {
    const found = account.subnets.all().find((subnet) => zone === undefined || subnet.zone === zone);
    if (found === undefined) throw new ApiError('InvalidParameterValue', `Invalid availability zone: [${zone ?? ''}]`);
    return found;
  }
  const subnet = account.subnets.get(subnetId);
  if (subnet === undefined)
    throw new ApiError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
  if (zone !== undefined && zone !== subnet.zone)
    throw new ApiError(
      'InvalidParameterValue',
      `The availability zone '${zone}' does not match the subnet '${subnetId}'`,
    );
  return subnet;
}

function checkGroups({ options }: Account, specification: Fields): void {
  const groups = [
    ...textsOf(specification, 'SecurityGroupId'),
    ...membersOf(specification, 'NetworkInterface').flatMap((one) => textsOf(one, 'SecurityGroupId')),
  ];
  const stranger = groups.find((group) => options.securityGroups?.includes(group) === false);
  if (stranger !== undefined)
    throw new ApiError('InvalidGroup.NotFound', `The security group '${stranger}' does not exist`);
}

function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData))
    throw new ApiError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data');
  if (Buffer.from(userData, 'base64').length > 16_384)
    throw new ApiError('InvalidParameterValue', 'User data is limited to 16384 bytes');
}

/** The image of a parameter, `resolve:ssm:/path`: some image, the same for the same parameter. */
const imageOf = (imageId: string): string => (imageId.startsWith('resolve:ssm:') ? partIdOf('ami', imageId) : imageId);

/** The network interfaces and volumes that a launch asks for are given by these parts of a specification. */
export const devicesOf = (specification: Fields): readonly Fields[] =>
  membersOf(specification, 'BlockDeviceMapping').filter((one) => Object.keys(partsOf(one, 'Ebs')).length > 0);
