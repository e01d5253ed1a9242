import type { Effect } from '../domain/effects.ts';
import { ABOUT, type BlockFact, FACT_TYPES } from '../domain/facts.ts';
import { type AskedEnd, blockEnd, leaseEnd } from '../domain/leaseEnd.ts';
import { labelsOfBlock, SERVED, TAINT } from '../domain/nodeLabels.ts';
import { meetsRefusal } from '../domain/refusalScope.ts';
import { after, earliest, type Instant, latest, minutes, NEVER, seconds } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import { type Ending, tokenOf } from '../domain/words.ts';
import type { BlockContext, BlockEvent } from './context.ts';
import { takeSeen } from './nodeNews.ts';

/**
 * Everything that the chart in `machine.ts` may name: guards, changes of the context, effects. Plain functions without
 * XState, clock or chance; XState gets them wrapped, the compiled engine calls them as they are.
 */

/** A context on its way to the next one. */
export type Draft = { -readonly [Field in keyof BlockContext]: BlockContext[Field] };

type EventOf<Type extends BlockEvent['type']> = Extract<BlockEvent, { readonly type: Type }>;

/** A bind that was in flight when the node was cordoned may land this much later (Kubernetes scheduler; kubectl drain waits alike). */
export const SETTLE_MS = seconds(2);

/** AWS takes a reclaimed instance itself, and charges less if it does: the keeper only asks when AWS is this late. */
export const RECLAIM_GRACE_MS = seconds(60);

/** What failed or was not tried is asked for again after this long: a leader in doubt knows in some seconds more. */
export const ASK_AGAIN_MS = seconds(10);

/** A label that could not be set is for people and policies that can wait. */
const LABEL_AGAIN_MS = minutes(5);

/** A cordon without an answer is asked for again after this long: it takes a call, and harms nobody when made twice. */
export const UNANSWERED_MS = minutes(1);

