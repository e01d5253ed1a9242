import type { Effect } from '../domain/effects.ts';
import type { Sighting } from '../domain/facts.ts';
import { blockEnd, leaseEnd } from '../domain/leaseEnd.ts';
import { after, earliest, type Instant, type Millis, NEVER } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import { type BlockState, blockIdOf, type Ending, type Lease, type Offer } from '../domain/words.ts';
import { advanceCompiled, openCompiled } from './compiled.ts';
import type { Block, BlockContext, BlockEvent } from './context.ts';
import { UNANSWERED_MS } from './rules.ts';

export type { Block, BlockEvent } from './context.ts';

/** The only door to the machine: a block is opened, adopted and advanced here, and seen through a view. */
export type Advance = readonly [block: Block, effects: readonly Effect[]];

export interface Place {
  readonly pool: string;
  readonly slot: number;
  readonly generation: number;
}

/** What a pool holds its blocks to. */
export interface BlockRules {
  readonly timeouts: Timeouts;
  /** How long past the end of its lease a job may run, where AWS imposes no end. */
  readonly overrunMs: Millis;
}

/** All that a pool may know of a block. */
export interface BlockView extends Place {
  readonly id: string;
  readonly state: BlockState;
  readonly lease: Lease | null;
  readonly zone: string;
  /** Its node is ready and takes new pods. */
  readonly usable: boolean;
  /** An ending is decided already; what is left is to get there. */
  readonly leaving: boolean;
  readonly jobs: number;
  readonly busySince: Instant | null;
  readonly atRiskAt: Instant | null;
  readonly reclaimAt: Instant | null;
  readonly deadlineAt: Instant;
  readonly ending: Ending | null;
}

/** A new block, and the effects of its birth. `offers` holds at least one, best first. */
export function openBlock(
  place: Place,
  [offer, ...offersLeft]: readonly [Offer, ...Offer[]],
  at: Instant,
  rules: BlockRules,
): Advance {
  return openCompiled({ ...blank(place, offer, rules, after(at, rules.timeouts.launchMs)), offersLeft });
}

/** A block found alive, put in the state that its instance and node show. Deadlines come from the lease: none is lost. */
export function adoptBlock(place: Place, sighting: Sighting, at: Instant, rules: BlockRules): Advance {
  const { lease, node, cordoned, jobs, attempt } = sighting;
  const joinBy = after(lease.startsAt, rules.timeouts.joinMs);
  const endAt = cordoned ? blockEnd(lease, rules.overrunMs) : leaseEnd(lease);
  const context: BlockContext = {
    ...blank(place, lease.offer, rules, node === undefined ? joinBy : endAt),
    attempt,
    lease,
    node: node ?? null,
    ready: node !== undefined,
    cordoned,
    jobs: jobs ?? [],
    busySince: jobs !== undefined && jobs.length > 0 ? at : null,
    ending: cordoned && node !== undefined ? 'retired' : null,
  };
  if (node === undefined) return [{ state: 'joining', context }, []];
  if (!cordoned) return [{ state: 'serving', context }, []];
  // A cordon of the life before is asked for again, so that its acknowledgement, and then a proof, come in this one.
  const asking = { ...context, askAgainAt: after(at, UNANSWERED_MS) };
  return [{ state: 'draining', context: asking }, [{ type: 'cordonNode', blockId: context.id, node }]];
}

/** The block after one event, and the effects it asks for. Pure: nothing is performed here. */
export const advanceBlock = (block: Block, event: BlockEvent): Advance => advanceCompiled(block, event);

export const viewOf = ({ state, context }: Block): BlockView => ({
  id: context.id,
  pool: context.pool,
  slot: context.slot,
  generation: context.generation,
  state,
  lease: context.lease,
  zone: context.offer.zone,
  usable: context.ready && !context.cordoned,
  leaving: context.ending !== null,
  jobs: context.jobs.length,
  busySince: context.busySince,
  atRiskAt: context.atRiskAt,
  reclaimAt: context.reclaimAt,
  deadlineAt: context.deadlineAt,
  ending: context.ending,
});

/** When time alone moves a block: at its deadline, or when it asks again. */
export const nextOf = ({ deadlineAt, askAgainAt }: Block['context']): Instant => earliest(deadlineAt, askAgainAt);

const blank = (place: Place, offer: Offer, { timeouts, overrunMs }: BlockRules, deadlineAt: Instant): BlockContext => ({
  id: blockIdOf(place.pool, place.slot, place.generation),
  pool: place.pool,
  slot: place.slot,
  generation: place.generation,
  timeouts,
  overrunMs,
  attempt: 1,
  offer,
  offersLeft: [],
  lease: null,
  node: null,
  ready: false,
  cordoned: false,
  cordonedAt: null,
  atRiskAt: null,
  reclaimAt: null,
  deadlineAt,
  askAgainAt: NEVER,
  jobs: [],
  busySince: null,
  ending: null,
});
