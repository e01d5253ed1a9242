import type {
  InstanceNetworkInterfaceSpecification,
  LaunchTemplateInstanceNetworkInterfaceSpecification,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { hashOf } from './hash.ts';
import { isReserved } from './propagated.ts';
import { Secret } from './secret.ts';
import type { Blueprint } from './template.ts';

/** What the data of a launch template makes an instance of. */
export function blueprintOf(data: ResponseLaunchTemplateData): Blueprint {
  const profile = data.IamInstanceProfile;
  return {
    ...present({
      imageId: filled(data.ImageId),
      keyName: filled(data.KeyName),
      ebsOptimized: data.EbsOptimized,
      monitoring: data.Monitoring?.Enabled,
      tenancy: data.Placement?.Tenancy,
      zone: filled(data.Placement?.AvailabilityZone),
      kernelId: filled(data.KernelId),
      ramdiskId: filled(data.RamDiskId),
      isProtected: data.DisableApiTermination,
      profile:
        filled(profile?.Arn) !== undefined
          ? { Arn: profile?.Arn ?? '' }
          : filled(profile?.Name) !== undefined
            ? { Name: profile?.Name ?? '' }
            : undefined,
      readsTags: readsTags(data.MetadataOptions?.InstanceMetadataTags),
      metadata: data.MetadataOptions && {
        ...present({
          HttpTokens: data.MetadataOptions.HttpTokens,
          HttpPutResponseHopLimit: data.MetadataOptions.HttpPutResponseHopLimit,
          HttpEndpoint: data.MetadataOptions.HttpEndpoint,
        }),
      },
    }),
    securityGroupIds: data.SecurityGroupIds ?? [],
    networkInterfaces: (data.NetworkInterfaces ?? []).map(interfaceOf),
    blockDevices: (data.BlockDeviceMappings ?? []).map((device) =>
      present({ ...device, Ebs: device.Ebs && present({ ...device.Ebs }) }),
    ),
    tags: tagsByType(data),
    ...userDataOf(data.UserData),
  };
}

const readsTags = (setting: string | undefined): boolean | undefined =>
  setting === 'enabled' ? true : setting === 'disabled' ? false : undefined;

/** The user data, if there is any, as something that cannot be printed, and the hash that may. */
export function userDataOf(userData: string | undefined): Pick<Blueprint, 'userData' | 'userDataHash'> {
  if (userData === undefined || userData === '') return {};
  return { userData: new Secret(userData), userDataHash: hashOf(userData) };
}

/**
 * A hash over all of the data. The instance type is left out, because every launch names its own; the user data goes in
 * as it is.
 */
export const dataHashOf = (data: ResponseLaunchTemplateData): string => hashOf({ ...data, InstanceType: undefined });

/** What the data asks for that RequestSpotInstances has no field for, by EC2's names. */
export function beyondSpotRequests(data: ResponseLaunchTemplateData): readonly string[] {
  return BEYOND_SPOT_REQUESTS.filter((name) => data[name] !== undefined);
}

const BEYOND_SPOT_REQUESTS = [
  'MetadataOptions',
  'CreditSpecification',
  'CpuOptions',
  'CapacityReservationSpecification',
  'HibernationOptions',
  'EnclaveOptions',
  'PrivateDnsNameOptions',
  'MaintenanceOptions',
  'NetworkPerformanceOptions',
  'LicenseSpecifications',
] as const satisfies readonly (keyof ResponseLaunchTemplateData)[];

/** The object without the fields that are undefined, so that it is the same before and after a way through JSON. */
export function present<Fields extends object>(fields: Fields): Fields {
  // Only undefined values go, and whoever reads an optional field cannot tell the difference.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

/** Old tools write an empty string where they mean nothing. */
export const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function interfaceOf(spec: LaunchTemplateInstanceNetworkInterfaceSpecification): InstanceNetworkInterfaceSpecification {
  const { EnaSrdSpecification: srd, ...same } = spec;
  // EC2 answers an empty list for a field that nobody set, and refuses the same empty list in a launch.
  const set = Object.fromEntries(
    Object.entries(same).filter(([, value]) => !(Array.isArray(value) && value.length < 1)),
  );
  return present({ ...set, EnaSrdSpecification: srd });
}

function tagsByType(data: ResponseLaunchTemplateData): Blueprint['tags'] {
  const byType: Record<string, Record<string, string>> = {};
  for (const { ResourceType: type, Tags: tags } of data.TagSpecifications ?? []) {
    if (type === undefined) continue;
    for (const { Key: key, Value: value } of tags ?? [])
      if (key !== undefined && !isReserved(key)) (byType[type] ??= {})[key] = value ?? '';
  }
  return byType;
}
