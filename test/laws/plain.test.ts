import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived, worldOf } from '../../sim/simulate.ts';
import type { PolicyChoice } from '../../src/config/pools.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { type Keeper, newKeeper, type Step } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { type PlainKeeper, plainStep } from '../support/plain/step.ts';
import { withPrying } from '../support/pryingPolicies.ts';
import { writtenOptions } from './writtenOptions.ts';

/** `PLAIN_WORLDS=10000` tries more. */
const WORLDS = Number(process.env['PLAIN_WORLDS'] ?? 150);

/** Worlds tried on the way to a smaller one, at most. */
const MOST_SHRINKING = 60;

/** The keeper, and beside it the plain one, which looks at every block and asks every policy in every turn. */
function besidePlain(pools: readonly Pool[]) {
  const begun = (): PlainKeeper => ({ pools, memories: newKeeper(pools).memories, blocks: new Map() });
  let plain = begun();
  let last: Keeper | undefined;
  return {
    turns: 0,
    step(before: Keeper, fact: Fact): Step<Keeper> {
      this.turns += 1;
      // Another life begins: the plain one dies with this one.
      if (before !== last) plain = begun();
      const turn = step(before, fact);
      const expected = plainStep(plain, fact);
      plain = expected.state;
      last = turn.state;
      expect([turn.effects, turn.wakeAt], JSON.stringify(fact)).toEqual([expected.effects, expected.wakeAt]);
      expect(new Map(turn.state.blocks)).toEqual(plain.blocks);
      // What policies said is kept by the one alone, and changes nothing.
      for (const [name, memory] of turn.state.memories)
        expect({ ...memory, kept: null }).toEqual({ ...plain.memories.get(name), kept: null });
      const others = [...turn.state.blocks].filter(([id, block]) => before.blocks.get(id) !== block).map(([id]) => id);
      expect([...(turn.touched ?? [])].sort()).toEqual(others.sort());
      return turn;
    },
  };
}

async function live(scenario: Scenario, pools: readonly Pool[]): Promise<number> {
  const both = besidePlain(pools);
  await lived(
    scenario,
    newKeeper(pools),
    (before, fact) => both.step(before, fact),
    () => undefined,
    { world: worldOf(scenario, pools), ledgerOf: observedBy },
  );
  return both.turns;
}

const shelf = withPrying(catalogue);

const anyOf = (slot: 'renewal' | 'purchase' | 'scaling'): fc.Arbitrary<PolicyChoice> =>
  fc
    .constantFrom(...Object.keys(shelf[slot]))
    .chain((policy) => (writtenOptions[policy] ?? fc.constant({})).map((options) => ({ policy, options })));

describe('a keeper whose turns cost what changed decides as the plain one', () => {
  it('in random worlds, under any policies', async () => {
    let turns = 0;
    let tried = 0;
    let hasFailed = false;
    const untried = fc.integer({ min: 0, max: 30 }).map((percent) => percent / 100);
    await fc.assert(
      fc.asyncProperty(
        checkWorlds(),
        anyOf('renewal'),
        anyOf('purchase'),
        anyOf('scaling'),
        untried,
        async (world, renewal, purchase, scaling, share) => {
          // Each world is lived twice: no more of them are tried on the way to a smaller one than tell where to look.
          if (hasFailed && (tried += 1) > MOST_SHRINKING) return;
          const subject = {
            slot: 'renewal',
            name: renewal.policy,
            options: renewal.options,
            catalogue: shelf,
          } as const;
          const choices = choicesIn(subject, world);
          const scenario = scenarioOf(world, { ...choices, purchase, scaling }, []);
          const disturbed = { ...scenario, disturbances: { ...scenario.disturbances, untried: share } };
          try {
            turns += await live(disturbed, poolsOf(disturbed.pools, shelf));
          } catch (error) {
            hasFailed = true;
            throw error;
          }
        },
      ),
      { numRuns: WORLDS },
    );
    expect(turns).toBeGreaterThan(WORLDS * 20);
  });

  it.each(readdirSync('scenarios').filter((name) => name !== 'ci-week'))('in %s', async (name) => {
    const scenario = await readScenario(resolve('scenarios', name), catalogue);
    expect(await live(scenario, poolsOf(scenario.pools, catalogue))).toBeGreaterThan(0);
  });
});
