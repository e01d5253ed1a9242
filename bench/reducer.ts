import type { Block, BlockContext, BlockEvent } from '../src/block/context.ts';
import { RECLAIM_GRACE_MS, SETTLE_MS } from '../src/block/rules.ts';
import type { Effect } from '../src/domain/effects.ts';
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
    case 'job.started':
      return [
        {
          state,
          context: { ...c, jobs: [...c.jobs, event.job], busySince: c.jobs.length === 0 ? event.at : c.busySince },
        },
        NONE,
      ];
    case 'job.finished': {
      const jobs = c.jobs.filter((job) => job !== event.job);
      return [{ state, context: { ...c, jobs, busySince: jobs.length === 0 ? null : c.busySince } }, NONE];
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
    case 'node.ready': {
      const context = { ...c, node: event.node, ready: true };
      if (state === 'serving') return [{ state, context }, NONE];
      if (state !== 'joining') return [block, NONE];
      if (c.ending !== null) return drain({ ...context, deadlineAt: c.lease?.expiresAt ?? c.deadlineAt });
      const deadlineAt = c.lease === null ? c.deadlineAt : Math.min(c.lease.expiresAt, c.lease.hardEndAt);
      const labels = { 'spot-keeper.io/pool': c.pool, 'spot-keeper.io/block': c.id };
      return [
        { state: 'serving', context: { ...context, deadlineAt } },
        [{ type: 'labelNode', blockId: c.id, node: event.node, labels }],
      ];
    }
    case 'node.cordoned':
      if (state === 'serving') return [{ state, context: { ...c, cordoned: true } }, NONE];
      if (state !== 'draining') return [block, NONE];
      return [{ state, context: { ...c, cordoned: true, cordonedAt: c.cordonedAt ?? event.at } }, NONE];
    case 'node.emptied':
      if (state !== 'draining' || c.cordonedAt === null || event.takenAt < c.cordonedAt + SETTLE_MS)
        return [block, NONE];
      return terminate(c, event.at);
    case 'instance.interrupted': {
      if (state !== 'joining' && state !== 'serving' && state !== 'draining') return [block, NONE];
      const deadlineAt = Math.min(c.deadlineAt, event.reclaimAt + RECLAIM_GRACE_MS);
      if (state === 'draining') return [{ state, context: { ...c, deadlineAt } }, NONE];
      if (state === 'joining')
        return [{ state, context: { ...c, deadlineAt, ending: c.ending ?? 'interrupted' } }, NONE];
      return drain({ ...c, deadlineAt, ending: c.ending ?? 'interrupted' });
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
      if (state !== 'serving') return [block, NONE];
      return drain({ ...c, ending, deadlineAt: Math.min(event.endBy, c.lease?.hardEndAt ?? event.endBy) });
    }
    case 'clock.reached':
      if (event.at < c.deadlineAt) return [block, NONE];
      if (state === 'resting') return [{ state: 'gone', context: c }, NONE];
      if (state === 'requesting')
        return [
          { state, context: { ...c, deadlineAt: event.at + c.timeouts.launchMs } },
          [{ type: 'cancelRequest', blockId: c.id, token: tokenOf(c.id, c.attempt) }],
        ];
      if (state === 'joining') return terminate({ ...c, ending: c.ending ?? 'stillborn' }, event.at);
      if (state === 'serving') return terminate({ ...c, ending: c.ending ?? 'expired' }, event.at);
      return terminate(c, event.at);
    case 'effect.failed':
    case 'instance.atRisk':
    case 'node.uncordoned':
    case 'node.unready':
      return [block, NONE];
  }
}

const drain = (context: BlockContext): readonly [Block, readonly Effect[]] => [
  { state: 'draining', context },
  [{ type: 'cordonNode', blockId: context.id, node: context.node ?? '' }],
];

const terminate = (context: BlockContext, at: number): readonly [Block, readonly Effect[]] => [
  { state: 'terminating', context: { ...context, deadlineAt: at + context.timeouts.terminateMs } },
  [{ type: 'terminateInstance', blockId: context.id, instanceId: context.lease?.instanceId ?? '' }],
];
