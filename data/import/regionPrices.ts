/**
 * On-demand list prices of EC2 for Linux on shared machines, USD per hour of the size `2xlarge`, by region and family. Within a
 * family every size costs in proportion. Facts drawn from the AWS price list by way of two public tables: us-east-1 as of
 * 2026-01-19 in aws/karpenter-provider-aws (`pkg/providers/pricing`, Apache-2.0), the other regions in skypilot-org/skypilot-catalog
 * (`catalogs/v7/aws/vms.csv`, of a day that is not known; M6i, M6gd, C6i and C6id at its commit 001367d). us-east-2 and us-west-2 cost
 * what us-east-1 costs. sa-east-1 is of the price list that AWS published on 2018-09-05, as juju/juju has it
 * (`provider/ec2/internal/ec2instancetypes/generated.go` at its commit a88ef0c): only families whose largest size tells the price of
 * the others to four decimals.
 */
export const REGION_PRICES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'us-east-1': {
    ...{ t3: 0.3328, t3a: 0.3008, t4g: 0.2688 },
    ...{ m5: 0.384, m5a: 0.344, m5d: 0.452, m6a: 0.3456, m6g: 0.308, m6gd: 0.3616, m6i: 0.384, m6id: 0.4746 },
    ...{ m7a: 0.46368, m7g: 0.3264, m7i: 0.4032, 'm7i-flex': 0.38304, m8g: 0.35904 },
    ...{ c5: 0.34, c5a: 0.308, c5d: 0.384, c6a: 0.306, c6g: 0.272, c6gd: 0.3072, c6i: 0.34, c6id: 0.4032 },
    ...{ c7a: 0.41056, c7g: 0.29, c7i: 0.357, 'c7i-flex': 0.33915, c8g: 0.31904 },
    ...{ r5: 0.504, r5a: 0.452, r5d: 0.576, r6a: 0.4536, r6g: 0.4032, r6gd: 0.4608, r6i: 0.504, r6id: 0.6048 },
    ...{ r7a: 0.6086, r7g: 0.4284, r7i: 0.5292, r8g: 0.47128 },
  },
  'us-west-1': { m5: 0.448, m5a: 0.404, c5: 0.424, r5: 0.56, m6i: 0.448, m6gd: 0.424, c6i: 0.424 },
  'ca-central-1': { m5: 0.428, m5a: 0.384, c5: 0.372, r5: 0.552, m6i: 0.428, m6gd: 0.4032, c6i: 0.372, c6id: 0.4452 },
  'eu-west-1': { m5: 0.428, m5a: 0.384, c5: 0.384, r5: 0.564, m6i: 0.428, m6gd: 0.4032, c6i: 0.3648, c6id: 0.4578 },
  'eu-west-2': { m5: 0.444, m5a: 0.4, c5: 0.404, r5: 0.592, m6i: 0.444, m6gd: 0.4192, c6i: 0.404, c6id: 0.483 },
  'eu-central-1': { m5: 0.46, m5a: 0.416, c5: 0.388, r5: 0.608, m6i: 0.46, m6gd: 0.436, c6i: 0.388, c6id: 0.4662 },
  'eu-north-1': { m5: 0.408, c5: 0.364, r5: 0.536, m6i: 0.408, m6gd: 0.384, c6i: 0.364 },
  'ap-south-1': { m5: 0.404, m5a: 0.222, c5: 0.34, r5: 0.52, m6i: 0.404, m6gd: 0.2416, c6i: 0.34 },
  'ap-southeast-1': { m5: 0.48, m5a: 0.432, c5: 0.392, r5: 0.608, m6i: 0.48, m6gd: 0.452, c6i: 0.392, c6id: 0.4704 },
  'ap-southeast-2': { m5: 0.48, m5a: 0.432, c5: 0.444, r5: 0.604, m6i: 0.48, m6gd: 0.456, c6i: 0.444, c6id: 0.5292 },
  'ap-northeast-1': { m5: 0.496, m5a: 0.448, c5: 0.428, r5: 0.608, m6i: 0.496, m6gd: 0.468, c6i: 0.428, c6id: 0.5124 },
  'af-south-1': { m6i: 0.508, m6gd: 0.48, c6i: 0.456 },
  'ap-east-1': { m6i: 0.528, m6gd: 0.496, c6i: 0.432 },
  'ap-northeast-2': { m6i: 0.472, m6gd: 0.4448, c6i: 0.384, c6id: 0.462 },
  'ap-northeast-3': { m6i: 0.496, m6gd: 0.4672, c6i: 0.428 },
  'ap-southeast-3': { m6i: 0.48, m6gd: 0.452 },
  'eu-south-1': { m6i: 0.448, m6gd: 0.4224, c6i: 0.404 },
  'eu-west-3': { m6i: 0.448, m6gd: 0.4224, c6i: 0.404, c6id: 0.483 },
  'me-central-1': { m6i: 0.4708, m6gd: 0.4432 },
  'me-south-1': { m6i: 0.528, c6i: 0.4224 },
  'sa-east-1': { m4: 0.636, m5: 0.612, c5: 0.524 },
};

/** Since when the prices of a region are known to have stood, where that is known. */
export const REGION_DATES: Readonly<Record<string, string>> = { 'sa-east-1': 'of September 2018' };
