import type { Instant } from '../../src/domain/time.ts';

/** Since when the list prices below have stood as they are, at the latest. */
export const LIST_PRICES_FROM: Instant = new Date('2022-06-23T00:00:00Z').getTime();

/**
 * On-demand list prices in us-east-1, Linux, USD per hour, for types that are often recorded. They stood unchanged from
 * June 2022 to July 2026; before that, prices fell in steps, so an older week cost more. Source: the price tables in
 * aws/karpenter-provider-aws (Apache-2.0), which are drawn from the AWS price list. Used only by `import`, and said in
 * `composed`, where nobody gave the price of the recorded week.
 */
export const LIST_PRICES: Readonly<Record<string, number>> = {
  'c3.xlarge': 0.21,
  'c5.2xlarge': 0.34,
  'c5.4xlarge': 0.68,
  'c5.large': 0.085,
  'c5.xlarge': 0.17,
  'c5a.2xlarge': 0.308,
  'c6g.2xlarge': 0.272,
  'c6i.2xlarge': 0.34,
  'c6i.4xlarge': 0.68,
  'c6i.xlarge': 0.17,
  'c7g.2xlarge': 0.29,
  'c7i.2xlarge': 0.357,
  'd2.8xlarge': 5.52,
  'g2.2xlarge': 0.65,
  'm3.large': 0.133,
  'm3.medium': 0.067,
  'm4.10xlarge': 2,
  'm4.4xlarge': 0.8,
  'm4.large': 0.1,
  'm4.xlarge': 0.2,
  'm5.2xlarge': 0.384,
  'm5.4xlarge': 0.768,
  'm5.large': 0.096,
  'm5.xlarge': 0.192,
  'm6g.xlarge': 0.154,
  'm6i.2xlarge': 0.384,
  'm6i.large': 0.096,
  'm6i.xlarge': 0.192,
  'm7i.xlarge': 0.2016,
  'p3.2xlarge': 3.06,
  'r3.large': 0.166,
  'r5.16xlarge': 4.032,
  'r5.xlarge': 0.252,
  'r6i.2xlarge': 0.504,
  't3.large': 0.0832,
  't3.micro': 0.0104,
};
