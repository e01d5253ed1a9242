import type { Instance } from '@aws-sdk/client-ec2';
import { after, earliest, type Instant, type Millis, NEVER, seconds } from '../../../domain/time.ts';
import { blockIdOf, type Lease, placeOf, type Term } from '../../../domain/words.ts';
import { clustersIn, TAG, tagged, withOurKeys } from '../../ports/tags.ts';

/** The states of an instance, in the order in which it may pass through them. */
export const INSTANCE_STATES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'] as const;

export type InstanceState = (typeof INSTANCE_STATES)[number];

/** Whether an instance in this state has ended or is about to: neither it nor its jobs come back. */
export const isFinal = (state: string): boolean => state === 'shutting-down' || state === 'terminated';

/** An instance of this fleet, as EC2 shows it. */
export interface OwnInstance {
  readonly instanceId: string;
  readonly blockId: string;
  readonly attempt: number;
  readonly lease: Lease;
  readonly state: InstanceState;
  /** EC2's code for how it came to its state: `Server.SpotInstanceTermination`. */
  readonly stateReason?: string;
  readonly spotRequestId?: string;
  readonly clientToken?: string;
  /** The clusters that its tags name, if any. */
  readonly clusters?: readonly string[];
  /** Empty where nobody wrote it down. */
  readonly templateHash: string;
  /** Empty where the endpoint does not tell it. */
  readonly zone: string;
}

/** The pool that an Auto Scaling group of the original scripts has become. */
export interface AdoptingPool {
  readonly pool: string;
  /** How long a lease lasts whose end the scripts did not write down. */
  readonly durationMs: Millis;
}

/** Whose instances are read, and when they were listed. */
export interface Reading {
  readonly fleet: string;
  /** When the list was asked for: nothing in it can have been launched later. */
  readonly takenAt: Instant;
  /** Groups of the original scripts whose instances are taken over, by name. */
  readonly groups?: ReadonlyMap<string, AdoptingPool> | undefined;
}

/** What an item of a list is to us. `unread`: ours, or nobody can tell, and something about it cannot be read. */
export type ReadInstance =
  | { readonly kind: 'own'; readonly instance: OwnInstance }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'unread'; readonly instanceId: string | undefined; readonly why: string };

/** The tag by which the original scripts found their instances, and the one in which they wrote when a lease ends. */
export const SCRIPT_TAG = { group: 'SpotSysTemplateASG', expires: 'SpotSysExpired' } as const;

/** Only Auto Scaling can write this tag: the instance is one of a group's, whatever else it bears. */
const GROUP_TAG = 'aws:autoscaling:groupName';

/** Instances of the scripts have no slots; theirs begin where no pool has any, so that both can live side by side. */
const FIRST_ADOPTED_SLOT = 1_000;
const ADOPTED_SLOTS = 100_000;

/** Whether a block stands for an instance of the original scripts. */
export const isAdopted = (blockId: string): boolean => (placeOf(blockId)?.slot ?? 0) >= FIRST_ADOPTED_SLOT;

/** Reads one item of DescribeInstances. Filters are not trusted: an endpoint may take no notice of them. */
export function readInstance(item: Instance, reading: Reading): ReadInstance {
  const tags = tagsIn(item);
  const group = reading.groups?.get(tags?.[SCRIPT_TAG.group] ?? '');
  const isOurs = tags?.[TAG.fleet] === reading.fleet;
  const instanceId = /^i-[0-9a-f]{1,64}$/.test(item.InstanceId ?? '') ? item.InstanceId : undefined;
  // A copy of our tags, on a group or its template: only the group itself launches instances that bear this one.
  if (tags?.[GROUP_TAG] !== undefined) return { kind: 'stranger' };
  // Without a list of tags it may be anybody's.
  if (!isOurs && group === undefined && tags !== undefined) return { kind: 'stranger' };

  const unread = (why: string): ReadInstance => ({ kind: 'unread', instanceId, why });
  if (instanceId === undefined) return unread('no instance id');
  if (tags === undefined) return unread('no tags');
  const facts = factsIn(item, tags, reading.takenAt);
  if (typeof facts === 'string') return unread(facts);
  const birth = isOurs ? birthOf(tags, reading.fleet, facts.startsAt) : adopted(item, instanceId, tags, facts, group);
  if (birth === undefined) return unread('tags that do not agree');

  const { zone, instanceType, startsAt, state } = facts;
  const { blockId, attempt, term, durationMs, usdPerHour, templateHash } = birth;
  const expiresAt = after(startsAt, durationMs);
  const clusters = clustersIn(tags);
  return {
    kind: 'own',
    instance: {
      instanceId,
      blockId,
      attempt,
      lease: {
        instanceId,
        offer: { instanceType, zone, term, durationMs, usdPerHour },
        startsAt,
        expiresAt,
        // Only a spot block is ended by EC2 itself.
        hardEndAt: term === 'spot-block' ? expiresAt : NEVER,
      },
      state,
      templateHash,
      zone,
      ...(clusters.length === 0 ? {} : { clusters }),
      ...(item.StateReason?.Code === undefined ? {} : { stateReason: item.StateReason.Code }),
      ...(item.SpotInstanceRequestId === undefined ? {} : { spotRequestId: item.SpotInstanceRequestId }),
      ...(item.ClientToken === undefined || item.ClientToken === '' ? {} : { clientToken: item.ClientToken }),
    },
  };
}

