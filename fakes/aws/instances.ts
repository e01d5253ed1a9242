import { isoOf } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { ApiError, required } from './apiError.ts';
import { type Call, type Handlers, pageOf } from './call.ts';
import { canonical, type Fields, flagOf, numberOf, textOf, textsOf, without } from './fields.ts';
import { type FilterTable, filtered } from './filters.ts';
import { instanceOut, stateOut } from './instanceOut.ts';
import { launchOne, orderOf, zoneAskedFor } from './launch.ts';
import { type Instance, STATE_CODES } from './resources.ts';
import { withTemplate } from './templates.ts';

/** Instances: their launch, their end and what is told of them. */
export const instanceActions: Handlers = {
  RunInstances: async ({ account, params }) => {
    const least = required(numberOf(params, 'MinCount'), 'MinCount');
    const most = required(numberOf(params, 'MaxCount'), 'MaxCount');
    if (!(least >= 1 && most >= least && Number.isInteger(least) && Number.isInteger(most)))
      throw new ApiError('InvalidParameterValue', `Value (${least}) for parameter minCount is invalid.`);
    const specification = withTemplate(account, params);
    const launched = await account.tokens.once(runKey(account, specification), fingerprintOf(specification), () =>
      launchSome(account, specification, least, most),
    );
    // Told as they are now, also to one who asks again much later.
    const now = launched.flatMap(({ instanceId }) => account.instances.get(instanceId) ?? []);
    if (now.every(({ state }) => state === 'terminated'))
      throw new ApiError(
        'IdempotentInstanceTerminated',
        'The request to launch an instance uses the same client token as a previous request for which the instance has been terminated.',
      );
    return reservationOut(account, now);
  },
  DescribeInstances: (call) => {
    const { account, params } = call;
    const found = filtered(params, instancesAsked(call), INSTANCE_FILTERS(account), ({ tags }) => tags);
    const { items, nextToken } = pageOf(call, byReservation(found));
    return { reservationSet: items.map((instances) => reservationOut(account, instances)), nextToken };
  },
  DescribeInstanceStatus: (call) => {
    const { account, params } = call;
    const all = flagOf(params, 'IncludeAllInstances');
    const asked = instancesAsked(call).filter(({ state }) => all || state === 'running');
    const { items, nextToken } = pageOf(
      call,
      filtered(params, asked, INSTANCE_FILTERS(account), ({ tags }) => tags),
    );
    return {
      instanceStatusSet: items.map(({ instanceId, zone, state }) => ({
        instanceId,
        availabilityZone: zone,
        instanceState: stateOut(state),
        instanceStatus: { status: state === 'running' ? 'ok' : 'not-applicable' },
        systemStatus: { status: state === 'running' ? 'ok' : 'not-applicable' },
      })),
      nextToken,
    };
  },
  TerminateInstances: (call) => {
    const { account } = call;
    const asked = instancesAsked(call);
    if (asked.length === 0) throw new ApiError('MissingParameter', 'The request must contain the parameter InstanceId');
    // What is protected holds all of its zone; the others go, and the call is refused all the same.
    const held = new Set(asked.filter(({ isProtected }) => isProtected).map(({ zone }) => zone));
    const ending = asked.filter(({ zone }) => !held.has(zone));
    for (const { instanceId } of ending) end(account, instanceId);
    const [shield] = asked.filter(({ isProtected }) => isProtected);
    if (shield !== undefined)
      throw new ApiError(
        'OperationNotPermitted',
        `The instance '${shield.instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    return {
      instancesSet: ending.map(({ instanceId, state }) => ({
        instanceId,
        currentState: stateOut(account.instances.get(instanceId)?.state ?? 'terminated'),
        previousState: stateOut(state),
      })),
    };
  },
};

const INSTANCE_FILTERS = (account: Account): FilterTable<Instance> => ({
  'instance-id': ({ instanceId }) => [instanceId],
  'instance-state-name': ({ state }) => [state],
  'instance-state-code': ({ state }) => [String(STATE_CODES[state])],
  'instance-type': ({ instanceType }) => [instanceType],
  'instance-lifecycle': ({ market }) => [market === 'on-demand' ? undefined : 'spot'],
  'availability-zone': ({ zone }) => [zone],
  'client-token': ({ clientToken }) => [clientToken],
  'image-id': ({ imageId }) => [imageId],
  'launch-time': ({ launchedAt }) => [isoOf(launchedAt)],
  'private-ip-address': ({ privateIp }) => [privateIp],
  'reservation-id': ({ reservationId }) => [reservationId],
  'spot-instance-request-id': ({ spotRequestId }) => [spotRequestId],
  'subnet-id': ({ subnetId }) => [subnetId],
  'vpc-id': () => [account.vpcId],
});

/** The instances that a call names, or all. @throws ApiError for an id that is none, or that the caller cannot see */
function instancesAsked({ account, params, view }: Call): readonly Instance[] {
  const ids = textsOf(params, 'InstanceId');
  if (ids.length === 0) return account.instances.all(view);
  if (textOf(params, 'MaxResults') !== undefined)
    throw new ApiError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  const malformed = ids.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (malformed !== undefined) throw new ApiError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  const missing = ids.filter((id) => account.instances.get(id, view) === undefined);
  if (missing.length > 0)
    throw new ApiError(
      'InvalidInstanceID.NotFound',
      missing.length === 1
        ? `The instance ID '${missing.join()}' does not exist`
        : `The instance IDs '${missing.join(', ')}' do not exist`,
    );
  return [...new Set(ids)].flatMap((id) => account.instances.get(id, view) ?? []);
}

/** Ends an instance by a call of its user. */
function end(account: Account, instanceId: string): void {
  const instance = account.instances.get(instanceId);
  if (instance === undefined || instance.state === 'shutting-down' || instance.state === 'terminated') return;
  account.setState(instanceId, 'shutting-down', {
    reasonCode: 'Client.UserInitiatedShutdown',
    reasonMessage: 'User initiated shutdown',
  });
  account.onTerminate?.(account.instances.get(instanceId) ?? instance);
}

/** Client tokens are remembered by zone: the same one in another zone is another launch. */
function runKey(account: Account, specification: Fields): string | undefined {
  const token = textOf(specification, 'ClientToken');
  if (token === undefined) return undefined;
  // Control characters and what is not ASCII cannot be part of a token (EC2 API reference).
  if (!/^[\x20-\x7e]{1,64}$/.test(token))
    throw new ApiError('InvalidClientToken', 'The client token is not valid: it has up to 64 ASCII characters.');
  return `RunInstances ${token} ${zoneAskedFor(account, specification)}`;
}

/** What must be the same for the same token: everything but what names the call itself. */
const fingerprintOf = (specification: Fields): string =>
  canonical(without(specification, 'Action', 'Version', 'DryRun', 'LaunchTemplate'));

async function launchSome(
  account: Account,
  specification: Fields,
  least: number,
  most: number,
): Promise<readonly Instance[]> {
  const order = orderOf(account, specification);
  const reservationId = account.newId('r');
  const launched: Instance[] = [];
  while (launched.length < most) {
    try {
      launched.push(await launchOne(account, order, reservationId));
    } catch (error) {
      if (launched.length >= least) break;
      // All or nothing: nobody will ever be told of those that came, so they must not live on.
      for (const { instanceId } of launched) end(account, instanceId);
      throw error;
    }
  }
  return launched;
}

function byReservation(instances: readonly Instance[]): readonly (readonly Instance[])[] {
  const reservations = new Map<string, Instance[]>();
  for (const instance of instances) {
    const reservation = reservations.get(instance.reservationId);
    if (reservation === undefined) reservations.set(instance.reservationId, [instance]);
    else reservation.push(instance);
  }
  return [...reservations.values()];
}

const reservationOut = (account: Account, instances: readonly Instance[]): Fields => ({
  reservationId: instances[0]?.reservationId,
  ownerId: account.accountId,
  groupSet: [],
  instancesSet: instances.map((instance, index) => instanceOut(account, instance, index)),
});
