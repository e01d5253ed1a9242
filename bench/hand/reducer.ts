import type { Block, BlockContext, BlockEvent } from '../../src/block/context.ts';
import { RECLAIM_GRACE_MS, SETTLE_MS, UNANSWERED_MS } from '../../src/block/rules.ts';
import type { Effect } from '../../src/domain/effects.ts';
import type { JobSeen } from '../../src/domain/facts.ts';
import { type AskedEnd, blockEnd, leaseEnd } from '../../src/domain/leaseEnd.ts';
import { TAINT } from '../../src/domain/nodeLabels.ts';
import { ALWAYS, NEVER } from '../../src/domain/time.ts';
import { type Offer, tokenOf } from '../../src/domain/words.ts';

const NONE: readonly Effect[] = [];
const NO_OFFERS: readonly Offer[] = [];
const NO_IDS: readonly string[] = [];

type Draft = { -readonly [Field in keyof BlockContext]: BlockContext[Field] };

/**
 * The floor: the life of a block as one would write it by hand, for speed, without a chart: a copy by a literal of all fields, and the
 * changes in it. It covers what a simulated week makes happen, and the bench holds it to the same end states and effects.
 */
export function reduce(block: Block, event: BlockEvent): readonly [Block, readonly Effect[]] {
  const { state, context: c } = block;
  if (state === 'gone') return [block, NONE];
  switch (event.type) {
    case 'node.seen': {
      // A simulated node is always ready and never deleted, and its levels come in order.
      if (event.node?.jobs === undefined || event.takenAt <= c.seenAt) return [block, NONE];
      const draft = copyOf(c);
      draft.node = event.node.name;
      draft.ready = true;
      draft.cordoned = event.node.cordoned;
      draft.seenAt = event.takenAt;
      draft.jobsSeenAt = event.takenAt;
      draft.jobsKnown = true;
      takeJobs(draft, event.node.jobs, event.takenAt);
      if (state === 'draining') {
        if (event.node.marks.includes(TAINT.draining)) {
          draft.cordonedAt ??= event.at;
          draft.askAgainAt = NEVER;
        }
        return [{ state, context: draft }, NONE];
      }
      if (state !== 'joining') return [{ state, context: draft }, NONE];
      if (c.ending !== null) return drain(draft, endOf(c), event.at);
      if (c.lease !== null) draft.deadlineAt = leaseEnd(c.lease);
      draft.askAgainAt = NEVER;
      const labels = { 'spot-keeper.io/pool': c.pool, 'spot-keeper.io/block': c.id };
      return [
        { state: 'serving', context: draft },
        [{ type: 'labelNode', blockId: c.id, node: event.node.name, labels }],
      ];
    }
    case 'capacity.granted': {
      if (state !== 'requesting' || event.token !== tokenOf(c.id, c.attempt)) return [block, NONE];
      // A node that was heard of before its grant does not come up in the week that is timed.
      const draft = copyOf(c);
      draft.lease = event.lease;
      draft.offer = event.lease.offer;
      draft.offersLeft = NO_OFFERS;
      draft.deadlineAt = event.at + c.timeouts.joinMs;
      return [{ state: 'joining', context: draft }, NONE];
    }
    case 'capacity.refused': {
      if (state !== 'requesting' || event.token !== tokenOf(c.id, c.attempt)) return [block, NONE];
      if (c.ending !== null) return [{ state: 'gone', context: c }, NONE];
      const [offer, ...offersLeft] = c.offersLeft;
      const draft = copyOf(c);
      if (offer === undefined || (event.refusal !== 'no-capacity' && event.refusal !== 'subnet-full')) {
        draft.ending = 'refused';
        draft.deadlineAt = Math.max(event.at + c.timeouts.restMs, event.retryAt ?? event.at);
        return [{ state: 'resting', context: draft }, NONE];
      }
      draft.attempt = c.attempt + 1;
      draft.offer = offer;
      draft.offersLeft = offersLeft;
      draft.deadlineAt = event.at + c.timeouts.launchMs;
      const token = tokenOf(c.id, draft.attempt);
      return [{ state, context: draft }, [{ type: 'requestCapacity', blockId: c.id, token, offer }]];
    }
    case 'node.emptied':
      if (state !== 'draining' || c.cordonedAt === null || event.takenAt < c.cordonedAt + SETTLE_MS)
        return [block, NONE];
      if (event.leaving !== undefined && event.leaving.length > 0 && event.at < c.cordonedAt + c.timeouts.evictMs)
        return [block, NONE];
      return terminate(copyOf(c), event.at);
    case 'instance.interrupted': {
      if (state !== 'joining' && state !== 'serving' && state !== 'draining') return [block, NONE];
      const draft = copyOf(c);
      draft.reclaimAt = Math.min(event.reclaimAt, c.reclaimAt ?? event.reclaimAt);
      draft.deadlineAt = Math.min(c.deadlineAt, draft.reclaimAt + RECLAIM_GRACE_MS);
      if (state === 'draining') return [{ state, context: draft }, NONE];
      draft.ending ??= 'interrupted';
      return state === 'joining' ? [{ state, context: draft }, NONE] : drain(draft, endOf(draft), event.at);
    }
    case 'instance.gone': {
      if (c.lease === null) return [block, NONE];
      const draft = copyOf(c);
      draft.ending ??= event.cause === 'interrupted' ? 'interrupted' : event.cause === 'schedule' ? 'expired' : 'lost';
      return [{ state: 'gone', context: draft }, NONE];
    }
    case 'retire': {
      if (state === 'resting') return [{ state: 'gone', context: c }, NONE];
      if (state === 'terminating') return [block, NONE];
      const draft = copyOf(c);
      if (state === 'draining') {
        draft.deadlineAt = endOf(c, event);
        return [{ state, context: draft }, NONE];
      }
      draft.ending ??= 'retired';
      if (state === 'joining') return [{ state, context: draft }, NONE];
      if (state === 'serving') return drain(draft, endOf(c, event), event.at);
      draft.askAgainAt = NEVER;
      return [{ state, context: draft }, [{ type: 'cancelRequest', blockId: c.id, token: tokenOf(c.id, c.attempt) }]];
    }
    case 'clock.reached': {
      if (event.at < c.deadlineAt) return [block, NONE];
      if (state === 'resting') return [{ state: 'gone', context: c }, NONE];
      const draft = copyOf(c);
      if (state === 'draining' && outlastsNotice(c, event.at)) {
        draft.reclaimAt = NEVER;
        draft.deadlineAt = endOf(draft);
        return [{ state, context: draft }, NONE];
      }
      if (state === 'requesting') {
        draft.deadlineAt = event.at + c.timeouts.launchMs;
        return [{ state, context: draft }, [{ type: 'cancelRequest', blockId: c.id, token: tokenOf(c.id, c.attempt) }]];
      }
      if (state === 'joining') {
        if (c.jobs.length > 0 && event.at < endOf(c)) {
          draft.deadlineAt = event.at + c.timeouts.joinMs;
          return [{ state, context: draft }, NONE];
        }
        draft.ending ??= 'stillborn';
        return terminate(draft, event.at);
      }
      if (state === 'serving') {
        draft.ending ??= 'expired';
        if (c.lease !== null && event.at < c.lease.hardEndAt) return drain(draft, endOf(c), event.at);
      }
      return terminate(draft, event.at);
    }
    case 'effect.failed':
    case 'effect.untried':
    case 'instance.atRisk':
      return [block, NONE];
  }
}

