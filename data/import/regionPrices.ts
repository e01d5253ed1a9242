/**
 * On-demand list prices of EC2 for Linux on shared machines, USD per hour of the size `2xlarge`, by region and family. Within a
 * family every size costs in proportion. Facts drawn from the AWS price list by way of two public tables: us-east-1 as of
 * 2026-01-19 in aws/karpenter-provider-aws (`pkg/providers/pricing`).
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
};
