import type { TagDescription } from '@aws-sdk/client-auto-scaling';
import { isKeepersTag } from '../../ports/tags.ts';

/** What instances may read from the metadata service has keys of these (EC2 user guide); no slash, no blank. */
const METADATA_KEY = /^(?!\.{1,2}$|_index$)[A-Za-z0-9+\-=.,_:@]+$/;

/** Of the keys, those with which EC2 refuses a launch where instances may read their tags. */
export const unreadableKeys = (keys: readonly string[]): readonly string[] =>
  keys.filter((key) => !METADATA_KEY.test(key));

/** The most tags that EC2 lets a resource have (EC2 user guide, tag restrictions). */
export const MOST_TAGS = 50;

/** What a group would tag its instances with, as far as blocks may have it. */
export interface Propagated {
  readonly tags: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** The tags that a group propagates at launch, without the ones that would hand a block to somebody else. */
export function propagated(descriptions: readonly TagDescription[]): Propagated {
  const tags: Record<string, string> = {};
  const warnings: string[] = [];
  for (const { Key: key, Value: value, PropagateAtLaunch: propagates } of descriptions) {
    if (propagates !== true || key === undefined || key === '' || isReserved(key)) continue;
    const owner = ownerOf(key);
    if (owner === undefined) tags[key] = value ?? '';
    else warnings.push(`the group's tag ${key} is not copied to blocks: ${owner}`);
  }
  return { tags, warnings };
}

/** Why blocks must not carry a tag, or undefined where they may. */
export function ownerOf(key: string): string | undefined {
  return FOREIGN.find(({ pattern }) => pattern.test(key))?.why;
}

/** Keys that nobody but AWS, or nobody but this keeper, may set. */
export const isReserved = (key: string): boolean => /^aws:/i.test(key) || isKeepersTag(key);

const FOREIGN: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: /^karpenter\.(?:sh|k8s\.aws)\//,
    why: 'Karpenter deletes instances with its tags that it does not know',
  },
  {
    pattern: /^aws-node-termination-handler\//,
    why: 'the node termination handler would drain beside the keeper',
  },
  { pattern: /^SpotSys/, why: 'it marks the instances of the scripts that came before this keeper' },
];
