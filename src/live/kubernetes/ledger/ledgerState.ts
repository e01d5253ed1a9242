import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Instant } from '../../../domain/time.ts';
import { placeOf } from '../../../domain/words.ts';

/** The parameters of one try to buy, as plain JSON. The ledger keeps them for whoever repeats the try, and never looks inside. */
export type LaunchIntent = object;

export interface TerminationIntent {
  readonly blockId: string;
  readonly at: Instant;
}

/** What is meant to happen and not known to be over, and what must outlive the keeper's process. */
export interface LedgerState {
  /** The last generation used of each slot, by `<pool>-<slot>`. */
  readonly generations: Readonly<Record<string, number>>;
  /** By token: `<block>.<attempt>`. */
  readonly launches: Readonly<Record<string, LaunchIntent>>;
  /** By instance id. */
  readonly terminations: Readonly<Record<string, TerminationIntent>>;
  /** When a new block was first bought for, oldest first: the launch rate of a keeper that is restarted again and again. */
  readonly launchedAt: readonly Instant[];
}

/** Something that is about to be done to the world. */
export type IntentEntry =
  | { readonly kind: 'launch'; readonly token: string; readonly at: Instant; readonly intent: LaunchIntent }
  | { readonly kind: 'termination'; readonly instanceId: string; readonly blockId: string; readonly at: Instant };

/** The ledger of a fleet that has never done anything. */
export const UNWRITTEN: LedgerState = { generations: {}, launches: {}, terminations: {}, launchedAt: [] };

/** Many times what any launch rate counts; the list would otherwise grow for ever. */
const MOST_LAUNCHES_REMEMBERED = 1_000;

/**
 * The state with all of the entries, or why one of them cannot be. An intent that is there already stays as it is, and
 * one with the same key that says something else is refused: the same token never means two purchases.
 */
export function withIntents(
  state: LedgerState,
  entries: readonly IntentEntry[],
): { readonly state: LedgerState } | { readonly refused: string } {
  let next = state;
  for (const entry of entries) {
    const added = entry.kind === 'launch' ? withLaunch(next, entry) : withTermination(next, entry);
    if ('refused' in added) return added;
    next = added.state;
  }
  return { state: next };
}

/** The state without the intents of these tokens and instance ids. What is not in it is over already. */
export function withoutIntents(state: LedgerState, keys: readonly string[]): LedgerState {
  const over = new Set(
    keys.filter((key) => Object.hasOwn(state.launches, key) || Object.hasOwn(state.terminations, key)),
  );
  if (over.size === 0) return state;
  return { ...state, launches: without(state.launches, over), terminations: without(state.terminations, over) };
}

function withLaunch(
  state: LedgerState,
  { token, at, intent }: Extract<IntentEntry, { kind: 'launch' }>,
): { readonly state: LedgerState } | { readonly refused: string } {
  const place = placeOf(token.slice(0, token.lastIndexOf('.')));
  if (place === undefined) return { refused: `${token} is no token` };
  const plain = plainOf(intent);
  if (plain === undefined) return { refused: `the intent of ${token} is no JSON object` };
  const known = Object.hasOwn(state.launches, token) ? state.launches[token] : undefined;
  if (known !== undefined)
    return isDeepStrictEqual(known, plain) ? { state } : { refused: `${token} is in the ledger with another intent` };

  const slot = `${place.pool}-${place.slot}`;
  const lastGeneration = state.generations[slot] ?? 0;
  if (place.generation < lastGeneration)
    return { refused: `${token} is of a generation before ${slot}.${lastGeneration}, the last that was used` };
  const launches = { ...state.launches, [token]: plain };
  if (place.generation === lastGeneration) return { state: { ...state, launches } };
  return {
    state: {
      ...state,
      launches,
      generations: { ...state.generations, [slot]: place.generation },
      launchedAt: [...state.launchedAt, at].slice(-MOST_LAUNCHES_REMEMBERED),
    },
  };
}

function withTermination(
  state: LedgerState,
  { instanceId, blockId, at }: Extract<IntentEntry, { kind: 'termination' }>,
): { readonly state: LedgerState } | { readonly refused: string } {
  const known = Object.hasOwn(state.terminations, instanceId) ? state.terminations[instanceId] : undefined;
  if (known !== undefined)
    return known.blockId === blockId
      ? { state }
      : { refused: `${instanceId} is in the ledger as the instance of ${known.blockId}` };
  return { state: { ...state, terminations: { ...state.terminations, [instanceId]: { blockId, at } } } };
}

const without = <Value>(
  record: Readonly<Record<string, Value>>,
  keys: ReadonlySet<string>,
): Readonly<Record<string, Value>> => Object.fromEntries(Object.entries(record).filter(([key]) => !keys.has(key)));

/** An intent as it will be read again: what JSON cannot say must not make it differ from itself. */
function plainOf(intent: LaunchIntent): LaunchIntent | undefined {
  try {
    return plainShape.safeParse(JSON.parse(JSON.stringify(intent))).data;
  } catch {
    return undefined;
  }
}

const plainShape = z.record(z.string(), z.unknown());

/** The state as it stands in the object, strictly: half a ledger is none. */
export const ledgerStateShape = z.strictObject({
  generations: z.record(z.string(), z.int().positive()),
  launches: z.record(z.string(), plainShape),
  terminations: z.record(z.string(), z.strictObject({ blockId: z.string(), at: z.number() })),
  launchedAt: z.array(z.number()),
});
