import { describe, expect, it } from 'vitest';
import { architectureOf, familyOf, quotaFamilyOf, vcpusOf } from '../../src/domain/instanceTypes.ts';

describe("what an instance type's name says", () => {
  it.each([
    ['m5.2xlarge', 'm5', 'x86_64', 'standard', 8],
    ['m5.large', 'm5', 'x86_64', 'standard', 2],
    ['m7g.medium', 'm7g', 'arm64', 'standard', 1],
    ['m7g.16xlarge', 'm7g', 'arm64', 'standard', 64],
    ['c6gn.xlarge', 'c6gn', 'arm64', 'standard', 4],
    ['m7i-flex.4xlarge', 'm7i-flex', 'x86_64', 'standard', 16],
    ['m6id.12xlarge', 'm6id', 'x86_64', 'standard', 48],
    ['im4gn.2xlarge', 'im4gn', 'arm64', 'standard', 8],
    ['is4gen.medium', 'is4gen', 'arm64', 'standard', 1],
    ['a1.large', 'a1', 'arm64', 'standard', 2],
    ['z1d.3xlarge', 'z1d', 'x86_64', 'standard', 12],
    ['t2.micro', 't2', 'x86_64', 'standard', 1],
    ['t2.medium', 't2', 'x86_64', 'standard', 2],
    ['t3.micro', 't3', 'x86_64', 'standard', 2],
    ['t4g.nano', 't4g', 'arm64', 'standard', 2],
    ['m3.medium', 'm3', 'x86_64', 'standard', 1],
    ['c4.8xlarge', 'c4', 'x86_64', 'standard', 36],
    ['d2.8xlarge', 'd2', 'x86_64', 'standard', 36],
    ['m2.xlarge', 'm2', 'x86_64', 'standard', 2],
    ['hs1.8xlarge', 'hs1', 'x86_64', 'standard', 16],
    ['g4dn.xlarge', 'g4dn', 'x86_64', 'g', 4],
    ['g5g.2xlarge', 'g5g', 'arm64', 'g', 8],
    ['gr6.4xlarge', 'gr6', 'x86_64', 'g', 16],
    ['vt1.3xlarge', 'vt1', 'x86_64', 'g', 12],
    ['p4d.24xlarge', 'p4d', 'x86_64', 'p', 96],
    ['x2gd.medium', 'x2gd', 'arm64', 'x', 1],
    ['inf2.xlarge', 'inf2', 'x86_64', 'inf', 4],
    ['trn1.32xlarge', 'trn1', 'x86_64', 'trn', 128],
    ['dl1.24xlarge', 'dl1', 'x86_64', 'dl', 96],
    ['f1.2xlarge', 'f1', 'x86_64', 'f', 8],
    ['u-6tb1.112xlarge', 'u-6tb1', 'x86_64', 'u', 448],
    ['u7in-16tb.224xlarge', 'u7in-16tb', 'x86_64', 'u', 896],
    ['m5.metal', 'm5', 'x86_64', 'standard', undefined],
    ['c7i.metal-24xl', 'c7i', 'x86_64', 'standard', undefined],
    ['mac2.metal', 'mac2', 'arm64', undefined, undefined],
    ['mac1.metal', 'mac1', 'x86_64', undefined, undefined],
    ['hpc7g.16xlarge', 'hpc7g', 'arm64', undefined, undefined],
    ['hpc6a.48xlarge', 'hpc6a', 'x86_64', undefined, undefined],
  ])('%s', (instanceType, family, architecture, quotaFamily, vcpus) => {
    expect(familyOf(instanceType)).toBe(family);
    expect(architectureOf(instanceType)).toBe(architecture);
    expect(quotaFamilyOf(instanceType)).toBe(quotaFamily);
    expect(vcpusOf(instanceType)).toBe(vcpus);
  });
});
