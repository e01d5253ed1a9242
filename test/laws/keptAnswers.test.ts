import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue as shelf } from '../../policies/catalogue.ts';
import { simulate } from '../../sim/simulate.ts';
import type { PolicyChoice } from '../../src/config/pools.ts';
import type { PolicySlots } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { withPrying } from '../support/pryingPolicies.ts';
import { writtenOptions } from './writtenOptions.ts';

const WORLDS = Number(process.env['KEPT_WORLDS'] ?? 150);

const catalogue = withPrying(shelf);

const anyOf = (slot: 'renewal' | 'purchase' | 'scaling'): fc.Arbitrary<PolicyChoice> =>
  fc
    .constantFrom(...Object.keys(catalogue[slot]))
    .chain((policy) => (writtenOptions[policy] ?? fc.constant({})).map((options) => ({ policy, options })));

/** Worlds tried on the way to a smaller one, at most: each is lived twice. */
const MOST_SHRINKING = 60;

it('A keeper that keeps answers decides as one that asks in every turn', async () => {
  const count = { kept: 0, afresh: 0 };
  let failures = 0;
  let shrinking = 0;
  const property = fc.asyncProperty(
    checkWorlds(),
    anyOf('renewal'),
    anyOf('purchase'),
    anyOf('scaling'),
    async (world, renewal, purchase, scaling) => {
      if (failures > 0 && ++shrinking > MOST_SHRINKING) return;
      const choices = choicesIn({ slot: 'renewal', name: renewal.policy, options: renewal.options, catalogue }, world);
      const scenario = scenarioOf(world, { ...choices, purchase, scaling }, []);
      const pools = poolsOf(scenario.pools, catalogue);
      const digest = async (asked: (pool: Pool) => Pool) => (await simulate(scenario, pools.map(asked), 'x')).digest;
      const kept = await digest(counting(() => (count.kept += 1)));
      const afresh = await digest((pool) => askedAlways(counting(() => (count.afresh += 1))(pool)));
      if (afresh !== kept) failures += 1;
      expect(afresh).toBe(kept);
    },
  );
  await fc.assert(property, { numRuns: WORLDS });
  // Else keeping would be no use, and the law would say nothing.
  expect(count.kept).toBeLessThan(count.afresh / 2);
});

/** A pool whose policies are counted as they are asked. */
const counting =
  (asked: () => void) =>
  ({ policies: { operatingHours, scaling, renewal, purchase }, ...pool }: Pool): Pool => ({
    ...pool,
    policies: {
      operatingHours,
      scaling: {
        ...scaling,
        wantedNow: (question) => {
          asked();
          return scaling.wantedNow(question);
        },
      },
      renewal: {
        timesFor: (question) => {
          asked();
          return renewal.timesFor(question);
        },
      },
      purchase: {
        rank: (offers, need) => {
          asked();
          return purchase.rank(offers, need);
        },
      },
    },
  });

/** A pool that keeps no answer: of a question that was cloned nobody knows what was read. */
function askedAlways({ policies: { operatingHours, scaling, renewal, purchase }, ...pool }: Pool): Pool {
  const afresh: PolicySlots = {
    operatingHours,
    scaling: {
      ...scaling,
      wantedNow: (question) => {
        structuredClone(question);
        return scaling.wantedNow(question);
      },
    },
    renewal: {
      timesFor: (question) => {
        structuredClone(question);
        return renewal.timesFor(question);
      },
    },
    purchase: {
      rank: (offers, need) => {
        structuredClone(need);
        return purchase.rank(offers, need);
      },
    },
  };
  return { ...pool, policies: afresh };
}