export const guards = {
  overdue: (block: BlockContext, event: BlockEvent) => event.at >= block.deadlineAt,
  unwanted: (block: BlockContext) => block.ending !== null,
  leased: (block: BlockContext) => block.lease !== null,
  /** An answer to an earlier question of this block. */
  stale: (block: BlockContext, event: BlockEvent) =>
    'token' in event && event.token !== tokenOf(block.id, block.attempt),
  /** There are offers that the refusal is not about. */
  offersLeft: (block: BlockContext, event: BlockEvent) =>
    event.type === 'capacity.refused' && block.offersLeft.some((offer) => !meetsRefusal(event, offer)),
  /** Its node was ready before it was heard of: news may overtake each other. */
  joined: (block: BlockContext) => block.ready,
  joinedUnwanted: (block: BlockContext) => block.ready && block.ending !== null,
  /** A level that is older than one that is known: it came late, or again. */
  outdated: (block: BlockContext, event: BlockEvent) => event.type === 'node.seen' && event.takenAt <= block.seenAt,
  nodeReady: (_: BlockContext, event: BlockEvent) => event.type === 'node.seen' && event.node?.ready === true,
  nodeReadyUnwanted: (block: BlockContext, event: BlockEvent) =>
    event.type === 'node.seen' && event.node?.ready === true && block.ending !== null,
  /** It bears our mark, or is not there at all: no new pod can come. */
  closed: (_: BlockContext, event: BlockEvent) =>
    event.type === 'node.seen' &&
    (event.node === null || (event.node.cordoned && event.node.marks.includes(TAINT.draining))),
  /** It was opened again, or came back, while it drains. */
  reopened: (block: BlockContext, event: BlockEvent) =>
    event.type === 'node.seen' && event.node?.cordoned === false && block.cordonedAt !== null,
  /** It has not been ready for too long to count as supply. */
  unusable: (block: BlockContext, event: BlockEvent) => event.at >= block.unusableAt,
  /** It was deleted and did not come back. */
  nodeLost: (block: BlockContext, event: BlockEvent) => event.at >= block.unusableAt && block.nodeGone,
  /** A grant of an instance that is not the one this block has. */
  stray: (block: BlockContext, event: BlockEvent) =>
    event.type === 'capacity.granted' && event.lease.instanceId !== block.lease?.instanceId,
  /** Seen without jobs by a list that cannot have missed one, and without other pods that have time left to leave. */
  provenEmpty: (block: BlockContext, event: BlockEvent) =>
    event.type === 'node.emptied' &&
    block.cordonedAt !== null &&
    event.takenAt >= after(block.cordonedAt, SETTLE_MS) &&
    ((event.leaving ?? NO_PODS).length === 0 || event.at >= after(block.cordonedAt, block.timeouts.evictMs)) &&
    // A job that was seen after the list was taken is not on it.
    (block.jobs.length === 0 || event.takenAt > block.seenAt),
  reclaimed: (block: BlockContext, event: BlockEvent) =>
    block.lease !== null && event.type === 'instance.gone' && event.cause === 'interrupted',
  ranOut: (block: BlockContext, event: BlockEvent) =>
    block.lease !== null && event.type === 'instance.gone' && event.cause === 'schedule',
  /** Its lease is over, and AWS imposes no end now: what runs there may finish. */
  outlastsLease: (block: BlockContext, event: BlockEvent) =>
    event.at >= block.deadlineAt && block.lease !== null && event.at < block.lease.hardEndAt,
  /** Its node is known and was never ready: a job may run there all the same, and only a drain can tell when none does. */
  overdueNoded: (block: BlockContext, event: BlockEvent) => event.at >= block.deadlineAt && block.node !== null,
  /** AWS said that it takes the instance, has had its time, and a job still runs on it: what is let run is not ours to end. */
  outlastsNotice: (block: BlockContext, event: BlockEvent) =>
    isNoticed(block) &&
    event.at >= after(block.reclaimAt, RECLAIM_GRACE_MS) &&
    // A node that has fallen silent says nothing of its jobs, and AWS may just be taking it.
    block.ready &&
    block.unusableAt === NEVER &&
    (block.jobs.length > 0 || !block.jobsKnown) &&
    event.at < usualEnd(block),
  /** Nobody waits longer for it: its lease and its overrun are over, or AWS has had its time to take it. */
  overdueEnd: (block: BlockContext, event: BlockEvent) =>
    (event.at >= block.deadlineAt || event.at >= block.askAgainAt) && event.at >= endOf(block),
  /** Its time to join is over, and here is its node, not ready. */
  overdueNode: (block: BlockContext, event: BlockEvent) =>
    event.type === 'node.seen' && event.node !== null && block.deadlineAt === NEVER,
  /** Its time to join is over, and a whole view of the cluster shows no node of it. */
  nodeless: (block: BlockContext, event: BlockEvent) =>
    event.type === 'node.seen' && event.node === null && block.node === null && block.deadlineAt === NEVER,
  /** It is time to ask again. */
  impatient: (block: BlockContext, event: BlockEvent) => event.at >= block.askAgainAt,
  cordonFailed: failedOf('cordonNode'),
  labelFailed: failedOf('labelNode'),
  terminationUntried: (_: BlockContext, event: BlockEvent) =>
    event.type === 'effect.untried' && event.effect === 'terminateInstance',
  /** Nothing was asked of EC2, or nothing is known of it: the same token asks again, and cannot buy twice. */
  requestUntried: (_: BlockContext, event: BlockEvent) => leftNothing(event),
  /** If there is an instance after all, an inventory shows it, and it is adopted. */
  requestUntriedUnwanted: (block: BlockContext, event: BlockEvent) => block.ending !== null && leftNothing(event),
};

