import type { Block } from '../../block/block.ts';
import type { FactOf } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time.ts';
import { placeOf } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Turn } from '../../keeper/run.ts';
import { POLICY_SLOTS } from '../../policy/definePolicy.ts';
import { type Change, changesOf } from './changes.ts';
import type { Instruments } from './instruments.ts';
import { type Labels, OTHER } from './labels.ts';
import { Recent } from './recent.ts';
import { spending } from './spending.ts';
import { wantedOf } from './wanted.ts';

/** How many instances, tries and notices are remembered, so that a fact that comes again counts once. */
const REMEMBERED = 8_192;

const INTERRUPTIONS = ['reclaim', 'risk', 'unannounced'] as const;

/** Counts what happens from turn to turn. */
export interface Counting {
  readonly turn: (turn: Turn<Keeper>) => void;
  /** Shows what an alert counts of a pool before any of it has happened. */
  readonly beginAt0: (pool: string) => void;
  /** Brings the cost up to now, for a look at it. */
  readonly upTo: (now: Instant) => void;
}

/** Counting into these instruments. */
export function counting(to: Instruments, labels: Labels): Counting {
  const cost = spending(to.cost, labels);
  const heard = new Recent(REMEMBERED);
  const drainingSince = new Map<string, Instant>();
  let before: ReadonlyMap<string, Block> = new Map();

  const turn = (turn: Turn<Keeper>): void => {
    answers(turn);
    for (const change of changesOf(before, turn)) moved(change, turn);
    for (const effect of turn.effects)
      if (effect.type === 'announce' && effect.reason === 'PolicyFault') {
        // The reconciler's note begins with the slot; nothing else of it is of few values.
        const slot = POLICY_SLOTS.find((one) => effect.note.startsWith(`the ${one} policy `)) ?? OTHER;
        to.faults.inc({ pool: labels.pool(effect.pool), slot });
      }
    before = turn.state.blocks;
  };
  return {
    turn,
    beginAt0: (pool) => {
      to.killed.inc({ pool }, 0);
      to.unheld.inc({ pool }, 0);
      for (const kind of INTERRUPTIONS) to.interruptions.inc({ pool, kind }, 0);
      for (const slot of POLICY_SLOTS) to.faults.inc({ pool, slot }, 0);
    },
    upTo: (now) => {
      cost.upTo(now);
    },
  };

  function answers({ fact }: Turn<Keeper>): void {
    if (fact.type === 'capacity.granted' && heard.add(`instance ${fact.lease.instanceId}`))
      launched(fact.blockId, 'granted', fact.lease.offer);
    else if (fact.type === 'capacity.refused' && heard.add(`refusal ${fact.token}`))
      launched(fact.blockId, fact.refusal, fact.offer);
    else if (fact.type === 'effect.untried' && fact.effect === 'requestCapacity') untried(fact);
    else if (fact.type === 'jobs.unheld') to.unheld.inc({ pool: labels.pool(fact.pool) });
    else if (fact.type === 'instance.atRisk' && heard.add(`risk ${fact.blockId}`)) interrupted(fact.blockId, 'risk');
    else if (fact.type === 'instance.interrupted') {
      // The end of a lease that AWS imposes comes with the same notice, and is no interruption.
      const hardEndAt = before.get(fact.blockId)?.context.lease?.hardEndAt;
      if (hardEndAt !== undefined && fact.reclaimAt < hardEndAt && heard.add(`notice ${fact.blockId}`))
        interrupted(fact.blockId, 'reclaim');
    }
  }

  /** Nothing was asked of EC2: what kept the keeper from it counts as that, and once for each try however often it is made. */
  function untried({ blockId, token, hindrance }: FactOf<'effect.untried'>): void {
    const offer = before.get(blockId)?.context.offer;
    if (offer !== undefined && heard.add(`${hindrance} ${token}`)) launched(blockId, hindrance, offer);
  }

  function launched(
    blockId: string,
    result: string,
    { zone, instanceType }: { readonly zone: string; readonly instanceType: string },
  ): void {
    to.launches.inc({
      pool: poolOf(blockId),
      result,
      zone: labels.zone(zone),
      instance_type: labels.instanceType(instanceType),
    });
  }

  function interrupted(blockId: string, kind: (typeof INTERRUPTIONS)[number]): void {
    to.interruptions.inc({ pool: poolOf(blockId), kind });
  }

  function moved(change: Change, turn: Turn<Keeper>): void {
    const { before: was, after, why } = change;
    const { at } = turn.fact;
    if (after === undefined) {
      // It may still run, but nobody knows: cost goes on when it is found again.
      cost.ended(was, at);
      drainingSince.delete(was.context.id);
      return;
    }
    const { id, lease } = after.context;
    if (lease !== null && was?.context.lease == null) {
      // What an earlier life of the keeper paid is in that life's counters.
      cost.began(after, why === 'adopted' ? at : lease.startsAt);
      if (heard.add(`instance ${lease.instanceId}`)) launched(id, 'found', lease.offer);
    }
    if (was?.state === 'draining') drained(change, at);
    if (after.state === 'draining') drainingSince.set(id, at);
    if (was?.state === 'serving' && after.context.ending !== 'interrupted' && after.state !== 'gone')
      to.renewals.inc({ pool: poolOf(id), result: isCovered(turn, id) ? 'covered' : 'short' });
    if (after.state === 'gone') gone(after, change, at);
  }

  function drained({ after, why }: Change, at: Instant): void {
    if (after === undefined) return;
    const { id } = after.context;
    const since = drainingSince.get(id);
    drainingSince.delete(id);
    if (since === undefined) return;
    const outcome = why === 'node.emptied' ? 'emptied' : after.state === 'gone' ? 'lost' : 'deadline';
    to.drains.observe({ pool: poolOf(id), outcome }, (at - since) / 1_000);
  }

  function gone(after: Block, { before: was, why }: Change, at: Instant): void {
    const { id, lease, jobs, ending } = after.context;
    const pool = poolOf(id);
    cost.ended(after, at);
    to.gone.inc({ pool, ending: ending ?? OTHER });
    if (lease === null) return;
    to.lifetimes.observe({ pool }, Math.max(0, at - lease.startsAt) / 1_000);
    if (jobs.length > 0) to.killed.inc({ pool }, jobs.length);
    if (why === 'instance.gone' && ending === 'interrupted' && was?.context.ending === null)
      interrupted(id, 'unannounced');
  }

  function poolOf(blockId: string): string {
    return labels.pool(placeOf(blockId)?.pool ?? '');
  }
}

/** Whether as many blocks serve as are wanted, now that this one has left; also where nothing is known to be wanted. */
function isCovered({ state: keeper, fact }: Turn<Keeper>, id: string): boolean {
  const pool = placeOf(id)?.pool ?? '';
  let serving = 0;
  for (const { state, context } of keeper.blocks.values())
    if (context.pool === pool && state === 'serving' && context.ready && !context.cordoned) serving += 1;
  return serving >= (wantedOf(keeper, pool, fact.at)?.blocks ?? 0);
}
