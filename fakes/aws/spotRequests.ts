import { isoOf } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { ApiError, required } from './apiError.ts';
import { type Call, type Handlers, pageOf } from './call.ts';
import { canonical, type Fields, numberOf, partsOf, textOf, textsOf, without } from './fields.ts';
import { filtered } from './filters.ts';
import { bornOf, type CheckedLaunch, checkBlock, grantFor, orderOf } from './launch.ts';
import type { SpotRequest } from './resources.ts';
import { statusReason } from './spotStatus.ts';
import { tagSet, tagSpecificationsOf } from './tagging.ts';

/** Spot requests that stand by themselves: made, told of, and cancelled, which may come too late. */
export const spotRequestActions: Handlers = {
  RequestSpotInstances: async ({ account, params }) => {
    const token = textOf(params, 'ClientToken');
    const ids = await account.tokens.once(
      token === undefined ? undefined : `RequestSpotInstances ${token}`,
      canonical(without(params, 'Action', 'Version')),
      () => Promise.resolve().then(() => openRequests(account, params)),
    );
    return { spotInstanceRequestSet: ids.flatMap((id) => requestOut(account, account.spotRequests.get(id))) };
  },
  DescribeSpotInstanceRequests: (call) => {
    const { account, params } = call;
    const found = filtered(
      params,
      requestsAsked(call),
      {
        'spot-instance-request-id': ({ spotRequestId }) => [spotRequestId],
        state: ({ state }) => [state],
        'status-code': ({ status }) => [status.code],
        'instance-id': ({ instanceId }) => [instanceId],
        'launched-availability-zone': ({ zone, instanceId }) => [instanceId === undefined ? undefined : zone],
        'launch.instance-type': ({ instanceType }) => [instanceType],
      },
      ({ tags }) => tags,
    );
    const { items, nextToken } = pageOf(call, found);
    return { spotInstanceRequestSet: items.flatMap((request) => requestOut(account, request)), nextToken };
  },
  CancelSpotInstanceRequests: (call) => {
    const { account } = call;
    const asked = requestsAsked(call);
    if (asked.length === 0)
      throw new ApiError('MissingParameter', 'The request must contain the parameter SpotInstanceRequestId');
    for (const { spotRequestId } of asked) cancel(account, account.spotRequests.get(spotRequestId));
    return {
      spotInstanceRequestSet: asked.map(({ spotRequestId }) => ({
        spotInstanceRequestId: spotRequestId,
        state: 'cancelled',
      })),
    };
  },
};

function openRequests(account: Account, params: Fields): readonly string[] {
  const launch = partsOf(params, 'LaunchSpecification');
  const minutes = numberOf(params, 'BlockDurationMinutes');
  checkBlock(account, minutes);
  const { 'spot-instances-request': tags = {} } = tagSpecificationsOf(params, ['spot-instances-request']);
  const order = orderOf(account, {
    ...launch,
    InstanceMarketOptions: {
      MarketType: 'spot',
      SpotOptions: { MaxPrice: textOf(params, 'SpotPrice'), BlockDurationMinutes: minutes },
    },
  });
  const validUntil = Date.parse(textOf(params, 'ValidUntil') ?? '');
  const count = numberOf(params, 'InstanceCount') ?? 1;
  if (!(count >= 1) || !Number.isInteger(count))
    throw new ApiError('InvalidParameterValue', `Value (${count}) for parameter instanceCount is invalid.`);
  return Array.from({ length: count }, () => {
    const spotRequestId = account.newId('sir');
    const request: SpotRequest = {
      spotRequestId,
      state: 'open',
      status: { ...statusReason('pending-evaluation'), updatedAt: account.now() },
      createdAt: account.now(),
      validUntil: Number.isNaN(validUntil) ? undefined : validUntil,
      instanceType: order.instanceType,
      zone: order.subnet.zone,
      blockDurationMinutes: minutes,
      maxPrice: textOf(params, 'SpotPrice'),
      tags,
      clientToken: textOf(params, 'ClientToken'),
      specification: launch,
    };
    account.putRequest(request);
    // The answer does not wait for it: whoever asked must look at the request again.
    void fulfil(account, { ...order, clientToken: request.clientToken }, spotRequestId);
    return spotRequestId;
  });
}