export const changes = {
  allow: (draft: Draft, event: BlockEvent, { timeout }: { timeout: keyof Timeouts }) => {
    draft.deadlineAt = after(event.at, draft.timeouts[timeout]);
    draft.askAgainAt = NEVER;
  },
  /** Rest as long as usual, or until EC2 said that asking again makes sense. */
  rest: on('capacity.refused', (draft, { at, retryAt }) => {
    draft.deadlineAt = latest(after(at, draft.timeouts.restMs), retryAt ?? at);
    draft.askAgainAt = NEVER;
  }),
  endAs: (draft: Draft, _: BlockEvent, { ending }: { ending: Ending }) => {
    draft.ending ??= ending;
  },
  /** The next offer that lies outside what the refusal is about: the others would be refused alike. */
  tryNextOffer: on('capacity.refused', (draft, refused) => {
    const [offer = draft.offer, ...offersLeft] = draft.offersLeft.filter((one) => !meetsRefusal(refused, one));
    draft.offer = offer;
    draft.offersLeft = offersLeft;
    draft.attempt += 1;
  }),
  takeLease: on('capacity.granted', (draft, { lease }) => {
    draft.lease = lease;
    draft.offer = lease.offer;
    draft.offersLeft = [];
    draft.askAgainAt = NEVER;
  }),
  /** A node that was made anew has lost its label, by which the next life knows that it has served. */
  labelIfLost: on('node.seen', (draft, { at, node }) => {
    if (node === null) return;
    if (node.marks.includes(SERVED)) draft.askAgainAt = NEVER;
    else if (draft.askAgainAt === NEVER) draft.askAgainAt = after(at, UNANSWERED_MS);
  }),
  noteNode: on('node.seen', (draft, seen) => {
    takeSeen(draft, seen);
    // One that has been unready for long already is no supply from now.
    if (draft.unusableAt <= seen.at && !draft.nodeGone) loseReadiness(draft);
  }),
  loseReadiness: (draft: Draft) => {
    loseReadiness(draft);
  },
  /** The end of its lease is the deadline of a serving block, should its pool never retire it. */
  serveOut: (draft: Draft) => {
    if (draft.lease !== null) draft.deadlineAt = leaseEnd(draft.lease);
    draft.askAgainAt = NEVER;
  },
  /** A draining block that nobody gave an end has the usual one. */
  drainOut: (draft: Draft) => {
    draft.deadlineAt = endOf(draft);
  },
  endByOrder: on('retire', (draft, order) => {
    draft.deadlineAt = endOf(draft, order);
  }),
  hurry: on('instance.interrupted', (draft, { at, reclaimAt }) => {
    // It lives, though AWS was to have taken it long ago: news so late is a reason to drain, and none to end what runs.
    if (at >= after(reclaimAt, RECLAIM_GRACE_MS)) return;
    draft.reclaimAt = earliest(reclaimAt, draft.reclaimAt ?? NEVER);
    draft.deadlineAt = earliest(draft.deadlineAt, after(draft.reclaimAt, RECLAIM_GRACE_MS));
  }),
  /** It has an instance that lives; when AWS takes it, if at all, is not known any more. It drains as any other. */
  outlastNotice: (draft: Draft) => {
    draft.reclaimAt = NEVER;
    draft.deadlineAt = usualEnd(draft);
  },
  /** The first acknowledgement counts: a repeated one must not make an older proof of emptiness too old. */
  acknowledgeCordon: (draft: Draft, event: BlockEvent) => {
    draft.cordonedAt ??= event.at;
    draft.askAgainAt = NEVER;
  },
  forgetCordon: (draft: Draft) => {
    draft.cordonedAt = null;
  },
  askLater: (draft: Draft, event: BlockEvent) => {
    draft.askAgainAt = after(event.at, ASK_AGAIN_MS);
  },
  labelLater: (draft: Draft, event: BlockEvent) => {
    draft.askAgainAt = after(event.at, LABEL_AGAIN_MS);
  },
  /** It is late to join. The keeper asks for its node, every minute until it gets an answer. */
  awaitNode: (draft: Draft, event: BlockEvent) => {
    draft.deadlineAt = NEVER;
    draft.askAgainAt = after(event.at, UNANSWERED_MS);
  },
  awaitCordon: (draft: Draft, event: BlockEvent) => {
    draft.askAgainAt = after(event.at, UNANSWERED_MS);
  },
  stopAsking: (draft: Draft) => {
    draft.askAgainAt = NEVER;
  },
  noteRisk: (draft: Draft, event: BlockEvent) => {
    draft.atRiskAt ??= event.at;
  },
};