function takeJobs(draft: Draft, shown: readonly JobSeen[], takenAt: number): void {
  const jobs: JobSeen[] = [];
  let ended: string[] | undefined;
  let endedAt = ALWAYS;
  let since = NEVER;
  for (const job of shown)
    if (job.endedAt === undefined) {
      jobs.push(job);
      since = Math.min(since, job.startedAt);
    } else {
      ended ??= [];
      ended.push(job.id);
      endedAt = Math.max(endedAt, job.endedAt);
    }
  draft.jobs = jobs;
  draft.endedJobs = ended ?? NO_IDS;
  if (jobs.length > 0) {
    draft.busySince ??= since;
    draft.idleSince = null;
    return;
  }
  draft.busySince = null;
  draft.idleSince = Math.max(draft.idleSince ?? (endedAt === ALWAYS ? takenAt : ALWAYS), endedAt);
}

const endOf = ({ lease, overrunMs, deadlineAt, reclaimAt }: BlockContext, asked?: AskedEnd): number =>
  lease === null
    ? deadlineAt
    : Math.min(blockEnd(lease, overrunMs, asked), (reclaimAt ?? Number.POSITIVE_INFINITY) + RECLAIM_GRACE_MS);

const outlastsNotice = (c: BlockContext, at: number): boolean =>
  c.reclaimAt !== null &&
  at >= c.reclaimAt + RECLAIM_GRACE_MS &&
  c.ready &&
  c.unusableAt === NEVER &&
  (c.jobs.length > 0 || !c.jobsKnown) &&
  at < endOf({ ...c, reclaimAt: null });

function drain(draft: Draft, deadlineAt: number, at: number): readonly [Block, readonly Effect[]] {
  draft.deadlineAt = deadlineAt;
  draft.askAgainAt = at + UNANSWERED_MS;
  return [{ state: 'draining', context: draft }, [{ type: 'cordonNode', blockId: draft.id, node: draft.node ?? '' }]];
}

function terminate(draft: Draft, at: number): readonly [Block, readonly Effect[]] {
  draft.deadlineAt = at + draft.timeouts.terminateMs;
  draft.askAgainAt = NEVER;
  return [
    { state: 'terminating', context: draft },
    [{ type: 'terminateInstance', blockId: draft.id, instanceId: draft.lease?.instanceId ?? '' }],
  ];
}

const copyOf = (block: BlockContext): Draft => ({
  id: block.id,
  pool: block.pool,
  slot: block.slot,
  generation: block.generation,
  timeouts: block.timeouts,
  overrunMs: block.overrunMs,
  attempt: block.attempt,
  offer: block.offer,
  offersLeft: block.offersLeft,
  lease: block.lease,
  node: block.node,
  nodeGone: block.nodeGone,
  ready: block.ready,
  unusableAt: block.unusableAt,
  cordoned: block.cordoned,
  cordonedAt: block.cordonedAt,
  atRiskAt: block.atRiskAt,
  reclaimAt: block.reclaimAt,
  deadlineAt: block.deadlineAt,
  askAgainAt: block.askAgainAt,
  seenAt: block.seenAt,
  jobsSeenAt: block.jobsSeenAt,
  jobs: block.jobs,
  jobsKnown: block.jobsKnown,
  endedJobs: block.endedJobs,
  busySince: block.busySince,
  idleSince: block.idleSince,
  ending: block.ending,
});
