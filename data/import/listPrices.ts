import type { Instant } from '../../src/domain/time.ts';
import { REGION_DATES, REGION_PRICES } from './regionPrices.ts';

/** Since when the list prices below have stood as they are, at the latest. */
export const LIST_PRICES_FROM: Instant = new Date('2022-06-23T00:00:00Z').getTime();

/**
 * On-demand list prices in us-east-1 of types of earlier generations that are often recorded, Linux, USD per hour. They have stood
 * unchanged since June 2022; before that, prices fell in steps, so an older week cost more. Source: the price tables in
 * aws/karpenter-provider-aws (Apache-2.0), which are drawn from the AWS price list.
 */
const EARLIER: Readonly<Record<string, number>> = {
  ...{ 'c3.large': 0.105, 'c3.xlarge': 0.21, 'c3.2xlarge': 0.42, 'c3.4xlarge': 0.84, 'c3.8xlarge': 1.68 },
  ...{ 'c4.large': 0.1, 'c4.xlarge': 0.199, 'c4.2xlarge': 0.398, 'c4.4xlarge': 0.796, 'c4.8xlarge': 1.591 },
  ...{ 'd2.xlarge': 0.69, 'd2.2xlarge': 1.38, 'd2.4xlarge': 2.76, 'd2.8xlarge': 5.52 },
  ...{ 'g2.2xlarge': 0.65, 'g2.8xlarge': 2.6 },
  ...{ 'm3.medium': 0.067, 'm3.large': 0.133, 'm3.xlarge': 0.266, 'm3.2xlarge': 0.532 },
  ...{ 'm4.large': 0.1, 'm4.xlarge': 0.2, 'm4.2xlarge': 0.4, 'm4.4xlarge': 0.8, 'm4.10xlarge': 2, 'm4.16xlarge': 3.2 },
  ...{ 'p3.2xlarge': 3.06, 'p3.8xlarge': 12.24, 'p3.16xlarge': 24.48 },
  ...{ 'r3.large': 0.166, 'r3.xlarge': 0.333, 'r3.2xlarge': 0.665, 'r3.4xlarge': 1.33, 'r3.8xlarge': 2.66 },
  ...{ 'r4.large': 0.133, 'r4.xlarge': 0.266, 'r4.2xlarge': 0.532, 'r4.4xlarge': 1.064, 'r4.8xlarge': 2.128 },
};

/** An on-demand list price, and of which region and time it is. */
export interface ListPrice {
  readonly usdPerHour: number;
  readonly region: string;
  /** `since June 2022`. */
  readonly when: string;
}

const HOME = 'us-east-1';
/** Regions in which instances cost what they cost in us-east-1. */
const LIKE_HOME = ['us-east-2', 'us-west-2'];

/** The list price of a type for Linux; that of us-east-1 where the region's is not known here, which its `region` then says. */
export function listPriceOf(instanceType: string, region: string | undefined): ListPrice | undefined {
  const own = region === undefined ? undefined : inFamily(instanceType, LIKE_HOME.includes(region) ? HOME : region);
  if (own !== undefined && region !== undefined && region !== HOME)
    return { usdPerHour: own, region, when: LIKE_HOME.includes(region) ? 'as of January 2026' : datedIn(region) };
  const usdPerHour =
    inFamily(instanceType, HOME) ?? (Object.hasOwn(EARLIER, instanceType) ? EARLIER[instanceType] : undefined);
  return usdPerHour === undefined ? undefined : { usdPerHour, region: HOME, when: 'since June 2022' };
}

const datedIn = (region: string): string =>
  Object.hasOwn(REGION_DATES, region) ? (REGION_DATES[region] ?? '') : 'as the tool was made, of no known day';

/** How many times a `2xlarge` each size is. */
const SIZES: Readonly<Record<string, number>> = {
  ...{ nano: 1 / 64, micro: 1 / 32, small: 1 / 16, medium: 1 / 8, large: 1 / 4, xlarge: 1 / 2, '2xlarge': 1 },
  ...{ '3xlarge': 1.5, '4xlarge': 2, '6xlarge': 3, '8xlarge': 4, '9xlarge': 4.5, '12xlarge': 6, '16xlarge': 8 },
  ...{ '18xlarge': 9, '24xlarge': 12, '32xlarge': 16, '48xlarge': 24 },
};

function inFamily(instanceType: string, region: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const families = Object.hasOwn(REGION_PRICES, region) ? REGION_PRICES[region] : undefined;
  const usd = families !== undefined && Object.hasOwn(families, family) ? families[family] : undefined;
  const times = Object.hasOwn(SIZES, size) ? SIZES[size] : undefined;
  // AWS writes five decimals at most.
  return usd === undefined || times === undefined ? undefined : Math.round(usd * times * 1e5) / 1e5;
}
