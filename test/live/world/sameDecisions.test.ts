import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../../check/arbitrary.ts';
import { scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { simulate } from '../../../sim/simulate.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { decisionsIn } from '../../support/decisions.ts';
import { type LockstepTurn, lockstep } from '../../support/lockstep.ts';

/** `npm run same` tries a hundred worlds; with every change a few must do. */
const WORLDS = Number(process.env['SAME_WORLDS'] ?? 2);
const SEED = Number(process.env['SAME_SEED'] ?? 1);

/** Restarts, and facts told late or twice, befall the two worlds at other moments: other tests put them over the wire. */
const worlds = fc
  .sample(checkWorlds(), { seed: SEED, numRuns: WORLDS })
  .map((world, index) => [index, { ...world, restarts: [], repeats: 0, delays: 0 }] as const);

/**
 * Jobs come and end on whole minutes here. A block that is given back on one too goes before the job comes in the one world and after it
 * in the other, and both are right.
 */
const OFF_THE_MINUTE = { giveBackIdleAfter: '67s' };

describe('the keeper decides alike in the simulation and over the wire', () => {
  let decided = 0;

  it.each(worlds)('in world %i', async (index, world) => {
    // In every other world blocks follow the jobs.
    const subject =
      index % 2 === 0
        ? ({ slot: 'scaling', name: 'followJobs', options: OFF_THE_MINUTE } as const)
        : ({ slot: 'renewal', name: 'surge', options: {} } as const);
    const choices = choicesIn({ ...subject, catalogue }, world);
    const scenario = scenarioOf(world, choices, []);
    const pools = poolsOf(scenario.pools, catalogue);
    const simulated: LockstepTurn[] = [];
    await simulate(scenario, pools, 'simulated', { turn: (fact, effects) => simulated.push({ fact, effects }) });
    const { turns } = await lockstep(scenario, pools);
    const how = { bySlot: subject.slot !== 'scaling' };
    expect(decisionsIn(turns, how)).toEqual(decisionsIn(simulated, how));
    if (decisionsIn(turns).length > 0) decided += 1;
  });

  it('in worlds of which most give it something to decide', () => {
    // Where blocks follow the jobs, a world may ask for none.
    expect(decided).toBeGreaterThan(WORLDS * 0.8);
  });
});
