import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import type { CheckWorld } from '../../check/checkWorld.ts';
import { opensAtOf, scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived, simulate, worldOf } from '../../sim/simulate.ts';
import { after, hours, minutes, seconds } from '../../src/domain/time.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import type { Turn } from '../../src/keeper/run.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { someOptions } from './someOptions.ts';

/** `FOLLOWING_WORLDS=5000` tries more. */
const WORLDS = Number(process.env['FOLLOWING_WORLDS'] ?? 120);

const options = someOptions(catalogue.scaling['followJobs']!);
type Options = typeof options extends fc.Arbitrary<infer Value> ? Value : never;

const scenarioIn = (world: CheckWorld, options: Options): Scenario =>
  scenarioOf(world, choicesIn({ slot: 'scaling', name: 'followJobs', options, catalogue }, world), []);

/** Instances on their way, by the keeper's own count: what a job can be held for. */
const arrivingIn = ({ blocks }: Keeper): number =>
  [...blocks.values()].filter(({ state }) => state === 'requesting' || state === 'joining').length;

describe('a pool that follows its jobs, in any world', () => {
  it('kills none, holds none longer than it may, and none without a block on its way', async () => {
    const count = { holds: 0, releases: 0, kept: 0 };
    const property = fc.asyncProperty(checkWorlds({ severalJobs: true }), options, async (world, options) => {
      const scenario = scenarioIn(world, options);
      const pools = poolsOf(scenario.pools, catalogue);
      const simulated = worldOf(scenario, pools);
      // The world goes on adding to the same list.
      const { jobs } = simulated.truth();
      let mostMs = seconds(300);
      const watch = ({ fact, effects, state }: Turn<Keeper>): void => {
        for (const effect of effects) {
          if (effect.type !== 'holdJobs') continue;
          count[effect.holds.length === 0 ? 'releases' : 'holds'] += 1;
          mostMs = Math.max(mostMs, effect.mostMs);
          for (const { until } of effect.holds) expect(until).toBeGreaterThan(fact.at);
        }
        for (const { waitingSince, heldUntil } of jobs) {
          if (heldUntil === undefined || waitingSince === undefined) continue;
          count.kept += 1;
          expect(heldUntil - waitingSince, 'no pod is held beyond its cap').toBeLessThanOrEqual(mostMs);
        }
        // The level that stands after each turn, that of a refusal or of a lost block too: what was held for it is released in it.
        const memory = state.memories.get('ci');
        const workload = memory?.workload?.workload;
        if (memory === undefined || workload == null) return;
        const held = memory.holding?.holds.reduce((sum, hold) => sum + hold.jobs, 0) ?? 0;
        expect(held, 'no hold without a block on its way').toBeLessThanOrEqual(
          arrivingIn(state) * workload.jobsPerBlock,
        );
        expect(memory.wanted).toBeLessThanOrEqual(memory.allowance?.now.blocks ?? 0);
      };
      const truth = await lived(scenario, newKeeper(pools), step, watch, { world: simulated, ledgerOf: observedBy });
      expect(truth.kills.filter(({ by }) => by === 'keeper')).toEqual([]);
    });
    await fc.assert(property, { numRuns: WORLDS });
    // Else nothing would be said by it.
    for (const [what, times] of Object.entries(count)) expect(times, what).toBeGreaterThan(WORLDS);
  });

  it('leaves nothing behind: when the hours close, all holds are released', async () => {
    const property = fc.asyncProperty(checkWorlds({ severalJobs: true }), options, async (world, options) => {
      const scenario = scenarioIn({ ...world, longJobs: [] }, options);
      const { timeline } = await simulate(scenario, poolsOf(scenario.pools, catalogue), 'x', { digest: false });
      expect(timeline.wanted.at(-1)?.value).toBe(0);
    });
    await fc.assert(property, { numRuns: WORLDS / 2 });
  });
});

it('Constant demand has a constant count: whatever the options, it neither buys nor gives back', async () => {
  const steady = fc.record({
    jobs: fc.integer({ min: 0, max: 12 }),
    jobsPerNode: fc.constantFrom(1, 2, 5),
    seed: fc.nat(999),
  });
  const property = fc.asyncProperty(
    checkWorlds(),
    steady,
    options,
    async (world, { jobs, jobsPerNode, seed }, options) => {
      const quiet = { ...world, droughts: [], reclaims: [], restarts: [], repeats: 0, delays: 0, moreBlocks: 0 };
      const shape = { seed, jobsPerNode, blocks: 20, quarters: 32, leaseHours: 6, term: 'on-demand' as const };
      const same = { jobs: Array.from({ length: jobs }, (_, at) => ({ at, minutes: 600 })), longJobs: [] };
      const plain = scenarioIn({ ...quiet, ...shape, ...same }, options);
      const [pool] = plain.pools.pools;
      const lease = { term: 'on-demand', durationMs: hours(24), overrunMs: hours(24) } as const;
      const scenario = { ...plain, pools: { ...plain.pools, pools: [{ ...pool!, lease }] } };
      const { timeline } = await simulate(scenario, poolsOf(scenario.pools, catalogue), 'x', { digest: false });
      const opensAt = opensAtOf(world);
      // After an hour and more none of the arrivals is remembered, and what was bought for them has been given back, if the options
      // say so in time: a quarter of an hour later at the latest.
      const settled = after(opensAt, minutes(12 + 60 + 15));
      const within = <Step extends { readonly at: number }>(steps: readonly Step[]) =>
        steps.filter(({ at }) => at > settled && at < after(opensAt, hours(7)));
      expect(within(timeline.wanted)).toEqual([]);
      expect(within(timeline.purchases)).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: WORLDS / 2 });
});
