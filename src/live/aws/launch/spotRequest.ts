import {
  CancelSpotInstanceRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import type { Instant } from '../../../domain/time.ts';
import { TAG } from '../../ports/tags.ts';
import type { Intent } from './intent.ts';
import { instantOf, isInstanceId, type LaunchPort, type Refused, refused } from './launchAnswer.ts';

type RequestPort = Pick<LaunchPort, 'aws' | 'caller'>;

/** A spot request as it was read. */
export interface RequestSeen {
  readonly requestId: string;
  /** EC2's `SpotInstanceState`; any text, for EC2 adds to them. */
  readonly state: string;
  /** EC2's status code; any text. */
  readonly code: string;
  readonly message: string;
  /** Whatever the state says: a request with an instance has one that may live. */
  readonly instanceId?: string;
  /** When it came by that status. */
  readonly updatedAt?: Instant;
}

/** What a status code means to whoever waits for an instance. */
export type Prospect =
  | { readonly kind: 'waiting' }
  /** EC2 keeps the request until there is room, possibly for hours. */
  | { readonly kind: 'holding' }
  /** Nothing comes of it unless somebody cancels it. */
  | { readonly kind: 'hopeless'; readonly refusal: Refused }
  /** It is over, and no instance comes of it. */
  | { readonly kind: 'over'; readonly refusal: Refused };

/** Reads one request; undefined where there is no readable answer, also while EC2 does not know its own new request. */
export async function readRequest({ aws, caller }: RequestPort, requestId: string): Promise<RequestSeen | undefined> {
  const answer = await caller.call('ec2', 'DescribeSpotInstanceRequests', (abortSignal) =>
    aws.ec2.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [requestId] }), { abortSignal }),
  );
  if (answer.kind === 'failed') return undefined;
  const found = answer.value.SpotInstanceRequests?.find((one) => one.SpotInstanceRequestId === requestId);
  return found === undefined ? undefined : seenOf(found);
}

/** Finds the request of one try by its tags: its id, `absent`, or undefined where there is no readable list. */
export async function findRequest({ aws, caller }: RequestPort, intent: Intent): Promise<string | undefined> {
  const answer = await caller.call('ec2', 'DescribeSpotInstanceRequests', (abortSignal) =>
    aws.ec2.send(
      new DescribeSpotInstanceRequestsCommand({
        Filters: [
          { Name: `tag:${TAG.fleet}`, Values: [intent.fleet] },
          { Name: `tag:${TAG.token}`, Values: [intent.token] },
        ],
      }),
      { abortSignal },
    ),
  );
  if (answer.kind === 'failed' || answer.value.SpotInstanceRequests === undefined) return undefined;
  const found = answer.value.SpotInstanceRequests.find(({ Tags: tags }) => {
    const has = (key: string, value: string): boolean =>
      (tags ?? []).some((one) => one.Key === key && one.Value === value);
    return has(TAG.fleet, intent.fleet) && has(TAG.token, intent.token);
  });
  return found === undefined ? 'absent' : found.SpotInstanceRequestId;
}

/** Cancels a request. That ends no instance, and whether one came first only a later reading tells. */
export async function cancelRequest({ aws, caller }: RequestPort, requestId: string): Promise<void> {
  await caller.call(
    'ec2',
    'CancelSpotInstanceRequests',
    (abortSignal) =>
      aws.ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [requestId] }), { abortSignal }),
    { mutating: true },
  );
}

/** What may come of a request without an instance. A code that is new to us is waited for. */
export function prospectOf({ state, code, message }: RequestSeen): Prospect {
  switch (code) {
    case 'capacity-not-available':
    case 'capacity-oversubscribed':
    case 'price-too-low':
    case 'launch-group-constraint':
    case 'az-group-constraint':
    case 'placement-group-constraint':
      return { kind: 'holding' };
    case 'constraint-not-fulfillable':
      return { kind: 'hopeless', refusal: refused('bad-template', code, message) };
    case 'bad-parameters':
      return { kind: 'over', refusal: refused('bad-template', code, message) };
    case 'limit-exceeded':
      return { kind: 'hopeless', refusal: refused('quota', code, message) };
    case 'schedule-expired':
    case 'system-error':
      return { kind: 'over', refusal: refused('no-capacity', code, message) };
    case 'canceled-before-fulfillment':
      return { kind: 'over', refusal: refused('cancelled', code, message) };
    default:
      return state === 'failed'
        ? { kind: 'over', refusal: refused('bad-template', code, message) }
        : { kind: 'waiting' };
  }
}

function seenOf(found: SpotInstanceRequest): RequestSeen {
  const { SpotInstanceRequestId: requestId = '', State: state = '', Status: status, InstanceId: instanceId } = found;
  const updatedAt = instantOf(status?.UpdateTime);
  return {
    requestId,
    state,
    code: status?.Code ?? '',
    message: status?.Message ?? '',
    ...(isInstanceId(instanceId) ? { instanceId } : {}),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}