export const effects = {
  requestCapacity: (block: BlockContext): Effect => ({
    type: 'requestCapacity',
    blockId: block.id,
    token: tokenOf(block.id, block.attempt),
    offer: block.offer,
  }),
  cancelRequest: (block: BlockContext): Effect => ({
    type: 'cancelRequest',
    blockId: block.id,
    token: tokenOf(block.id, block.attempt),
  }),
  labelNode: (block: BlockContext): Effect => ({
    type: 'labelNode',
    blockId: block.id,
    node: nodeOf(block),
    labels: labelsOfBlock(block.pool, block.id),
  }),
  cordonNode: (block: BlockContext): Effect => ({ type: 'cordonNode', blockId: block.id, node: nodeOf(block) }),
  findNode: (block: BlockContext): Effect => ({ type: 'findNode', blockId: block.id, instanceId: instanceOf(block) }),
  terminateInstance: (block: BlockContext): Effect => ({
    type: 'terminateInstance',
    blockId: block.id,
    instanceId: instanceOf(block),
  }),
  /** An instance granted to an earlier try is nobody's: it would be paid for unseen. */
  terminateStray: (block: BlockContext, event: BlockEvent): Effect => ({
    type: 'terminateInstance',
    blockId: block.id,
    instanceId: event.type === 'capacity.granted' ? event.lease.instanceId : instanceOf(block),
  }),
};

/** Every event that the chart may handle. */
export const events: readonly BlockEvent['type'][] = [
  ...FACT_TYPES.filter((type): type is BlockFact['type'] => ABOUT[type] === 'block'),
  ...(['clock.reached', 'retire'] as const),
];

const NO_PODS: readonly string[] = [];

function loseReadiness(draft: Draft): void {
  draft.ready = false;
  draft.unusableAt = NEVER;
}

/** Whether a fact says that an effect came to nothing. */
function failedOf(effect: Effect['type']) {
  return (_: BlockContext, event: BlockEvent): boolean =>
    (event.type === 'effect.failed' || event.type === 'effect.untried') && event.effect === effect;
}

/** Whether nothing is under way at EC2: the request was not tried, or is not known. */
const leftNothing = (event: BlockEvent): boolean =>
  (event.type === 'effect.untried' && event.effect === 'requestCapacity') ||
  (event.type === 'effect.failed' && event.effect === 'cancelRequest');

/** Narrows a change to the one event it reads; the chart naming it elsewhere is a mistake of ours. */
function on<Type extends BlockEvent['type']>(type: Type, change: (draft: Draft, event: EventOf<Type>) => void) {
  return (draft: Draft, event: BlockEvent): void => {
    if (event.type !== type) throw new Error(`this change reads ${type}, not ${event.type}`);
    // The comparison above proved the type, which TypeScript cannot see through the type parameter.
    change(draft, event as EventOf<Type>);
  };
}

/** When a block is ended even if a job runs; earlier if AWS gave notice and then does not come. */
function endOf(block: BlockContext, asked?: AskedEnd): Instant {
  const endAt = usualEnd(block, asked);
  return isNoticed(block) && block.lease !== null ? earliest(endAt, after(block.reclaimAt, RECLAIM_GRACE_MS)) : endAt;
}

/** When a block is ended even if a job runs, whatever notice AWS gave. */
const usualEnd = ({ lease, overrunMs, deadlineAt }: BlockContext, asked?: AskedEnd): Instant =>
  lease === null ? deadlineAt : blockEnd(lease, overrunMs, asked);

/** Whether AWS is to take the instance at an instant that is known. */
const isNoticed = (block: BlockContext): block is BlockContext & { readonly reclaimAt: Instant } =>
  block.reclaimAt !== null && block.reclaimAt !== NEVER;

// The chart takes a node before it serves or drains, and a lease before it joins or terminates.
const nodeOf = ({ id, node }: BlockContext): string => node ?? unreachable(`block ${id} has no node`);
const instanceOf = ({ id, lease }: BlockContext): string =>
  lease?.instanceId ?? unreachable(`block ${id} has no instance`);

function unreachable(why: string): never {
  throw new Error(why);
}
