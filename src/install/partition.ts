/** A part of AWS with accounts and ARNs of its own. */
export type Partition =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-eusc'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f';

/** Regions' first letters, and how names of hosts end there (partition data of the AWS SDK). Any other region is one of `aws`. */
const PARTITIONS: readonly (readonly [region: string, partition: Partition, suffix: string])[] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov'],
];

/** The partition of a region. */
export const partitionOf = (region: string): Partition =>
  PARTITIONS.find(([start]) => region.startsWith(start))?.[1] ?? 'aws';

/** By which names EC2 may call itself where a role is passed to it. */
export function ec2Principals(partition: Partition): readonly string[] {
  const suffix = PARTITIONS.find(([, one]) => one === partition)?.[2] ?? 'amazonaws.com';
  // Partitions moved from names of their own to the common one; China did not.
  if (partition === 'aws-cn') return [`ec2.${suffix}`];
  return [...new Set(['ec2.amazonaws.com', `ec2.${suffix}`])];
}
