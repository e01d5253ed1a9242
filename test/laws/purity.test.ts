import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import type { CheckWorld } from '../../check/checkWorld.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived, worldOf } from '../../sim/simulate.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { type Keeper, newKeeper, type Step } from '../../src/keeper/keeper.ts';
import { step } from '../../src/keeper/step.ts';
import { POLICY_SLOTS, type PolicyDefinition } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { frozen } from '../support/frozen.ts';
import { someOptions } from './someOptions.ts';

/** `PURITY_WORLDS=10000` tries more. */
const WORLDS = Number(process.env['PURITY_WORLDS'] ?? 120);

/** Any policy on the shelf with options as somebody might write them; the other two are the check's own. */
const definitions: readonly PolicyDefinition[] = POLICY_SLOTS.flatMap((slot) =>
  Object.values<PolicyDefinition>(catalogue[slot]),
);
const subjects = fc
  .constantFrom(...definitions)
  .chain((definition) =>
    someOptions(definition).map((options) => ({ slot: definition.slot, name: definition.name, options, catalogue })),
  );

type Subject = typeof subjects extends fc.Arbitrary<infer Value> ? Value : never;

function scenarioIn(world: CheckWorld, subject: Subject, untried: number): Scenario {
  const scenario = scenarioOf(world, choicesIn(subject, world), []);
  return { ...scenario, disturbances: { ...scenario.disturbances, untried } };
}

/** A turn that is given frozen things, and given them twice. */
function heldStill() {
  const known = new WeakSet();
  return {
    turns: 0,
    step(before: Keeper, told: Fact): Step<Keeper> {
      this.turns += 1;
      // A copy: what the world goes on to do with its own is none of the core's business.
      const fact = structuredClone(told);
      const checks = [before, fact].map((value) => frozen(value, known));
      const turn = step(before, fact);
      const again = step(before, fact);
      for (const check of checks) check();
      expect([again.effects, again.wakeAt]).toEqual([turn.effects, turn.wakeAt]);
      expect(again.state).toEqual(turn.state);
      return turn;
    },
  };
}

it('a turn writes to nothing that it is given, and is the same if it is taken again', async () => {
  let turns = 0;
  const untried = fc.integer({ min: 0, max: 30 }).map((percent) => percent / 100);
  await fc.assert(
    fc.asyncProperty(checkWorlds(), subjects, untried, async (world, subject, share) => {
      const scenario = scenarioIn(world, subject, share);
      const still = heldStill();
      const pools = poolsOf(scenario.pools, catalogue);
      // A policy that throws is caught and reported; so would be one that writes to its question.
      await lived(
        scenario,
        newKeeper(pools),
        (before, fact) => still.step(before, fact),
        ({ effects }) => {
          for (const effect of effects) if (effect.type === 'announce') expect(effect.reason).not.toMatch(/^Policy/);
        },
        { world: worldOf(scenario, pools) },
      );
      turns += still.turns;
    }),
    { numRuns: WORLDS },
  );
  expect(turns).toBeGreaterThan(WORLDS * 20);
});
