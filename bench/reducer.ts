import type { Block, BlockContext, BlockEvent } from '../src/block/context.ts';
import { RECLAIM_GRACE_MS, SETTLE_MS } from '../src/block/rules.ts';
import type { Effect } from '../src/domain/effects.ts';
import { type AskedEnd, blockEnd, leaseEnd } from '../src/domain/leaseEnd.ts';
import { TAINT } from '../src/domain/nodeLabels.ts';
import { tokenOf } from '../src/domain/words.ts';

const NONE: readonly Effect[] = [];

/**
 * The floor: the life of a block as one would write it by hand, for speed, without a chart. It covers what a simulated week
 * makes happen, and the bench holds it to the same end states and the same number of effects.
 */
export function reduce(block: Block, event: BlockEvent): readonly [Block, readonly Effect[]] {
  const { state, context: c } = block;
  if (state === 'gone') return [block, NONE];
  switch (event.type) {
    case 'node.seen': {
      // A simulated node is always ready and never deleted, and its levels come in order.
      if (event.node === null || event.node.jobs === undefined || event.takenAt < c.seenAt) return [block, NONE];
      const jobs = event.node.jobs.filter(({ endedAt }) => endedAt === undefined);
      const context: BlockContext = {
        ...c,
        ...{ node: event.node.name, ready: true, cordoned: event.node.cordoned, seenAt: event.takenAt, jobs },
        busySince: jobs.length === 0 ? null : (c.busySince ?? jobs[0]!.startedAt),
        idleSince: jobs.length === 0 ? (c.idleSince ?? event.takenAt) : null,
      };
      if (state === 'draining') {
        if (!event.node.marks.includes(TAINT.draining)) return [{ state, context }, NONE];
        return [{ state, context: { ...context, cordonedAt: c.cordonedAt ?? event.at } }, NONE];
      }
      if (state !== 'joining') return [{ state, context }, NONE];
      if (c.ending !== null) return drain({ ...context, deadlineAt: endOf(c) });
      const deadlineAt = c.lease === null ? c.deadlineAt : leaseEnd(c.lease);
      const labels = { 'spot-keeper.io/pool': c.pool, 'spot-keeper.io/block': c.id };
      return [
        { state: 'serving', context: { ...context, deadlineAt } },
        [{ type: 'labelNode', blockId: c.id, node: event.node.name, labels }],
      ];
    }
    case 'capacity.granted': {
      if (state !== 'requesting' || event.token !== tokenOf(c.id, c.attempt)) return [block, NONE];
      const leased = { ...c, lease: event.lease, offer: event.lease.offer, offersLeft: [] };
      // A node that was heard of before its grant does not come up in the week that is timed.
      return [{ state: 'joining', context: { ...leased, deadlineAt: event.at + c.timeouts.joinMs } }, NONE];
    }
    case 'capacity.refused': {
      if (state !== 'requesting' || event.token !== tokenOf(c.id, c.attempt)) return [block, NONE];
      if (c.ending !== null) return [{ state: 'gone', context: c }, NONE];
      const [offer, ...offersLeft] = c.offersLeft;
      if (offer === undefined || (event.refusal !== 'no-capacity' && event.refusal !== 'subnet-full')) {
        const deadlineAt = Math.max(event.at + c.timeouts.restMs, event.retryAt ?? event.at);
        return [{ state: 'resting', context: { ...c, ending: 'refused', deadlineAt } }, NONE];
      }
      const attempt = c.attempt + 1;
      const context = { ...c, offer, offersLeft, attempt, deadlineAt: event.at + c.timeouts.launchMs };
      return [{ state, context }, [{ type: 'requestCapacity', blockId: c.id, token: tokenOf(c.id, attempt), offer }]];
    }
    case 'node.emptied':
      if (state !== 'draining' || c.cordonedAt === null || event.takenAt < c.cordonedAt + SETTLE_MS)
        return [block, NONE];
      if (event.leaving !== undefined && event.leaving.length > 0 && event.at < c.cordonedAt + c.timeouts.evictMs)
        return [block, NONE];
      return terminate(c, event.at);
    case 'instance.interrupted': {
      if (state !== 'joining' && state !== 'serving' && state !== 'draining') return [block, NONE];
      const reclaimAt = Math.min(event.reclaimAt, c.reclaimAt ?? event.reclaimAt);
      const hurried = { ...c, reclaimAt, deadlineAt: Math.min(c.deadlineAt, reclaimAt + RECLAIM_GRACE_MS) };
      if (state === 'draining') return [{ state, context: hurried }, NONE];
      const context = { ...hurried, ending: c.ending ?? 'interrupted' };
      return state === 'joining' ? [{ state, context }, NONE] : drain({ ...context, deadlineAt: endOf(context) });
    }
    case 'instance.gone': {
      if (c.lease === null) return [block, NONE];
      const ending = event.cause === 'interrupted' ? 'interrupted' : event.cause === 'schedule' ? 'expired' : 'lost';
      return [{ state: 'gone', context: { ...c, ending: c.ending ?? ending } }, NONE];
    }
    case 'retire': {
      const ending = c.ending ?? 'retired';
      if (state === 'requesting')
        return [
          { state, context: { ...c, ending } },
          [{ type: 'cancelRequest', blockId: c.id, token: tokenOf(c.id, c.attempt) }],
        ];
      if (state === 'resting') return [{ state: 'gone', context: c }, NONE];
      if (state === 'joining') return [{ state, context: { ...c, ending } }, NONE];
      if (state === 'draining') return [{ state, context: { ...c, deadlineAt: endOf(c, event) } }, NONE];
      if (state !== 'serving') return [block, NONE];
      return drain({ ...c, ending, deadlineAt: endOf(c, event) });
    }
    case 'clock.reached':
      if (event.at < c.deadlineAt) return [block, NONE];
      if (state === 'draining' && outlastsNotice(c, event.at)) {
        const unnoticed = { ...c, reclaimAt: Number.POSITIVE_INFINITY };
        return [{ state, context: { ...unnoticed, deadlineAt: endOf(unnoticed) } }, NONE];
      }
      if (state === 'resting') return [{ state: 'gone', context: c }, NONE];
      if (state === 'requesting')
        return [
          { state, context: { ...c, deadlineAt: event.at + c.timeouts.launchMs } },
          [{ type: 'cancelRequest', blockId: c.id, token: tokenOf(c.id, c.attempt) }],
        ];
      if (state === 'joining') {
        if (c.jobs.length === 0 || event.at >= endOf(c))
          return terminate({ ...c, ending: c.ending ?? 'stillborn' }, event.at);
        return [{ state, context: { ...c, deadlineAt: event.at + c.timeouts.joinMs } }, NONE];
      }
      if (state === 'serving') {
        const expired = { ...c, ending: c.ending ?? ('expired' as const) };
        if (c.lease !== null && event.at < c.lease.hardEndAt) return drain({ ...expired, deadlineAt: endOf(c) });
        return terminate(expired, event.at);
      }
      return terminate(c, event.at);
    case 'effect.failed':
    case 'effect.untried':
    case 'instance.atRisk':
      return [block, NONE];
  }
}

const endOf = ({ lease, overrunMs, deadlineAt, reclaimAt }: BlockContext, asked?: AskedEnd): number =>
  lease === null
    ? deadlineAt
    : Math.min(blockEnd(lease, overrunMs, asked), (reclaimAt ?? Number.POSITIVE_INFINITY) + RECLAIM_GRACE_MS);

const outlastsNotice = (c: BlockContext, at: number): boolean =>
  c.reclaimAt !== null &&
  at >= c.reclaimAt + RECLAIM_GRACE_MS &&
  c.ready &&
  c.unusableAt === Number.POSITIVE_INFINITY &&
  (c.jobs.length > 0 || !c.jobsKnown) &&
  at < endOf({ ...c, reclaimAt: null });

const drain = (context: BlockContext): readonly [Block, readonly Effect[]] => [
  { state: 'draining', context },
  [{ type: 'cordonNode', blockId: context.id, node: context.node ?? '' }],
];

const terminate = (context: BlockContext, at: number): readonly [Block, readonly Effect[]] => [
  { state: 'terminating', context: { ...context, deadlineAt: at + context.timeouts.terminateMs } },
  [{ type: 'terminateInstance', blockId: context.id, instanceId: context.lease?.instanceId ?? '' }],
];
