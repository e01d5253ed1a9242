import { hours, isoOf } from '../../src/domain/time.ts';
import { ApiError } from './apiError.ts';
import { type Handlers, pageOf } from './call.ts';
import { type Fields, textOf, textsOf } from './fields.ts';
import { filtered } from './filters.ts';

/** The one product that is priced here, and its name in accounts that had EC2-Classic. */
const PRODUCTS = ['Linux/UNIX', 'Linux/UNIX (Amazon VPC)'];

/** How long EC2 keeps spot prices. */
const KEPT_MS = hours(24 * 90);

interface Row {
  readonly instanceType: string;
  readonly zone: string;
  readonly usdPerHour: number;
  readonly at: number;
}

/** What spot capacity cost: in the time asked for, and what held when it began, newest first. */
export const priceActions: Handlers = {
  DescribeSpotPriceHistory: (call) => {
    const { account, params, view } = call;
    const from = instantIn(params, 'StartTime') ?? view.asOf - KEPT_MS;
    const to = Math.min(instantIn(params, 'EndTime') ?? view.asOf, view.asOf);
    const types = textsOf(params, 'InstanceType');
    const products = textsOf(params, 'ProductDescription');
    const zone = textOf(params, 'AvailabilityZone');
    const rows: Row[] = [];
    for (const [market, prices] of account.spotPrices) {
      const [instanceType = '', itsZone = ''] = market.split('/');
      if (types.length > 0 && !types.includes(instanceType)) continue;
      if (zone !== undefined && zone !== itsZone) continue;
      const first = prices.findLastIndex(({ at }) => at <= from);
      for (const price of prices.slice(Math.max(0, first)))
        if (price.at <= Math.max(to, from)) rows.push({ instanceType, zone: itsZone, ...price });
    }
    rows.sort((a, b) => b.at - a.at);
    const priced = products.length === 0 || products.some((product) => PRODUCTS.includes(product)) ? rows : [];
    const found = filtered(params, priced, {
      'availability-zone': (row) => [row.zone],
      'instance-type': (row) => [row.instanceType],
      'product-description': () => PRODUCTS,
      'spot-price': ({ usdPerHour }) => [usdPerHour.toFixed(6)],
      timestamp: ({ at }) => [isoOf(at)],
    });
    const { items, nextToken } = pageOf(call, found);
    return {
      spotPriceHistorySet: items.map(({ instanceType, zone: itsZone, usdPerHour, at }) => ({
        instanceType,
        productDescription: PRODUCTS[0],
        spotPrice: usdPerHour.toFixed(6),
        // Whole seconds, as EC2 gives them; never later than the price began.
        timestamp: `${isoOf(at).slice(0, 19)}.000Z`,
        availabilityZone: itsZone,
      })),
      // An empty text is what EC2 sends for no more pages here.
      nextToken: nextToken ?? '',
    };
  },
};

function instantIn(params: Fields, name: string): number | undefined {
  const text = textOf(params, name);
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new ApiError('InvalidParameterValue', `Value (${text}) for parameter ${name} is invalid.`);
  return at;
}
