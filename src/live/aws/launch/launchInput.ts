import type {
  InstanceNetworkInterfaceSpecification,
  RequestSpotInstancesCommandInput,
  RequestSpotLaunchSpecification,
  RunInstancesCommandInput,
  TagSpecification,
  Tenancy,
} from '@aws-sdk/client-ec2';
import { minutes } from '../../../domain/time.ts';
import { tagsOf } from '../../ports/tags.ts';
import { present } from '../template/launchTemplateData.ts';
import { type Blueprint, madeFrom, type Template } from '../template/template.ts';
import type { Intent } from './intent.ts';

/** The call that carries out an intent: the same from the same intent and a template of the same hash. */
export function inputOf(intent: Intent, template: Template): RunInstancesCommandInput {
  const { source, imageId } = madeFrom(template, intent.instanceType);
  const { blueprint } = source;
  const isSpot = intent.term === 'spot';
  return present<RunInstancesCommandInput>({
    ...(intent.launchTemplate === undefined
      ? { ...copied(blueprint), ...tenancyOf(blueprint), MetadataOptions: blueprint.metadata }
      : // The number comes from the intent: a newer version may say the same and have another number.
        {
          LaunchTemplate: {
            LaunchTemplateId: intent.launchTemplate.id,
            Version: String(intent.launchTemplate.version),
          },
        }),
    ...(imageId === undefined ? {} : { ImageId: imageId }),
    ...placeOf(blueprint, intent.subnetId),
    InstanceType: instanceTypeOf(intent),
    MinCount: 1,
    MaxCount: 1,
    ClientToken: intent.clientToken,
    InstanceInitiatedShutdownBehavior: 'terminate',
    ...(blueprint.isProtected === true ? { DisableApiTermination: false } : {}),
    ...(isSpot
      ? {
          InstanceMarketOptions: {
            MarketType: 'spot',
            SpotOptions: { SpotInstanceType: 'one-time', InstanceInterruptionBehavior: 'terminate' },
          },
        }
      : {}),
    TagSpecifications: ['instance', 'volume', 'network-interface', ...(isSpot ? [SPOT_REQUEST] : [])].map((type) =>
      tagSpecification(type, intent, template),
    ),
  });
}

/** The historic call for a spot block. Only the request can be tagged by it; the instance is tagged once it exists. */
export function spotRequestInputOf(intent: Intent, template: Template): RequestSpotInstancesCommandInput {
  const { source, imageId } = madeFrom(template, intent.instanceType);
  const { blueprint } = source;
  const specification: RequestSpotLaunchSpecification = present({
    ...copied(blueprint),
    ...tenancyOf(blueprint),
    ...(imageId === undefined ? {} : { ImageId: imageId }),
    ...placeOf(blueprint, intent.subnetId),
    InstanceType: instanceTypeOf(intent),
  });
  return {
    InstanceCount: 1,
    Type: 'one-time',
    BlockDurationMinutes: intent.offer.durationMs / minutes(1),
    ClientToken: intent.clientToken,
    LaunchSpecification: specification,
    TagSpecifications: [tagSpecification(SPOT_REQUEST, intent, template)],
  };
}

/** The tags of one resource of a launch. Ours win over the group's, and the group's over its launch template's. */
export function launchTags(type: string, intent: Intent, template: Template): Readonly<Record<string, string>> {
  const { source } = madeFrom(template, intent.instanceType);
  return { ...source.blueprint.tags[type], ...template.tags, ...tagsOf(intent) };
}

const SPOT_REQUEST = 'spot-instances-request';

function tagSpecification(type: string, intent: Intent, template: Template): TagSpecification {
  const tags = Object.entries(launchTags(type, intent, template));
  return {
    // One of the four kinds named in this file, all of which EC2 knows.
    ResourceType: type as NonNullable<TagSpecification['ResourceType']>,
    Tags: tags.map(([Key, Value]) => ({ Key, Value })),
  };
}

/** The instance types of an offer are any text, and EC2 refuses what it does not know. */
const instanceTypeOf = ({ instanceType }: Intent): NonNullable<RunInstancesCommandInput['InstanceType']> =>
  instanceType as NonNullable<RunInstancesCommandInput['InstanceType']>;

/** EC2 takes the subnet beside the interfaces of a launch or in them, never both. */
function placeOf(
  { networkInterfaces, securityGroupIds }: Blueprint,
  subnetId: string,
): Pick<RunInstancesCommandInput, 'SubnetId' | 'NetworkInterfaces'> {
  if (networkInterfaces.length === 0) return { SubnetId: subnetId };
  return {
    NetworkInterfaces: networkInterfaces.map((one): InstanceNetworkInterfaceSpecification => {
      const isPrimary = (one.DeviceIndex ?? 0) === 0;
      const groups = (one.Groups ?? []).length > 0 ? one.Groups : someOf(securityGroupIds);
      return present({
        ...one,
        Groups: groups,
        SubnetId: isPrimary ? subnetId : (one.SubnetId ?? subnetId),
      });
    }),
  };
}

/** The fields that both launch calls take in the same form; a launch template carries them by itself. */
function copied(
  blueprint: Blueprint,
): Pick<RunInstancesCommandInput, keyof RequestSpotLaunchSpecification & keyof RunInstancesCommandInput> {
  return present({
    ImageId: blueprint.imageId,
    KeyName: blueprint.keyName,
    SecurityGroupIds: blueprint.networkInterfaces.length === 0 ? someOf(blueprint.securityGroupIds) : undefined,
    IamInstanceProfile: blueprint.profile,
    EbsOptimized: blueprint.ebsOptimized,
    Monitoring: blueprint.monitoring === undefined ? undefined : { Enabled: blueprint.monitoring },
    KernelId: blueprint.kernelId,
    RamdiskId: blueprint.ramdiskId,
    BlockDeviceMappings: someOf(blueprint.blockDevices),
    UserData: blueprint.userData?.reveal(),
  });
}

/** Where the instance shares its host. Left out where it is EC2's default, which a spot request does not take. */
const tenancyOf = ({ tenancy }: Blueprint): { readonly Placement?: { readonly Tenancy: Tenancy } } =>
  // Text that EC2 itself answered for a tenancy.
  tenancy === undefined || tenancy === 'default' ? {} : { Placement: { Tenancy: tenancy as Tenancy } };

/** The list, or nothing in place of an empty one, which EC2 would refuse. */
const someOf = <Item>(items: readonly Item[]): Item[] | undefined => (items.length === 0 ? undefined : [...items]);