/** What only EC2 can say about an instance. */
interface Facts {
  readonly zone: string;
  readonly instanceType: string;
  readonly startsAt: Instant;
  readonly state: InstanceState;
}

/** The facts of an item, or which of them cannot be read. */
function factsIn(item: Instance, tags: Readonly<Record<string, string>>, takenAt: Instant): Facts | string {
  const state = INSTANCE_STATES.find((one) => one === item.State?.Name);
  if (state === undefined) return `state ${String(item.State?.Name)}`;
  const startedAt = startOf(item, tags);
  if (startedAt === undefined) return 'no launch time';
  // Nothing is decided by the zone of what exists already: one that the endpoint does not tell hides no instance.
  const zone = item.Placement?.AvailabilityZone ?? '';
  const instanceType: string = item.InstanceType ?? '';
  if (instanceType === '') return 'no type';
  return { zone, instanceType, state, startsAt: earliest(startedAt, takenAt) };
}

/** A launch before EC2 opened to the public is a mistake in the answer. */
const EC2_BEGAN_AT: Instant = Date.UTC(2006, 7, 24);

/**
 * When an instance began, as early as anything says. Where its launch has no date that can be read, the tags of its birth tell when it was
 * decided, which is a moment before: without a start it would be no block to a new keeper, which would buy another in its place.
 */
export function startOf(item: Instance, tags: Readonly<Record<string, string>>): Instant | undefined {
  const launchedAt = item.LaunchTime?.getTime() ?? Number.NaN;
  const startedAt = earliest(launchedAt >= EC2_BEGAN_AT ? launchedAt : NEVER, attachedAt(item));
  if (startedAt !== NEVER) return startedAt;
  const decidedAt = (dateIn(tags[TAG.expires] ?? '') ?? Number.NaN) - seconds(Number(tags[TAG.leaseSeconds]));
  return decidedAt >= EC2_BEGAN_AT ? decidedAt : undefined;
}

/** When the primary interface was attached: it stays where a stop and start moves the launch time. */
function attachedAt(item: Instance): Instant {
  const primary = item.NetworkInterfaces?.find((one) => one.Attachment?.DeviceIndex === 0);
  const at = primary?.Attachment?.AttachTime?.getTime() ?? Number.NaN;
  return at >= EC2_BEGAN_AT ? at : NEVER;
}

/** What an instance was bought as. */
interface Birth {
  readonly blockId: string;
  readonly attempt: number;
  readonly term: Term;
  readonly durationMs: Millis;
  readonly usdPerHour: number;
  readonly templateHash: string;
}

const birthOf = (tags: Readonly<Record<string, string>>, fleet: string, startsAt: Instant): Birth | undefined => {
  const birth = tagged(tags, fleet);
  // A length that leaves the calendar is no length.
  return birth !== undefined && Number.isFinite(new Date(after(startsAt, birth.durationMs)).getTime())
    ? birth
    : undefined;
};

/** An instance of the original scripts as a block of the pool that took over its group. */
function adopted(
  item: Instance,
  instanceId: string,
  tags: Readonly<Record<string, string>>,
  { startsAt }: Facts,
  group: AdoptingPool | undefined,
): Birth | undefined {
  if (group === undefined) return undefined;
  const expiresAt = dateIn(tags[SCRIPT_TAG.expires] ?? '');
  return {
    blockId: blockIdOf(group.pool, FIRST_ADOPTED_SLOT + (hashOf(instanceId) % ADOPTED_SLOTS), 1),
    attempt: 1,
    term: item.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    durationMs: expiresAt !== undefined && expiresAt > startsAt ? expiresAt - startsAt : group.durationMs,
    // The scripts did not write down what they paid, and nothing in the keeper asks what a lease cost.
    usdPerHour: 0,
    templateHash: '',
  };
}

/** Seconds since 1970, or ISO 8601; undefined for anything else. */
function dateIn(text: string): Instant | undefined {
  const at = /^\d{9,11}(?:\.\d+)?$/.test(text) ? Math.floor(Number(text) * 1_000) : isoIn(text);
  return at >= EC2_BEGAN_AT ? at : undefined;
}

/** Without an offset it is UTC: which time zone this machine is in says nothing about who wrote it. */
const isoIn = (text: string): number => {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return Number.NaN;
  const iso = text.replace(' ', 'T');
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
};

/** FNV-1a over the characters: the same for an id for ever. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

/** The tags of an item by key; undefined where it has no list of them. */
function tagsIn({ Tags: tags }: Instance): Readonly<Record<string, string>> | undefined {
  if (tags === undefined) return undefined;
  const byKey = tags.flatMap(({ Key: key, Value: value }) =>
    key === undefined || value === undefined ? [] : [[key, value] as const],
  );
  return withOurKeys(Object.fromEntries(byKey));
}
