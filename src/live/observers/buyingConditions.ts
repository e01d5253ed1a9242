import type { Instant } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import { pauseOf, restingNote } from '../../pool/buying.ts';
import type { PoolMemory } from '../../pool/memory.ts';
import type { PoolCondition } from './present.ts';

/** Whether a pool may buy. False: everything that it may buy rests, or its instances never join; the reason says which. */
export const BUYING = 'Buying';

/** What stands in the way of buying, by what each pool has met; unknown before the keeper's first turn, and then left out. */
export const buyingConditions = (keeper: Keeper | undefined, now: Instant): readonly PoolCondition[] =>
  (keeper?.pools ?? []).flatMap(({ spec: { name: pool }, isLeftover }): readonly PoolCondition[] => {
    const memory = keeper?.memories.get(pool);
    return memory === undefined || isLeftover === true ? [] : [buying(pool, memory, now)];
  });

function buying(pool: string, memory: PoolMemory, now: Instant): PoolCondition {
  const pause = pauseOf(memory, now);
  if (pause !== undefined)
    return { pool, condition: BUYING, status: 'false', reason: pause.reason, message: pause.note };
  const message = restingNote(memory, now);
  return message === undefined
    ? { pool, condition: BUYING, status: 'true' }
    : { pool, condition: BUYING, status: 'true', reason: 'SomeRefused', message };
}
