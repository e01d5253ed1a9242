import { minutes } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';
import type { Disturbances } from '../scenario/scenario.ts';
import type { Fate, Said } from './kernel.ts';

const MOST_LATE_MS = minutes(1);
const MOST_AGAIN_MS = minutes(5);

/** Draws what becomes of each fact: late, told again, or neither. An inventory is an answer of its moment and comes at once. */
export function fates({ repeats, delays }: Disturbances, draws: Draws): ((fact: Said) => Fate) | undefined {
  if (repeats === 0 && delays === 0) return undefined;
  let told = 0;
  return ({ type }) => {
    const count = told++;
    if (type === 'inventory.taken') return { lateMs: 0, againMs: undefined };
    const late = draws.uniform('fates.late', type, count) < delays;
    const again = draws.uniform('fates.again', type, count) < repeats;
    return {
      lateMs: late ? draws.integer('fates.lateMs', type, count, 1, MOST_LATE_MS) : 0,
      againMs: again ? draws.integer('fates.againMs', type, count, 1, MOST_AGAIN_MS) : undefined,
    };
  };
}
