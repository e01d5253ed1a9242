import type { Effect } from '../domain/effects.ts';
import type { Sighting } from '../domain/facts.ts';
import { after, earliest, type Instant } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import { type BlockState, blockIdOf, type Ending, type Lease, type Offer } from '../domain/words.ts';
import { advanceCompiled, openCompiled } from './compiled.ts';
import type { Block, BlockContext, BlockEvent } from './context.ts';

export type { Block, BlockEvent } from './context.ts';

/** The only door to the machine: a block is opened, adopted and advanced here, and seen through a view. */
export type Advance = readonly [block: Block, effects: readonly Effect[]];

export interface Place {
  readonly pool: string;
  readonly slot: number;
  readonly generation: number;
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
  readonly deadlineAt: Instant;
  readonly ending: Ending | null;
}

/** A new block, and the effects of its birth. `offers` holds at least one, best first. */
export function openBlock(
  place: Place,
  [offer, ...offersLeft]: readonly [Offer, ...Offer[]],
  at: Instant,
  timeouts: Timeouts,
): Advance {
  return openCompiled({ ...blank(place, offer, timeouts, after(at, timeouts.launchMs)), offersLeft });
}

/** A block found alive, put in the state that its instance and node show. Deadlines come from the lease: none is lost. */
export function adoptBlock(place: Place, sighting: Sighting, at: Instant, timeouts: Timeouts): Advance {
  const { lease, node, cordoned, jobs, attempt } = sighting;
  const joinBy = after(lease.startsAt, timeouts.joinMs);
  const deadlineAt = node === undefined ? joinBy : earliest(lease.expiresAt, lease.hardEndAt);
  const context: BlockContext = {
    ...blank(place, lease.offer, timeouts, deadlineAt),
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
  return [{ state: 'draining', context }, [{ type: 'cordonNode', blockId: context.id, node }]];
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
  deadlineAt: context.deadlineAt,
  ending: context.ending,
});

const blank = (place: Place, offer: Offer, timeouts: Timeouts, deadlineAt: Instant): BlockContext => ({
  id: blockIdOf(place.pool, place.slot, place.generation),
  pool: place.pool,
  slot: place.slot,
  generation: place.generation,
  timeouts,
  attempt: 1,
  offer,
  offersLeft: [],
  lease: null,
  node: null,
  ready: false,
  cordoned: false,
  cordonedAt: null,
  atRiskAt: null,
  deadlineAt,
  jobs: [],
  busySince: null,
  ending: null,
});
