import type { Instant, Millis } from './time.ts';

/**
 * How a block's instance is bought.
 *
 * - `spot-block`: EC2 guarantees and imposes the end. Withdrawn by AWS in 2022: historic or simulated only.
 * - `spot`: the keeper replaces the block at its lease's end, and running jobs finish; EC2 may reclaim the instance at any
 *   time with two minutes' notice.
 * - `on-demand`: as `spot`, but EC2 does not interrupt.
 */
export type Term = 'spot-block' | 'spot' | 'on-demand';

export const TERMS = ['spot-block', 'spot', 'on-demand'] as const satisfies readonly Term[];

/** How a pool's instances may be bought: one term, or several for its purchase policy to choose from. */
export type Terms = Term | readonly Term[];

/** The terms as a list. */
export const termsOf = (terms: Terms): readonly Term[] => (typeof terms === 'string' ? [terms] : terms);

/** What can be bought, at the price last quoted. */
export interface Offer {
  readonly instanceType: string;
  readonly zone: string;
  readonly term: Term;
  /** How long the lease would last. */
  readonly durationMs: Millis;
  readonly usdPerHour: number;
}

/**
 * What an offer without a price is offered at where nothing has one: an endpoint that knows no prices, or a file that
 * gives none. Dear, so that a price ceiling refuses it and nothing priced is ever passed over for it.
 */
export const UNPRICED_USD_PER_HOUR = 1_000;

/** Whether it is known what an hour of an offer costs. */
export const isPriced = ({ usdPerHour }: Pick<Offer, 'usdPerHour'>): boolean => usdPerHour < UNPRICED_USD_PER_HOUR;

/** The time for which a block owns an instance: the age at which it is replaced, and no end of its jobs. */
export interface Lease {
  readonly instanceId: string;
  readonly offer: Offer;
  /** When EC2 gave the instance its id; the lease is counted from here, never from the keeper's discovery of it. */
  readonly startsAt: Instant;
  /** When a successor has its place, and no new job goes there; what runs by then finishes where AWS imposes no end. */
  readonly expiresAt: Instant;
  /** The end that AWS imposes whatever anybody does; NEVER where it imposes none. */
  readonly hardEndAt: Instant;
}

/** Why EC2 gave no instance: its hundred error codes, sorted by what to do about them. */
export type Refusal =
  | 'no-capacity'
  | 'subnet-full'
  | 'quota'
  | 'throttled'
  | 'bad-template'
  | 'forbidden'
  | 'unsupported-term'
  | 'cancelled';

/** How a block's life ended. The first ending stands: a block interrupted while retiring was still retired. */
export type Ending = 'retired' | 'expired' | 'interrupted' | 'refused' | 'stillborn' | 'lost';

export const ENDINGS = [
  'retired',
  'expired',
  'interrupted',
  'refused',
  'stillborn',
  'lost',
] as const satisfies readonly Ending[];

/** What became of an instance, in the world's words. */
export type GoneCause = 'terminated' | 'schedule' | 'interrupted' | 'unknown';

/** Where a block stands in its life; `src/block/machine.ts` is the diagram. */
export type BlockState = 'requesting' | 'resting' | 'joining' | 'serving' | 'draining' | 'terminating' | 'gone';

export const BLOCK_STATES = [
  'requesting',
  'resting',
  'joining',
  'serving',
  'draining',
  'terminating',
  'gone',
] as const satisfies readonly BlockState[];

/** `<pool>-<slot>.<generation>`: one tenant of one place in a pool. */
export const blockIdOf = (pool: string, slot: number, generation: number): string => `${pool}-${slot}.${generation}`;

/** The parts of a block id, or undefined for a string that is none. */
export function placeOf(blockId: string): { pool: string; slot: number; generation: number } | undefined {
  // Not by a pattern: this is asked for with every fact.
  const dot = blockId.lastIndexOf('.');
  const dash = blockId.lastIndexOf('-', dot);
  if (dash < 1 || dot < dash + 2 || dot === blockId.length - 1) return undefined;
  const slot = Number(blockId.slice(dash + 1, dot));
  const generation = Number(blockId.slice(dot + 1));
  if (!Number.isSafeInteger(slot) || !Number.isSafeInteger(generation)) return undefined;
  return { pool: blockId.slice(0, dash), slot, generation };
}

/** `<block>.<attempt>`: names one try to buy. EC2 gets it as its client token, so that no try can buy twice. */
export const tokenOf = (blockId: string, attempt: number): string => `${blockId}.${attempt}`;

/** The market an offer is bought in: interruptions and scarcity strike a whole (type, zone) at once. */
export const marketOf = ({ instanceType, zone }: Pick<Offer, 'instanceType' | 'zone'>): string =>
  `${instanceType}/${zone}`;
