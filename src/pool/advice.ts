import type { Instant } from '../domain/time.ts';
import type { PoolBlocks } from './blocks/poolBlocks.ts';
import { weekAround } from './demandSeen.ts';
import type { PoolMemory } from './memory.ts';
import type { Pool } from './pool.ts';
import { PoolNow } from './poolNow.ts';
import { scalingQuestion } from './scalingQuestion.ts';

/** What the policy that learns would want, beside what is wanted. Nothing is decided by it: it is for people. */
export interface Advice {
  readonly wanted: number;
  readonly learned: number;
}

/** Two working days have so many hours like any one of theirs; before that there is nothing to go by. */
const HOURS_SEEN = 6;

/** Undefined where the pool goes by the clock or by that policy itself, its jobs are not known, or too little was seen yet. */
export function adviceOf(
  { spec, advisor }: Pool,
  memory: PoolMemory | undefined,
  blocks: PoolBlocks,
  now: Instant,
): Advice | undefined {
  const workload = memory?.workload?.workload;
  if (advisor === undefined || memory?.allowance == null || workload == null) return undefined;
  const { now: allowance, next } = memory.allowance;
  if (now >= allowance.until) return undefined;
  if (weekAround(memory.observations.demand, now).likeThisHour.length < HOURS_SEEN) return undefined;
  const moment = new PoolNow(now, spec, allowance, next, memory.observations);
  const { blocks: learned } = advisor.wantedNow(scalingQuestion(moment, workload, memory, blocks));
  const allowed = Math.min(allowance.blocks, spec.maxBlocks);
  return { wanted: Math.min(memory.wanted, allowed), learned: Math.min(learned, allowed) };
}
