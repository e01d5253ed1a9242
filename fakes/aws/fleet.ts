import type { Account } from './account.ts';
import { ApiError, required } from './apiError.ts';
import type { Handlers } from './call.ts';
import { canonical, type Fields, isFields, isList, membersOf, numberOf, partsOf, textOf, without } from './fields.ts';
import { launchOne, orderOf } from './launch.ts';
import type { Instance, Tags } from './resources.ts';
import { tagSpecificationsOf } from './tagging.ts';
import { withTemplate } from './templates.ts';

/** CreateFleet of type instant: one attempt, and what failed is told in an answer that itself succeeds. */
export const fleetActions: Handlers = {
  CreateFleet: ({ account, params }) => {
    if (textOf(params, 'Type') !== 'instant')
      throw new ApiError('InvalidParameterValue', 'Only fleets of type instant are simulated.');
    const token = textOf(params, 'ClientToken');
    return account.tokens.once(
      token === undefined ? undefined : `CreateFleet ${token}`,
      canonical(without(params, 'Action', 'Version')),
      () => createFleet(account, params),
    );
  },
};

interface Candidate {
  readonly template: Fields;
  readonly overrides: Fields;
}

interface Failed {
  readonly candidate: Candidate;
  readonly error: ApiError;
}

async function createFleet(account: Account, params: Fields): Promise<Fields> {
  const target = partsOf(params, 'TargetCapacitySpecification');
  const total = required(numberOf(target, 'TotalTargetCapacity'), 'TargetCapacitySpecification.TotalTargetCapacity');
  const lifecycle = textOf(target, 'DefaultTargetCapacityType') ?? 'on-demand';
  const candidates = inOrder(account, params, candidatesOf(params), lifecycle);
  const tags = tagSpecificationsOf(params, ['fleet', 'instance', 'volume', 'network-interface']);
  const reservationId = account.newId('r');
  const launched: { readonly candidate: Candidate; readonly instance: Instance }[] = [];
  const failed: Failed[] = [];
  for (const candidate of candidates) {
    if (launched.length >= total) break;
    try {
      const order = orderOf(account, specificationOf(account, params, candidate, lifecycle));
      while (launched.length < total)
        launched.push({
          candidate,
          instance: await launchOne(account, { ...order, tags: joined(order.tags, tags) }, reservationId),
        });
    } catch (error) {
      // Anything else is a mistake of this server, and no answer of AWS.
      if (!(error instanceof ApiError)) throw error;
      failed.push({ candidate, error });
    }
  }
  return {
    fleetId: account.newId('fleet'),
    errorSet: failed.map(({ candidate, error }) => ({
      launchTemplateAndOverrides: candidateOut(candidate),
      lifecycle,
      errorCode: error.code,
      errorMessage: error.message,
    })),
    fleetInstanceSet: launched.map(({ candidate, instance }) => ({
      launchTemplateAndOverrides: candidateOut(candidate),
      lifecycle,
      instanceIds: [instance.instanceId],
      instanceType: instance.instanceType,
    })),
  };
}

function candidatesOf(params: Fields): readonly Candidate[] {
  const configs = membersOf(params, 'LaunchTemplateConfigs');
  if (configs.length === 0)
    throw new ApiError('MissingParameter', 'The request must contain the parameter LaunchTemplateConfigs');
  return configs.flatMap((config) => {
    const template = partsOf(config, 'LaunchTemplateSpecification');
    const overrides = membersOf(config, 'Overrides');
    return (overrides.length === 0 ? [{}] : overrides).map((one) => ({ template, overrides: one }));
  });
}

/** By price where the strategy is the lowest price, which is also the default, else by priority, else as they were given. */
function inOrder(
  account: Account,
  params: Fields,
  candidates: readonly Candidate[],
  lifecycle: string,
): readonly Candidate[] {
  const strategy = textOf(params, lifecycle === 'spot' ? 'SpotOptions' : 'OnDemandOptions', 'AllocationStrategy');
  const priceOf = ({ overrides }: Candidate): number => {
    const subnet = account.subnets.get(textOf(overrides, 'SubnetId') ?? '');
    const zone = subnet?.zone ?? textOf(overrides, 'AvailabilityZone') ?? '';
    return account.spotPriceOf(textOf(overrides, 'InstanceType') ?? '', zone) ?? Infinity;
  };
  const keyOf = (candidate: Candidate): number =>
    strategy?.includes('prioritized') === true
      ? (numberOf(candidate.overrides, 'Priority') ?? Infinity)
      : lifecycle === 'spot' && strategy !== 'capacity-optimized' && strategy !== 'diversified'
        ? priceOf(candidate)
        : 0;
  const keyed = candidates.map((candidate) => ({ candidate, key: keyOf(candidate) }));
  // Two that have no price are as they were given: their difference is no number.
  keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1));
  return keyed.map(({ candidate }) => candidate);
}

function specificationOf(
  account: Account,
  params: Fields,
  { template, overrides }: Candidate,
  lifecycle: string,
): Fields {
  const { SubnetId: subnetId, InstanceType, ImageId, AvailabilityZone, BlockDeviceMapping, MaxPrice } = overrides;
  const base = withTemplate(account, { LaunchTemplate: template });
  if (textOf(base, 'InstanceMarketOptions', 'SpotOptions', 'BlockDurationMinutes') !== undefined)
    throw new ApiError('InvalidParameterValue', 'BlockDurationMinutes is not a valid parameter.');
  const interfaces = membersOf(base, 'NetworkInterface');
  return {
    ...base,
    ...(InstanceType !== undefined && { InstanceType }),
    ...(ImageId !== undefined && { ImageId }),
    ...(isList(BlockDeviceMapping) && { BlockDeviceMapping }),
    // The subnet of an override goes into the interface where the template has one.
    ...(subnetId !== undefined &&
      (interfaces.length > 0
        ? { NetworkInterface: interfaces.map((one, index) => (index === 0 ? { ...one, SubnetId: subnetId } : one)) }
        : { SubnetId: subnetId })),
    ...(AvailabilityZone !== undefined && { Placement: { ...partsOf(base, 'Placement'), AvailabilityZone } }),
    InstanceMarketOptions:
      lifecycle === 'spot' ? { MarketType: 'spot', SpotOptions: isFields(MaxPrice) ? {} : { MaxPrice } } : undefined,
    ClientToken: textOf(params, 'ClientToken'),
  };
}

/** By resource type; the tags of the fleet's call win over the template's. */
const joined = (template: TagsByType, call: TagsByType): TagsByType =>
  Object.fromEntries(
    [...new Set([...Object.keys(template), ...Object.keys(call)])].map((type) => [
      type,
      { ...template[type], ...call[type] },
    ]),
  );

type TagsByType = Readonly<Record<string, Tags>>;

const candidateOut = ({ template, overrides }: Candidate): Fields => ({
  launchTemplateSpecification: {
    launchTemplateId: textOf(template, 'LaunchTemplateId'),
    launchTemplateName: textOf(template, 'LaunchTemplateName'),
    version: textOf(template, 'Version'),
  },
  overrides: {
    instanceType: textOf(overrides, 'InstanceType'),
    subnetId: textOf(overrides, 'SubnetId'),
    availabilityZone: textOf(overrides, 'AvailabilityZone'),
    maxPrice: textOf(overrides, 'MaxPrice'),
  },
});
