/**
 * What an instance type's name says, as EC2 makes its names: letters of the family, generation, attributes, a dot, the size
 * (EC2 instance types guide, "Naming conventions"). Nothing is looked up, so that new types are known too.
 */

/** `m5` of `m5.2xlarge`. */
export const familyOf = (instanceType: string): string => partsOf(instanceType).family;

export type Architecture = 'x86_64' | 'arm64';
export const ARCHITECTURES = ['x86_64', 'arm64'] as const satisfies readonly Architecture[];

/** A `g` among a family's attributes is AWS Graviton: `m7g`, `c6gn`, `im4gn`, `g5g`; `a1` and Apple's `mac2` came before. */
export function architectureOf(instanceType: string): Architecture {
  const [, letters = '', attributes = ''] = /^([a-z]+)(?:-\d+tb)?\d*([a-z-]*)/.exec(familyOf(instanceType)) ?? [];
  return attributes.includes('g') || letters === 'a' || familyOf(instanceType).startsWith('mac2') ? 'arm64' : 'x86_64';
}

/** The families whose vCPUs EC2 counts together (EC2 user guide, "Amazon EC2 instance type quotas"). */
export type QuotaFamily = 'standard' | 'dl' | 'f' | 'g' | 'inf' | 'p' | 'trn' | 'u' | 'x';
export const QUOTA_FAMILIES = [
  'standard',
  'dl',
  'f',
  'g',
  'inf',
  'p',
  'trn',
  'u',
  'x',
] as const satisfies readonly QuotaFamily[];

/** The quota that a type counts against; undefined for one that is counted in no vCPUs here. */
export function quotaFamilyOf(instanceType: string): QuotaFamily | undefined {
  const letters = /^[a-z]+/.exec(instanceType)?.[0] ?? '';
  if (letters === 'mac' || letters === 'hpc') return undefined;
  if (letters === 'vt' || letters === 'gr') return 'g';
  return QUOTA_FAMILIES.find((family) => family === letters) ?? (/^[acdhimrtz]/.test(letters) ? 'standard' : undefined);
}

/** How many vCPUs a type has, by its size; undefined where the size does not say, as of metal. */
export function vcpusOf(instanceType: string): number | undefined {
  const { family, size } = partsOf(instanceType);
  const odd = ODD_VCPUS[instanceType];
  if (odd !== undefined) return odd;
  if (family.startsWith('hpc')) return undefined;
  // Burstable types have two from the third generation on, whatever the size up to large.
  if (/^t[3-9]/.test(family) && BELOW_LARGE.has(size)) return 2;
  if (BELOW_LARGE.has(size)) return 1;
  if (size === 'large') return 2;
  const times = /^(\d*)xlarge$/.exec(size)?.[1];
  return times === undefined ? undefined : 4 * (times === '' ? 1 : Number(times));
}

const BELOW_LARGE: ReadonlySet<string> = new Set(['nano', 'micro', 'small', 'medium']);

/** Types that do not keep to it (EC2 instance types guide, specifications; earlier ones: "Previous generation instances"). */
const ODD_VCPUS: Readonly<Record<string, number>> = {
  'c1.medium': 2,
  'c1.xlarge': 8,
  'c4.8xlarge': 36,
  'd2.8xlarge': 36,
  'hs1.8xlarge': 16,
  'm2.2xlarge': 4,
  'm2.4xlarge': 8,
  'm2.xlarge': 2,
  't2.medium': 2,
};

function partsOf(instanceType: string): { readonly family: string; readonly size: string } {
  const dot = instanceType.indexOf('.');
  return dot < 0
    ? { family: instanceType, size: '' }
    : { family: instanceType.slice(0, dot), size: instanceType.slice(dot + 1) };
}
