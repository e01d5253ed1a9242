import { earliest, type Instant, minutes, NEVER } from '../domain/time.ts';
import { chosen } from './blocks/branch.ts';
import type { PoolBlocks } from './blocks/poolBlocks.ts';
import { elsewhereTurnsAt } from './elsewhere.ts';
import type { Following } from './giveBack.ts';
import type { Asking } from './keptAnswers.ts';
import type { PoolMemory } from './memory.ts';
import { recentTurnsAt } from './recentArrivals.ts';
import type { PoolMoment } from './renewalQuestion.ts';
import { scalingQuestion } from './scalingQuestion.ts';
import { SUPPLIES } from './supplies.ts';

/** How long a block above what is wanted has been idle before it goes, where a scaling policy does not say. */
const GIVE_BACK_MS = minutes(5);

/** A pool that follows its jobs, at a moment. */
export interface Asked {
  readonly moment: PoolMoment;
  readonly asking: Asking;
  /** How many blocks the operating hours and the cap allow. */
  readonly allowed: number;
}

/** What the jobs ask for, what the pool knows after it was asked, and when to ask again. */
export interface Followed {
  readonly following: Following;
  readonly memory: PoolMemory;
  readonly wakeAt: Instant;
}

/** How many of the allowed blocks the jobs ask for. */
export function follow(before: PoolMemory, blocks: PoolBlocks, { moment, asking, allowed }: Asked): Followed {
  const workload = before.workload?.workload;
  if (workload == null) return heldUnknown(before, blocks, allowed);
  const memory = before.heldUnknown === null ? before : { ...before, heldUnknown: null };
  const question = scalingQuestion(moment, workload, memory, blocks);
  const {
    blocks: asked,
    until = NEVER,
    giveBackIdleAfterMs = GIVE_BACK_MS,
    giveBackBeforeHourMs,
  } = asking.wanted(question);
  const turnsAt = earliest(recentTurnsAt(memory.recent, moment.now), elsewhereTurnsAt(memory.elsewhere, moment.now));
  return {
    following: {
      ...{ wanted: Math.min(asked, allowed), idleMs: giveBackIdleAfterMs, onBlocks: workload.onBlocks, workload },
      beforeHourMs: giveBackBeforeHourMs,
    },
    memory,
    wakeAt: earliest(until, turnsAt),
  };
}

/**
 * What is not known is no reason to buy or to give back. What is there is held, with a successor where one is due, and never more
 * than there was when it became unknown: a successor is there too, and must not ask for another.
 */
function heldUnknown(before: PoolMemory, { root }: PoolBlocks, allowed: number): Followed {
  const held = chosen(root, ({ living }) => living > 0).filter(
    ({ view: { state, leaving } }) => SUPPLIES[state] && (!leaving || state === 'resting'),
  ).length;
  const most = before.heldUnknown ?? held;
  const memory = before.heldUnknown === null && before.inventoried ? { ...before, heldUnknown: most } : before;
  const wanted = Math.min(held, most, allowed);
  return { following: { wanted, idleMs: Number.POSITIVE_INFINITY, onBlocks: {} }, memory, wakeAt: NEVER };
}
