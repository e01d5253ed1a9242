import type { Instant } from '../../src/domain/time.ts';
import type { Fields } from './fields.ts';

export type Tags = Readonly<Record<string, string>>;

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** The numbers that EC2 gives beside the names (API reference, InstanceState). */
export const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** How an instance is bought. */
export type BoughtAs = 'spot' | 'on-demand' | 'spot-block';

/** An error code and its words: `Server.SpotInstanceTermination`. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface Instance {
  readonly instanceId: string;
  readonly reservationId: string;
  readonly state: InstanceState;
  readonly stateReason?: Reason | undefined;
  /** When it was terminated: an hour later it is no longer shown. */
  readonly endedAt?: Instant | undefined;
  readonly instanceType: string;
  readonly imageId: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly launchedAt: Instant;
  readonly tags: Tags;
  /** The tags that were put at the launch on what came with it, by resource type: `volume`, `network-interface`. */
  readonly partTags: Readonly<Record<string, Tags>>;
  readonly clientToken: string | undefined;
  readonly market: BoughtAs;
  readonly spotRequestId: string | undefined;
  readonly privateIp: string;
  /** Termination protection. */
  readonly isProtected: boolean;
  /** What it was launched with, template and call together, by the names of RunInstances. */
  readonly specification: Fields;
}

export type SpotRequestState = 'open' | 'active' | 'closed' | 'cancelled' | 'failed' | 'disabled';

export interface SpotRequest {
  readonly spotRequestId: string;
  readonly state: SpotRequestState;
  readonly status: Reason & { readonly updatedAt: Instant };
  readonly createdAt: Instant;
  readonly validUntil?: Instant | undefined;
  /** When it came to its end: four hours later it is no longer shown. */
  readonly endedAt?: Instant | undefined;
  readonly instanceId?: string | undefined;
  readonly instanceType: string;
  readonly zone: string;
  readonly blockDurationMinutes?: number | undefined;
  /** The fixed price of a spot block. */
  readonly usdPerHour?: number | undefined;
  readonly maxPrice?: string | undefined;
  readonly tags: Tags;
  readonly clientToken: string | undefined;
  readonly specification: Fields;
}

export interface Subnet {
  readonly subnetId: string;
  readonly zone: string;
  /** `10.0.1.0/24`. */
  readonly cidr: string;
  /** How many instances fit; fewer than its range holds if others use the rest. */
  readonly addresses: number;
  readonly tags?: Tags | undefined;
}

/** An Auto Scaling group in AWS's own words. */
export interface Group {
  readonly name: string;
  readonly createdAt: Instant;
  /** As CreateAutoScalingGroup takes them, without tags: `MinSize`, `LaunchTemplate`, `VPCZoneIdentifier`. */
  readonly fields: Fields;
  readonly tags: readonly GroupTag[];
  /** Processes that are suspended, and why. */
  readonly suspended: Tags;
  /** Lifecycle hooks as PutLifecycleHook takes them, by name. */
  readonly hooks?: Readonly<Record<string, Fields>>;
}

export interface GroupTag {
  readonly key: string;
  readonly value: string;
  readonly propagateAtLaunch: boolean;
}

export interface LaunchConfiguration {
  readonly name: string;
  readonly createdAt: Instant;
  /** As CreateLaunchConfiguration takes them. */
  readonly fields: Fields;
}

export interface LaunchTemplate {
  readonly templateId: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly defaultVersion: number;
  readonly tags: Tags;
  /** Version 1 first. */
  readonly versions: readonly TemplateVersion[];
}

export interface TemplateVersion {
  readonly number: number;
  readonly createdAt: Instant;
  readonly description: string | undefined;
  /** As CreateLaunchTemplate takes it, by the names of the query protocol: `BlockDeviceMapping`, `SecurityGroupId`. */
  readonly data: Fields;
}

export interface SpotPrice {
  readonly at: Instant;
  readonly usdPerHour: number;
}

/** What the world is asked when somebody wants an instance. */
export interface LaunchRequest {
  readonly instanceType: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly market: BoughtAs;
  /** Only of a spot block. */
  readonly blockDurationMinutes?: number | undefined;
  /** Of the instance; of the request where the instance gets none (RequestSpotInstances). */
  readonly tags: Tags;
  readonly clientToken: string | undefined;
}

/** What the world says to it: AWS's error code and HTTP status where it refuses. */
export type Decision =
  | {
      readonly kind: 'granted';
      readonly instanceId?: string;
      readonly launchedAt?: Instant;
      /** The fixed price of a spot block. */
      readonly usdPerHour?: number;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly status: number };
