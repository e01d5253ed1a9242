import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { type CheckWorld, LONGEST_JOB_MINUTES } from '../../check/checkWorld.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived } from '../../sim/simulate.ts';
import type { Truth } from '../../sim/world/simulatedWorld.ts';
import type { PolicyChoice } from '../../src/config/pools.ts';
import { isoOf } from '../../src/domain/time.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { someOptions } from './someOptions.ts';

/** `npm run noKills` tries ten thousand worlds; with every change some hundred must do. */
const WORLDS = Number(process.env['NO_KILLS_WORLDS'] ?? 200);

/** Any renewal policy on the shelf with options as somebody might write them, parts of other policies among them. */
const renewals: fc.Arbitrary<PolicyChoice> = fc
  .constantFrom(...Object.values(catalogue.renewal))
  .chain((definition) => someOptions(definition).map((options) => ({ policy: definition.name, options })));

/** The worlds of a check, in which anything may befall a pool, and in them more jobs that take hours. */
const worlds = fc.record({
  world: checkWorlds(),
  renewal: renewals,
  longJobs: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 720 }),
      minutes: fc.integer({ min: 30, max: LONGEST_JOB_MINUTES }),
    }),
    { maxLength: 12 },
  ),
  jobsPerNode: fc.constantFrom(1, 1, 2, 4),
  surge: fc.integer({ min: 0, max: 3 }),
  maxBlocks: fc.integer({ min: 1, max: 12 }),
  unseenNodes: fc.constantFrom(0, 0.3, 0.9),
});

type Drawn = typeof worlds extends fc.Arbitrary<infer Value> ? Value : never;

function scenarioIn({ world, renewal, longJobs, jobsPerNode, surge, maxBlocks, unseenNodes }: Drawn): Scenario {
  const full: CheckWorld = { ...world, longJobs: [...world.longJobs, ...longJobs] };
  const { policy: name, options } = renewal;
  const scenario = scenarioOf(full, choicesIn({ slot: 'renewal', name, options, catalogue }, full), []);
  return {
    ...scenario,
    cluster: { ...scenario.cluster, jobsPerNode },
    disturbances: { ...scenario.disturbances, unseenNodes },
    pools: { ...scenario.pools, pools: scenario.pools.pools.map((pool) => ({ ...pool, surge, maxBlocks })) },
  };
}

/** Jobs that the keeper killed: those on an instance that it ended itself, each as people would read it. */
const killedByKeeper = ({ kills, instances }: Truth): readonly string[] =>
  kills.flatMap(({ at, blockId }) => {
    const ended = instances.find(({ instance }) => instance.blockId === blockId && instance.endedAt === at);
    return ended?.endedBy === 'us' ? [`a job on ${blockId ?? ''} at ${isoOf(at)}`] : [];
  });

/** Blocks that were there for longer than their leases, which only a job may bring about. */
const outlasted = ({ instances, until }: Truth): number =>
  instances.filter(({ instance: { lease, endedAt } }) => Math.min(endedAt, until) > lease.expiresAt).length;

describe('no job is killed by the keeper', () => {
  it('in any world, under any shipped renewal policy that does not waive it', async () => {
    let blocksThatOutlasted = 0;
    const property = fc.asyncProperty(worlds, async (drawn) => {
      const scenario = scenarioIn(drawn);
      const pools = poolsOf(scenario.pools, catalogue);
      fc.pre(pools.every(({ endsEarly }) => endsEarly === undefined));
      const truth = await lived(scenario, newKeeper(pools), step, () => undefined, { ledgerOf: observedBy });
      blocksThatOutlasted += outlasted(truth);
      expect(killedByKeeper(truth)).toEqual([]);
    });
    await fc.assert(property, { numRuns: WORLDS });
    // Else nothing would be said by it: the law is about jobs that are longer than what is left of a lease.
    expect(blocksThatOutlasted).toBeGreaterThan(WORLDS / 10);
  });

  it('but by one that waives it, in the same worlds: the law can fail', async () => {
    const letExpire = { policy: 'letExpire', options: {} };
    let kills = 0;
    for (const drawn of fc.sample(worlds, { numRuns: 30, seed: 1 })) {
      const scenario = scenarioIn({ ...drawn, renewal: letExpire });
      const keeper = newKeeper(poolsOf(scenario.pools, catalogue));
      kills += killedByKeeper(await lived(scenario, keeper, step, () => undefined, { ledgerOf: observedBy })).length;
    }
    expect(kills).toBeGreaterThan(0);
  });
});