/** Waits for the world's decision. A request that was cancelled meanwhile may still get its instance: the race is lost. */
async function fulfil(account: Account, order: CheckedLaunch, spotRequestId: string): Promise<void> {
  // Never in the same turn: the answer to the call shows the request as it was made.
  await Promise.resolve();
  try {
    const grant = await grantFor(account, order, account.spotRequests.get(spotRequestId)?.tags ?? {});
    const instance = bornOf(account, order, grant, { reservationId: account.newId('r'), spotRequestId });
    const request = account.spotRequests.get(spotRequestId);
    if (request === undefined) return;
    const late = request.state === 'cancelled';
    account.putRequest({
      ...request,
      state: late ? 'cancelled' : 'active',
      status: {
        ...statusReason(late ? 'request-canceled-and-instance-running' : 'fulfilled'),
        updatedAt: account.now(),
      },
      instanceId: instance.instanceId,
      usdPerHour: grant.usdPerHour,
    });
  } catch (error) {
    const request = account.spotRequests.get(spotRequestId);
    if (request?.state !== 'open') return;
    if (!(error instanceof ApiError))
      account.setSpotStatus(spotRequestId, 'system-error', 'A system error has occurred.', 'closed');
    else if (WAITS_FOR_CAPACITY.has(error.code)) account.setSpotStatus(spotRequestId, 'capacity-not-available');
    else account.setSpotStatus(spotRequestId, 'bad-parameters', error.message, 'failed');
  }
}

/** Refusals that a spot request sits out: it stays open. */
const WAITS_FOR_CAPACITY: ReadonlySet<string> = new Set([
  'InsufficientInstanceCapacity',
  'UnfulfillableCapacity',
  'InsufficientFreeAddressesInSubnet',
]);

/** Ends the request, never its instance. */
function cancel(account: Account, request: SpotRequest | undefined): void {
  if (request === undefined || request.state === 'cancelled' || request.state === 'failed') return;
  // One that is over says on how it came to its end.
  if (request.state !== 'open' && request.state !== 'active') {
    const { code, message } = request.status;
    account.setSpotStatus(request.spotRequestId, code, message, 'cancelled');
    return;
  }
  const code = request.state === 'open' ? 'canceled-before-fulfillment' : 'request-canceled-and-instance-running';
  account.setSpotStatus(request.spotRequestId, code, undefined, 'cancelled');
}

function requestsAsked({ account, params, view }: Call): readonly SpotRequest[] {
  const ids = textsOf(params, 'SpotInstanceRequestId');
  if (ids.length === 0) return account.spotRequests.all(view);
  const missing = ids.find((id) => account.spotRequests.get(id, view) === undefined);
  if (missing !== undefined)
    throw new ApiError(
      'InvalidSpotInstanceRequestID.NotFound',
      `The spot instance request ID '${missing}' does not exist`,
    );
  return ids.map((id) => required(account.spotRequests.get(id, view), 'SpotInstanceRequestId'));
}

function requestOut(account: Account, request: SpotRequest | undefined): readonly Fields[] {
  if (request === undefined) return [];
  const { spotRequestId, state, status, createdAt, validUntil, instanceId, blockDurationMinutes, usdPerHour } = request;
  return [
    {
      spotInstanceRequestId: spotRequestId,
      spotPrice: request.maxPrice,
      type: 'one-time',
      state,
      status: { code: status.code, updateTime: isoOf(status.updatedAt), message: status.message },
      launchSpecification: {
        imageId: textOf(request.specification, 'ImageId'),
        instanceType: request.instanceType,
        subnetId: textOf(request.specification, 'SubnetId'),
        placement: { availabilityZone: request.zone },
      },
      instanceId,
      createTime: isoOf(createdAt),
      productDescription: 'Linux/UNIX',
      tagSet: tagSet(request.tags),
      launchedAvailabilityZone: instanceId === undefined ? undefined : request.zone,
      instanceInterruptionBehavior: 'terminate',
      validUntil: validUntil === undefined ? undefined : isoOf(validUntil),
      blockDurationMinutes,
      actualBlockHourlyPrice:
        blockDurationMinutes === undefined || usdPerHour === undefined ? undefined : usdPerHour.toFixed(6),
    },
  ];
}
