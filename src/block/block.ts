import type { Effect } from '../domain/effects.ts';
import type { FactOf, NodeSeen, Sighting } from '../domain/facts.ts';
import { blockEnd, leaseEnd } from '../domain/leaseEnd.ts';
import { SERVED, TAINT } from '../domain/nodeLabels.ts';
import { ALWAYS, after, earliest, type Instant, type Millis, NEVER } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import { type BlockState, blockIdOf, type Ending, type Lease, type Offer } from '../domain/words.ts';
import { advanceCompiled, openCompiled } from './compiled.ts';
import type { Block, BlockContext, BlockEvent } from './context.ts';
import { isNews, type JobNews, jobNewsIn, takeSeen } from './nodeNews.ts';
import { type Draft, effects, UNANSWERED_MS } from './rules.ts';

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
  /** Counts its tries to buy. */
  readonly attempt: number;
  readonly state: BlockState;
  readonly lease: Lease | null;
  readonly zone: string;
  /** What is asked for now, or was granted. */
  readonly offer: Offer;
  /** What it asks for next where that is refused. */
  readonly offersLeft: readonly Offer[];
  /** Its node is ready and takes new pods. */
  readonly usable: boolean;
  /** An ending is decided already; what is left is to get there. */
  readonly leaving: boolean;
  readonly jobs: number;
  readonly busySince: Instant | null;
  /** Since when it has had no job; null while it has one, and before its node was seen. */
  readonly idleSince: Instant | null;
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
  const { lease, node, attempt, seenAt = at } = sighting;
  const joinBy = after(lease.startsAt, rules.timeouts.joinMs);
  // A node that is not ready now may have served for hours, with jobs on it.
  const isJoined = node !== undefined && (node.ready || node.marks.includes(SERVED));
  // Our mark is one of the life before, and stands even where people opened the node; a cordon without it is no reason to drain.
  const isDraining = node?.marks.includes(TAINT.draining) === true;
  const endAt = isDraining ? blockEnd(lease, rules.overrunMs) : leaseEnd(lease);
  const blanks = blank(place, lease.offer, rules, isJoined || isDraining ? endAt : joinBy);
  const context: Draft = { ...blanks, attempt, lease, ending: isDraining ? 'retired' : null };
  context.ready = isJoined;
  // What ended before is what the life before has seen.
  context.seenAt = seenAt - 1;
  context.jobsSeenAt = seenAt;
  if (node !== undefined) takeSeen(context, { type: 'node.seen', at, blockId: context.id, takenAt: seenAt, node });
  if (isDraining) return drainingOn(context, at);
  if (!isJoined) return [{ state: 'joining', context }, []];
  return [{ state: 'serving', context }, []];
}

/** A cordon of the life before is asked for again, so that its acknowledgement, and then a proof, come in this one. */
function drainingOn(context: BlockContext, at: Instant): Advance {
  const asking = { ...context, askAgainAt: after(at, UNANSWERED_MS) };
  return [{ state: 'draining', context: asking }, [effects.cordonNode(context)]];
}

/** The block after one event, and the effects it asks for. Pure: nothing is performed here. */
export const advanceBlock = (block: Block, event: BlockEvent): Advance => advanceCompiled(block, event);

export const viewOf = ({ state, context }: Block): BlockView => ({
  id: context.id,
  attempt: context.attempt,
  pool: context.pool,
  slot: context.slot,
  generation: context.generation,
  state,
  lease: context.lease,
  zone: context.offer.zone,
  offer: context.offer,
  offersLeft: context.offersLeft,
  usable: context.ready && !context.cordoned,
  leaving: context.ending !== null,
  jobs: context.jobs.length,
  busySince: context.busySince,
  idleSince: context.idleSince,
  atRiskAt: context.atRiskAt,
  reclaimAt: context.reclaimAt,
  deadlineAt: context.deadlineAt,
  ending: context.ending,
});

/** When time alone moves a block: at its deadline, when it asks again, or when its node has been unready for too long. */
export const nextOf = ({ deadlineAt, askAgainAt, unusableAt }: Block['context']): Instant =>
  earliest(deadlineAt, askAgainAt, unusableAt);

/** Whether a level of its node says something that the block does not know. */
export const isNewsTo = ({ context }: Block, node: NodeSeen | null): boolean => isNews(context, node);

/** What a level of its node tells of jobs that the block did not know. */
export const jobNewsOf = ({ context }: Block, seen: FactOf<'node.seen'>): JobNews => jobNewsIn(context, seen);

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
  nodeGone: false,
  ready: false,
  unusableAt: NEVER,
  cordoned: false,
  cordonedAt: null,
  atRiskAt: null,
  reclaimAt: null,
  deadlineAt,
  askAgainAt: NEVER,
  seenAt: ALWAYS,
  jobsSeenAt: ALWAYS,
  jobs: [],
  jobsKnown: true,
  endedJobs: [],
  busySince: null,
  idleSince: null,
  ending: null,
});
