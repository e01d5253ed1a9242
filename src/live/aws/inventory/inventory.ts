import { DescribeInstancesCommand, type Filter, type Instance } from '@aws-sdk/client-ec2';
import { earliest, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../ports/clock.ts';
import { EARLIER_TAG, TAG } from '../../ports/tags.ts';
import { silent, type Telemetry } from '../../ports/telemetry.ts';
import type { Answer } from '../calls/answer.ts';
import type { Caller } from '../calls/call.ts';
import type { Aws } from '../calls/clients.ts';
import { everyPage, type Listed, type Page } from '../calls/pages.ts';
import { type AdoptingPool, INSTANCE_STATES, type OwnInstance, readInstance, SCRIPT_TAG } from './ownInstance.ts';

export type { AdoptingPool, InstanceState, OwnInstance } from './ownInstance.ts';

/** Every instance of a fleet as EC2 showed it, or why that is not known. */
export type Inventory =
  | {
      readonly kind: 'known';
      /** When the list was asked for: what happened later may be missing. */
      readonly takenAt: Instant;
      /** Each once, also those that ended a while ago. */
      readonly instances: readonly OwnInstance[];
      /** Ids of instances of ours about which something cannot be read: they exist, and nothing more is known. */
      readonly unread: readonly string[];
      /** How many items were left out: strangers that the filter should have kept away, and those in `unread`. */
      readonly ignored: number;
      /** Whether some of them bear the tags of an earlier release. */
      readonly hasEarlier: boolean;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export interface InventorySettings {
  readonly aws: Pick<Aws, 'ec2'>;
  readonly caller: Caller;
  /** The fleet whose instances are listed: the value of their fleet tag. */
  readonly fleet: string;
  readonly clock: Clock;
  /** Groups of the original scripts whose instances are taken over, by name; left out, nobody asks for such instances. */
  readonly groups?: ReadonlyMap<string, AdoptingPool> | undefined;
  /** Whether instances with the tags of an earlier release are asked for, too. */
  readonly earlier?: boolean;
  readonly telemetry?: Telemetry;
}

/** Lists every instance of the fleet: all of it or nothing. Never throws. */
export async function takeInventory(settings: InventorySettings): Promise<Inventory> {
  const { fleet, clock, groups, telemetry = silent } = settings;
  const takenAt = clock.now();
  const lists = await Promise.all([
    instancesWith(settings, { Name: `tag:${TAG.fleet}`, Values: [fleet] }),
    ...(settings.earlier === true
      ? [instancesWith(settings, { Name: `tag:${EARLIER_TAG.fleet}`, Values: [fleet] })]
      : []),
    ...(groups === undefined || groups.size === 0
      ? []
      : [instancesWith(settings, { Name: 'tag-key', Values: [SCRIPT_TAG.group] })]),
  ]);

  const byId = new Map<string, OwnInstance>();
  const unread = new Set<string>();
  let ignored = 0;
  let hasEarlier = false;
  for (const list of lists) {
    if (list.kind === 'unknown') return list;
    for (const item of list.items) {
      hasEarlier ||= item.Tags?.some(({ Key }) => Key === EARLIER_TAG.fleet) === true;
      const read = readInstance(item, { fleet, takenAt, groups });
      if (read.kind === 'own') {
        const { instance } = read;
        byId.set(instance.instanceId, merged(byId.get(instance.instanceId), instance));
        continue;
      }
      ignored += 1;
      if (read.kind === 'stranger') continue;
      if (read.instanceId === undefined) return { kind: 'unknown', why: `an instance of ours with ${read.why}` };
      unread.add(read.instanceId);
      telemetry.noted('warn', 'instance cannot be read', { instanceId: read.instanceId, why: read.why });
    }
  }
  return {
    kind: 'known',
    takenAt,
    instances: [...byId.values()],
    unread: [...unread].filter((id) => !byId.has(id)),
    ignored,
    hasEarlier,
  };
}

/** The ids of all instances that a list shows, whether or not they can be read. */
export const listedIn = ({
  instances,
  unread,
}: Pick<Extract<Inventory, { readonly kind: 'known' }>, 'instances' | 'unread'>): ReadonlySet<string> =>
  new Set([...unread, ...instances.map(({ instanceId }) => instanceId)]);

/** Two sights of one instance in one list: the earliest start of them, and of the states the one that came later. */
export function merged(one: OwnInstance | undefined, other: OwnInstance): OwnInstance {
  if (one === undefined) return other;
  const later = INSTANCE_STATES.indexOf(other.state) >= INSTANCE_STATES.indexOf(one.state) ? other : one;
  return startingAt(later, earliest(one.lease.startsAt, other.lease.startsAt));
}

/** The instance with a lease that starts earlier, and ends earlier by as much. */
export function startingAt(instance: OwnInstance, startsAt: Instant): OwnInstance {
  const { lease } = instance;
  const byMs = lease.startsAt - startsAt;
  if (byMs === 0) return instance;
  return {
    ...instance,
    lease: { ...lease, startsAt, expiresAt: lease.expiresAt - byMs, hardEndAt: lease.hardEndAt - byMs },
  };
}

/** EC2 allows 1,000. What reading a page takes for a while is many times what is kept of it, and half a page takes half. */
const PAGE_SIZE = 500;

/** What one filter finds, in whatever state it is: those that ended say how. */
function instancesWith({ aws, caller }: InventorySettings, filter: Filter): Promise<Listed<Instance>> {
  const filters = [filter, { Name: 'instance-state-name', Values: [...INSTANCE_STATES] }];
  return everyPage(async (token): Promise<Answer<Page<Instance>>> => {
    const answer = await caller.call('ec2', 'DescribeInstances', (abortSignal) =>
      aws.ec2.send(
        new DescribeInstancesCommand({
          Filters: filters,
          MaxResults: PAGE_SIZE,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal },
      ),
    );
    if (answer.kind === 'failed') return answer;
    const { Reservations: reservations, NextToken: nextToken } = answer.value;
    // A reservation without its list of instances hides some: then there is no list at all.
    const isWhole = reservations?.every(({ Instances: instances }) => instances !== undefined);
    const items = isWhole === true ? reservations?.flatMap(({ Instances: instances = [] }) => instances) : undefined;
    return { kind: 'ok', value: { items, nextToken } };
  });
}
