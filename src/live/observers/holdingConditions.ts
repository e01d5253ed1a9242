import { NEVER } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { PoolCondition } from './present.ts';

/** Whether a pool's waiting jobs can be held for blocks on their way. Not said of a pool that has never held any. */
export const HOLDING = 'HoldingJobs';

/** Which pools could not hold what they asked for last. */
export const holdingConditions = (keeper: Keeper | undefined): readonly PoolCondition[] =>
  [...(keeper?.memories ?? [])].flatMap(([pool, { holding }]): readonly PoolCondition[] => {
    if (holding === null) return [];
    if (holding.failedAt === NEVER) return [{ pool, condition: HOLDING, status: 'true' }];
    const message = 'waiting jobs could not be held, so Cluster Autoscaler may buy nodes for them; the log says why';
    return [{ pool, condition: HOLDING, status: 'false', reason: 'NotHeld', message, since: holding.failedAt }];
  });
