import { DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import type { Lease } from '../../../domain/words.ts';
import { EARLIER_TAG, TAG, tagged, withOurKeys } from '../../ports/tags.ts';
import { INSTANCE_STATES, type InstanceState, isFinal, startOf } from '../inventory/ownInstance.ts';
import type { StateReason } from './death.ts';
import { isInstanceId, type LaunchPort, leaseOf } from './launchAnswer.ts';

/** What exists of one try to buy. */
export type Finding =
  | {
      readonly kind: 'found';
      readonly lease: Lease;
      readonly state: InstanceState;
      /** Why it is in that state, where EC2 says so. */
      readonly reason?: StateReason;
    }
  /** The complete list shows none. EC2 lists a new instance late, so that one such list proves nothing. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string };

/** One token has one instance, so anything beyond a few pages is an endpoint that takes no notice of filters. */
const MOST_PAGES = 20;

/**
 * Looks for the instance that one try of this fleet bought, by the tags it was born with. Filters are applied again
 * here, since an endpoint may take no notice of them. A living instance is answered before a dead one.
 */
export async function findLaunched(
  port: Pick<LaunchPort, 'aws' | 'caller'>,
  fleet: string,
  token: string,
): Promise<Finding> {
  const listed = await ofToken(port, fleet, token);
  if (typeof listed === 'string') return { kind: 'unknown', why: listed };
  const findings = listed.map((instance) => findingOf(instance, fleet));
  return (
    findings.find((one) => one.kind === 'found' && !isFinal(one.state)) ??
    // One that cannot be read may be the living one.
    findings.find((one) => one.kind === 'unknown') ??
    findings[0] ?? { kind: 'absent' }
  );
}

/** The instances with that token, from all pages; or why there is no complete list. */
async function ofToken(
  { aws, caller }: Pick<LaunchPort, 'aws' | 'caller'>,
  fleet: string,
  token: string,
): Promise<readonly Instance[] | string> {
  const found = await taggedWith(TAG, { aws, caller }, fleet, token);
  // A launch of an earlier release, whose outcome nobody had seen when it was replaced.
  if (typeof found === 'string' || found.length > 0) return found;
  return taggedWith(EARLIER_TAG, { aws, caller }, fleet, token);
}

async function taggedWith(
  keys: { readonly fleet: string; readonly token: string },
  { aws, caller }: Pick<LaunchPort, 'aws' | 'caller'>,
  fleet: string,
  token: string,
): Promise<readonly Instance[] | string> {
  const instances: Instance[] = [];
  let next: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const from = next;
    const answer = await caller.call('ec2', 'DescribeInstances', (abortSignal) =>
      aws.ec2.send(
        new DescribeInstancesCommand({
          Filters: [
            { Name: `tag:${keys.fleet}`, Values: [fleet] },
            { Name: `tag:${keys.token}`, Values: [token] },
          ],
          ...(from === undefined ? {} : { NextToken: from }),
        }),
        { abortSignal },
      ),
    );
    if (answer.kind === 'failed') return `${answer.code}: ${answer.message}`;
    const { Reservations: reservations, NextToken } = answer.value;
    if (reservations === undefined) return 'no list of instances was answered';
    for (const { Instances: listed } of reservations) {
      if (listed === undefined) return 'a reservation was answered without its instances';
      if (listed.some(({ InstanceId: id }) => id === undefined)) return 'an instance was answered without its id';
      instances.push(...listed.filter((one) => isOf(one, fleet, token)));
    }
    if (NextToken === undefined || NextToken === '') return instances;
    if (NextToken === from) break;
    next = NextToken;
  }
  return 'the list of instances does not end';
}

function findingOf(instance: Instance, fleet: string): Finding {
  const { InstanceId: instanceId, InstanceType: instanceType, Placement, StateReason: why } = instance;
  const tags = tagsOn(instance);
  const birth = tagged(tags, fleet);
  const state = INSTANCE_STATES.find((one) => one === instance.State?.Name);
  // Whoever looks knows the zone that was asked for.
  const zone = Placement?.AvailabilityZone ?? '';
  const startsAt = startOf(instance, tags);
  if (!isInstanceId(instanceId)) return { kind: 'unknown', why: 'an instance was answered without its id' };
  if (!birth || !state || !instanceType || startsAt === undefined)
    return { kind: 'unknown', why: `${instanceId} was answered without all of its tags, state, type and launch` };
  const { term, durationMs, usdPerHour } = birth;
  return {
    kind: 'found',
    lease: leaseOf(instanceId, { instanceType, zone, term, durationMs, usdPerHour }, startsAt),
    state,
    ...(why?.Code === undefined ? {} : { reason: { code: why.Code, message: why.Message ?? '' } }),
  };
}

function isOf(instance: Instance, fleet: string, token: string): boolean {
  const tags = tagsOn(instance);
  return tags[TAG.fleet] === fleet && tags[TAG.token] === token;
}

const tagsOn = ({ Tags: tags }: Instance): Readonly<Record<string, string>> =>
  withOurKeys(Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])));
