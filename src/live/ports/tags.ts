import { createHash } from 'node:crypto';
import { type Instant, type Millis, seconds } from '../../domain/time.ts';
import { type Offer, placeOf, TERMS, type Term, tokenOf } from '../../domain/words.ts';

/** The tags that an instance of ours is born with, and by which alone it is found again. */
export const TAG = {
  fleet: 'spot-keeper.io/fleet',
  pool: 'spot-keeper.io/pool',
  slot: 'spot-keeper.io/slot',
  generation: 'spot-keeper.io/gen',
  /** `<block>.<attempt>`: which try of which block this is. */
  token: 'spot-keeper.io/token',
  term: 'spot-keeper.io/term',
  /** How long the lease lasts, in seconds from the instance's launch. */
  leaseSeconds: 'spot-keeper.io/lease-seconds',
  /** For people: when the lease ends if the launch took no time. */
  expires: 'spot-keeper.io/expires',
  /** What the offer was quoted at. */
  usdPerHour: 'spot-keeper.io/usd-per-hour',
  /** The hash of the template that it was copied from. */
  template: 'spot-keeper.io/template',
} as const;

/** Their keys: of the fifty tags that EC2 allows, an instance needs room for these. */
export const OUR_TAGS: readonly string[] = Object.values(TAG);

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
export function tagged(tags: Readonly<Record<string, string>>, fleet: string): Tagged | undefined {
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
