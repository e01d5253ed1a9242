import { createHash } from 'node:crypto';
import { type Instant, type Millis, seconds } from '../../domain/time.ts';
import { type Offer, placeOf, TERMS, type Term, tokenOf } from '../../domain/words.ts';

/**
 * The tags that an instance of ours is born with, and by which alone it is found again. EC2 refuses a launch with a slash or a blank in
 * a tag's key where instances may read their tags from the metadata service, by the template or by the account's own defaults (EC2 user
 * guide, "View tags for your EC2 instances using instance metadata").
 */
export const TAG = {
  fleet: 'spot-keeper:fleet',
  pool: 'spot-keeper:pool',
  slot: 'spot-keeper:slot',
  generation: 'spot-keeper:gen',
  /** `<block>.<attempt>`: which try of which block this is. */
  token: 'spot-keeper:token',
  term: 'spot-keeper:term',
  /** How long the lease lasts, in seconds from the instance's launch. */
  leaseSeconds: 'spot-keeper:lease-seconds',
  /** For people: when the lease ends if the launch took no time. */
  expires: 'spot-keeper:expires',
  /** What the offer was quoted at. */
  usdPerHour: 'spot-keeper:usd-per-hour',
  /** The hash of the template that it was copied from. */
  template: 'spot-keeper:template',
} as const;

/** What a key of this release was called by earlier ones, whose instances may live still: `spot-keeper.io/fleet`. */
export const earlierKey = (key: string): string => key.replace('spot-keeper:', 'spot-keeper.io/');

/** The keys by which instances of earlier releases are looked for. */
export const EARLIER_TAG = { fleet: earlierKey(TAG.fleet), token: earlierKey(TAG.token) } as const;

/** Tags with the keys of this release, whichever release wrote them. Where both are there, this release's stand. */
export const withOurKeys = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...OUR_TAGS.flatMap((key) => {
      const value = tags[earlierKey(key)];
      return value === undefined ? [] : [[key, value] as const];
    }),
    ...Object.entries(tags),
  ]);

/** Whether a key is one that only a keeper may set, of this release or an earlier one. */
export const isKeepersTag = (key: string): boolean => /^spot-keeper(?::|\.io\/)/i.test(key);

/** Their keys: of the fifty tags that EC2 allows, an instance needs room for these. */
export const OUR_TAGS: readonly string[] = Object.values(TAG);

/** The clusters whose nodes these tags are of: as the cloud's controller reads them, and as it did before Kubernetes 1.6. */
export const clustersIn = (tags: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(tags).flatMap(([key, value]) =>
    key === 'KubernetesCluster' ? [value] : key.startsWith(CLUSTER_TAG) ? [key.slice(CLUSTER_TAG.length)] : [],
  );

const CLUSTER_TAG = 'kubernetes.io/cluster/';

/** What the tags of a launch are made from. */
export interface Birth {
  readonly fleet: string;
  readonly blockId: string;
  /** `<block>.<attempt>`. */
  readonly token: string;
  readonly offer: Offer;
  readonly templateHash: string;
  readonly at: Instant;
}

/** The tags of an instance at its birth. */
export function tagsOf({ fleet, blockId, token, offer, templateHash, at }: Birth): Readonly<Record<string, string>> {
  const place = placeOf(blockId);
  if (place === undefined) throw new Error(`${blockId} is no block id`);
  return {
    [TAG.fleet]: fleet,
    [TAG.pool]: place.pool,
    [TAG.slot]: String(place.slot),
    [TAG.generation]: String(place.generation),
    [TAG.token]: token,
    [TAG.term]: offer.term,
    [TAG.leaseSeconds]: String(Math.round(offer.durationMs / seconds(1))),
    [TAG.expires]: new Date(at + offer.durationMs).toISOString(),
    [TAG.usdPerHour]: String(offer.usdPerHour),
    [TAG.template]: templateHash,
  };
}

/** What the tags of an instance of ours say. */
export interface Tagged {
  readonly blockId: string;
  readonly attempt: number;
  readonly term: Term;
  readonly durationMs: Millis;
  readonly usdPerHour: number;
  readonly templateHash: string;
}

/** Reads the tags of an instance of this fleet; undefined where they do not agree with each other or are not whole. */
export function tagged(written: Readonly<Record<string, string>>, fleet: string): Tagged | undefined {
  const tags = withOurKeys(written);
  if (tags[TAG.fleet] !== fleet) return undefined;
  const token = tags[TAG.token] ?? '';
  const dot = token.lastIndexOf('.');
  const blockId = token.slice(0, dot);
  const attempt = Number(token.slice(dot + 1));
  const place = placeOf(blockId);
  const term = TERMS.find((one) => one === tags[TAG.term]);
  const durationMs = seconds(Number(tags[TAG.leaseSeconds]));
  const usdPerHour = Number(tags[TAG.usdPerHour]);
  if (place === undefined || term === undefined || tokenOf(blockId, attempt) !== token) return undefined;
  if (place.pool !== tags[TAG.pool] || String(place.slot) !== tags[TAG.slot]) return undefined;
  if (String(place.generation) !== tags[TAG.generation] || !(durationMs > 0) || !Number.isFinite(usdPerHour))
    return undefined;
  return { blockId, attempt, term, durationMs, usdPerHour, templateHash: tags[TAG.template] ?? '' };
}

/**
 * The client token of one attempt: the same for a repeat of the same call, another for any other. At most 64 ASCII
 * characters (EC2 API reference). EC2 remembers tokens by zone, so the subnet is a part of it.
 */
export const clientTokenOf = (attempt: {
  readonly fleet: string;
  readonly token: string;
  readonly subnetId: string;
  readonly instanceType: string;
  readonly templateHash: string;
}): string =>
  createHash('sha256')
    .update(
      JSON.stringify([attempt.fleet, attempt.token, attempt.subnetId, attempt.instanceType, attempt.templateHash]),
    )
    .digest('hex')
    .slice(0, 40);
