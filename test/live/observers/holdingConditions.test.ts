import { describe, expect, it } from 'vitest';
import { NEVER } from '../../../src/domain/time.ts';
import { step } from '../../../src/keeper/step.ts';
import { holdingConditions } from '../../../src/live/observers/holdingConditions.ts';
import type { Holding } from '../../../src/pool/holds.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';

/** A keeper whose pool asked for these holds last. */
function keeperWith(holding: Holding | null) {
  const { state } = step(aKeeper(aPool(1)).keeper, { type: 'clock.reached', at: 0 });
  return { ...state, memories: new Map([...state.memories].map(([pool, memory]) => [pool, { ...memory, holding }])) };
}

const HOLDING: Holding = { holds: [], askedAt: 0, takenAt: 0, waiting: 1, failedAt: NEVER };

describe('the condition HoldingJobs', () => {
  it('is not said of a pool that has never held any, nor before the first turn', () => {
    expect(holdingConditions(undefined)).toEqual([]);
    expect(holdingConditions(keeperWith(null))).toEqual([]);
  });

  it('holds until holding has failed, and says since when', () => {
    expect(holdingConditions(keeperWith(HOLDING))).toEqual([{ pool: 'ci', condition: 'HoldingJobs', status: 'true' }]);
    expect(holdingConditions(keeperWith({ ...HOLDING, failedAt: 7_000 }))).toMatchObject([
      { pool: 'ci', status: 'false', reason: 'NotHeld', since: 7_000 },
    ]);
  });
});
