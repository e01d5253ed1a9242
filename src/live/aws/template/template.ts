import type { BlockDeviceMapping, InstanceNetworkInterfaceSpecification } from '@aws-sdk/client-ec2';
import type { Secret } from './secret.ts';

/**
 * What an Auto Scaling group would launch, read at one moment. Plain data: as JSON it loses only the user data, which
 * prints as `[redacted]`.
 */
export interface Template {
  /** The name of the Auto Scaling group. */
  readonly group: string;
  /**
   * 16 hex digits over everything that shapes an instance. Where and as which type it is bought is left out: that is
   * the offer's business, and another subnet does not make the running blocks outdated.
   */
  readonly hash: string;
  readonly source: Source;
  /** What the group launches where it has no overrides. */
  readonly defaultInstanceType?: string | undefined;
  /** The overrides of a mixed instances policy; empty for groups without one. */
  readonly overrides: readonly Override[];
  /** Where the group launches; never empty. */
  readonly subnets: readonly Subnet[];
  /** The tags that the group gives its instances, without those that mean another tool's ownership. */
  readonly tags: Readonly<Record<string, string>>;
}

export type Source = LaunchTemplateSource | LaunchConfigurationSource;

/** A version of a launch template: instances are launched from it by id and number, so that nothing is lost. */
export interface LaunchTemplateSource {
  readonly kind: 'launch-template';
  /** `lt-…` */
  readonly id: string;
  /** The number that `$Latest` or `$Default` stood for. */
  readonly version: number;
  /** Over all of the version's data, also over fields that `Blueprint` does not know. */
  readonly dataHash: string;
  /** What it asks for that RequestSpotInstances has no field for. */
  readonly beyondSpotRequests: readonly string[];
  readonly blueprint: Blueprint;
}

/** A launch configuration: instances are launched from a copy of its fields. */
export interface LaunchConfigurationSource {
  readonly kind: 'launch-configuration';
  readonly name: string;
  readonly dataHash: string;
  readonly blueprint: Blueprint;
}

/** What an instance is made of, in the terms of EC2's launch calls. Fields that the source leaves open are left out. */
export interface Blueprint {
  readonly imageId?: string | undefined;
  readonly keyName?: string | undefined;
  readonly securityGroupIds: readonly string[];
  /** Where there are any, the subnet goes into them and not beside them. */
  readonly networkInterfaces: readonly InstanceNetworkInterfaceSpecification[];
  readonly profile?: { readonly Arn: string } | { readonly Name: string } | undefined;
  readonly blockDevices: readonly BlockDeviceMapping[];
  readonly ebsOptimized?: boolean | undefined;
  readonly monitoring?: boolean | undefined;
  readonly tenancy?: string | undefined;
  /** The only zone in which it can be launched, if it insists on one. */
  readonly zone?: string | undefined;
  readonly kernelId?: string | undefined;
  readonly ramdiskId?: string | undefined;
  readonly metadata?: MetadataOptions | undefined;
  /** Whether instances may read their tags from the metadata service, which bears not every key; left open, the account decides. */
  readonly readsTags?: boolean | undefined;
  /** Termination protection: no block may have it, because every block ends. */
  readonly isProtected?: boolean | undefined;
  /** The launch template's own tags, by type of resource. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Base64. */
  readonly userData?: Secret | undefined;
  readonly userDataHash?: string | undefined;
}

/** How instances reach the instance metadata service; the values are EC2's. */
export interface MetadataOptions {
  readonly HttpTokens?: 'optional' | 'required' | undefined;
  readonly HttpPutResponseHopLimit?: number | undefined;
  readonly HttpEndpoint?: 'enabled' | 'disabled' | undefined;
}

/** What a mixed instances policy says of one instance type. */
export interface Override {
  readonly instanceType: string;
  /** How many units of capacity the group counts it as. One block is one instance all the same. */
  readonly weight?: number | undefined;
  readonly imageId?: string | undefined;
  /** A launch template of its own. */
  readonly source?: LaunchTemplateSource | undefined;
}

export interface Subnet {
  readonly subnetId: string;
  readonly zone: string;
  /** How many addresses were free when it was looked at. */
  readonly freeAddresses?: number | undefined;
}

/** What an instance of one type is made from: its override's template and image, else the group's. */
export function madeFrom(
  template: Template,
  instanceType: string,
): { readonly source: Source; readonly imageId?: string | undefined } {
  const override = template.overrides.find((one) => one.instanceType === instanceType);
  return { source: override?.source ?? template.source, imageId: override?.imageId };
}

/** Whether an instance made from the template with that hash is outdated. An empty hash says nothing, so it is not. */
export const drift = (template: Template, hash: string): boolean => hash !== '' && hash !== template.hash;
