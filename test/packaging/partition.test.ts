import { describe, expect, it } from 'vitest';
import { zone } from '../../src/config/fields.ts';
import { ec2Principals, partitionOf } from '../../src/install/partition.ts';

describe('a region', () => {
  it.each([
    ['us-east-1', 'aws'],
    ['mx-central-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('%s lies in the partition %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
    expect(ec2Principals(partitionOf(region)).every((name) => name.startsWith('ec2.'))).toBe(true);
  });
});

describe('a zone', () => {
  it.each([
    'us-east-1a',
    'eusc-de-east-1b',
    'us-iso-east-1a',
    'us-gov-west-1c',
    'us-east-1-bos-1a',
    'us-west-2-lax-1b',
    'us-east-1-wl1-bos-wlz-1',
    'eu-west-2-wl2-man-wlz-1',
  ])('may be %s', (name) => {
    expect(zone().safeParse(name).success).toBe(true);
  });

  it.each(['use1-az4', 'euscde-az1', 'us-east-1', 'eusc-de-east-1', 'use1-wl1-bos-wlz1', 'US-EAST-1A'])(
    'is none: %s',
    (name) => {
      expect(zone().safeParse(name).success).toBe(false);
    },
  );
});
