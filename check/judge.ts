import { valueAt } from '../sim/result/coverage.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import type { PolicyChoice } from '../src/config/pools.ts';
import { isoOf, NEVER } from '../src/domain/time.ts';
import type { Catalogue, PolicySlot, PolicySlots, Waiver } from '../src/policy/definePolicy.ts';
import { type Made, madeOf } from '../src/policy/shelf.ts';
import { promiseOf, whyEarly } from '../src/policy/waivers.ts';
import { poolsOf } from '../src/pool/assemble.ts';
import type { Pool } from '../src/pool/pool.ts';
import type { CheckWorld } from './checkWorld.ts';
import { liveIn, type PoolLife } from './life.ts';
import { type Broken, type Probe, probe } from './probe.ts';
import { firstDifference, judges, PROMISES } from './promises.ts';
import { scenarioOf } from './scenarioOf.ts';
import { choicesIn, referenceFor, type Subject } from './subject.ts';

/** Lets a policy live in a world; answers the first promise that it broke there, or undefined. Same world, same answer. */
export const judge = (subject: Subject, world: CheckWorld): Promise<Broken | undefined> =>
  judgeScenario(
    scenarioOf(world, choicesIn(subject, world), [subject.slot]),
    subject.slot,
    subject.catalogue,
    subject.apart ?? subject.catalogue,
  );

/**
 * Holds the policy that a scenario's first pool has in a slot to its laws and promises. `catalogue` holds the policy, and
 * the built-in that it is measured against in the same scenario; `apart` the same once more, where its files were loaded a second
 * time: what a module remembers of one does not reach the other.
 */
export async function judgeScenario(
  scenario: Scenario,
  slot: PolicySlot,
  catalogue: Catalogue,
  apart: Catalogue = catalogue,
): Promise<Broken | undefined> {
  const [config] = scenario.pools.pools;
  if (config === undefined) return undefined;
  const choice = config.policies[slot];
  const madeIn = (one: Catalogue) => (): Made<PolicySlot> =>
    madeOf(one, slot, { ...choice.options, policy: choice.policy });
  const measured = referenceFor(slot, choice, catalogue);
  // Where there is nothing to measure by, the others are the built-ins all the same.
  const standIn: PolicyChoice = measured ?? { policy: 'always', options: { blocks: 0 } };
  const reference = withChoice(scenario, slot, standIn);
  const [template] = poolsOf(reference.pools, catalogue);
  if (template === undefined) return undefined;

  const lived = await lifeOf(scenario, slot, template, madeIn(catalogue), madeIn(apart));
  if ('broken' in lived) return lived.broken;
  const { own, waives } = lived;
  const measure = measured === undefined ? own : await liveIn(reference, template);
  if (slot === 'operatingHours' && measured !== undefined) {
    const wrong = otherHours(own, measure);
    if (wrong !== undefined) return wrong;
  }
  const jobless = slot === 'scaling' ? await joblessLife(scenario, lived.pool, madeIn(apart)) : undefined;
  const waived = new Set<string>(waives.map(promiseOf));
  for (const promise of PROMISES) {
    const broken = waived.has(promise) ? undefined : judges[promise](own, measure, jobless);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

async function lifeOf(
  scenario: Scenario,
  slot: PolicySlot,
  template: Pool,
  make: () => Made<PolicySlot>,
  makeApart: () => Made<PolicySlot>,
): Promise<
  { readonly own: PoolLife; readonly pool: Pool; readonly waives: readonly Waiver[] } | { readonly broken: Broken }
> {
  let made: Made<PolicySlot>;
  let probed: Probe<PolicySlot>;
  try {
    made = make();
    probed = probe(slot, made.policy, () => makeApart().policy);
  } catch (error) {
    // `create` is the policy's own code; what it throws when it is asked, the keeper itself catches.
    const why = error instanceof Error ? error.message : String(error);
    return { broken: { promise: 'answers', at: scenario.from, sentence: `the policy could not be made: ${why}` } };
  }
  const { waives } = made;
  const endsEarly = slot === 'renewal' ? whyEarly(waives) : template.endsEarly;
  const pool: Pool = {
    spec: template.spec,
    // A scaling policy that ignores jobs is asked here all the same: else its laws would be held against nothing.
    policies: { ...template.policies, [slot]: probed.policy },
    ...(endsEarly === undefined ? {} : { endsEarly }),
  };
  const own = await liveIn(scenario, pool);
  const broken = probed.broken();
  return broken === undefined ? { own, pool, waives } : { broken };
}

/** The same in a world without a job: what a scaling policy wants of itself. Made anew, whatever the first one has kept. */
function joblessLife(scenario: Scenario, pool: Pool, make: () => Made<PolicySlot>): Promise<PoolLife> {
  // Known: it is made for the slot that is checked.
  const scaling = make().policy as PolicySlots['scaling'];
  const asked: PolicySlots['scaling'] = { wantedNow: (question) => scaling.wantedNow(question) };
  return liveIn({ ...scenario, jobs: [] }, { ...pool, policies: { ...pool.policies, scaling: asked } });
}

const withChoice = (scenario: Scenario, slot: PolicySlot, choice: PolicyChoice): Scenario => ({
  ...scenario,
  pools: {
    ...scenario.pools,
    pools: scenario.pools.pools.map((pool) => ({ ...pool, policies: { ...pool.policies, [slot]: choice } })),
  },
});

function otherHours(own: PoolLife, reference: PoolLife): Broken | undefined {
  const at = firstDifference(own.wanted, reference.wanted, own.truth.until);
  if (at === NEVER) return undefined;
  const [wants, right] = [valueAt(own.wanted, at), valueAt(reference.wanted, at)];
  return {
    promise: 'hours',
    at,
    sentence: `the policy wants ${wants} blocks at ${isoOf(at)}, and weekly with the same window wants ${right}`,
  };
}
