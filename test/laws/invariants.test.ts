import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { opensAtOf, scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived, worldOf } from '../../sim/simulate.ts';
import { after, hours, type Instant, minutes, NEVER } from '../../src/domain/time.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import type { Turn } from '../../src/keeper/run.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';

/** `INVARIANTS_WORLDS=2000` tries more. */
const WORLDS = Number(process.env['INVARIANTS_WORLDS'] ?? 60);

const GIVE_BACK_MS = minutes(1);

const days = fc.record({
  world: checkWorlds(),
  /** Jobs that come within the first hour, and run for good or for minutes. */
  jobs: fc.array(fc.record({ at: fc.nat(60), minutes: fc.constantFrom(2, 5, 600, 600) }), { maxLength: 25 }),
  jobsPerNode: fc.constantFrom(1, 2, 5),
  maxBlocks: fc.integer({ min: 1, max: 12 }),
  launches: fc.integer({ min: 1, max: 20 }),
  /** Nothing can be bought for a while, of the first two hours. */
  drought: fc.record({ at: fc.nat(60), minutes: fc.integer({ min: 1, max: 60 }) }),
});

type Day = typeof days extends fc.Arbitrary<infer Value> ? Value : never;

/** Eight hours of leases that outlast them, in which AWS takes nothing. */
function scenarioIn({ world, jobs, jobsPerNode, maxBlocks, launches, drought }: Day): Scenario {
  const calm = {
    ...world,
    reclaims: [],
    repeats: 0,
    delays: 0,
    moreBlocks: 0,
    prices: [30],
    priceMoves: [],
    longJobs: [],
  };
  const shape = { jobsPerNode, blocks: 20, quarters: 32, leaseHours: 6, term: 'on-demand' as const };
  const day = { ...calm, ...shape, jobs, droughts: [{ zone: 0, ...drought }] };
  const options = { headroom: 0, giveBackIdleAfter: '1m' };
  const plain = scenarioOf(day, choicesIn({ slot: 'scaling', name: 'followJobs', options, catalogue }, day), []);
  const [pool] = plain.pools.pools;
  const lease = { term: 'on-demand', durationMs: hours(24), overrunMs: hours(24) } as const;
  const launchRate = { launches, perMs: minutes(5) };
  return { ...plain, pools: { ...plain.pools, pools: [{ ...pool!, lease, maxBlocks, launchRate }] } };
}

/** What was seen of a day. */
interface Seen {
  readonly opened: Map<string, Instant>;
  /** When each block has begun to serve: its boot was over. */
  readonly served: Map<string, Instant>;
  readonly busyClosed: string[];
  mostLiving: number;
  /** Blocks that serve and that are wanted, long after the last job has come and the drought is over. */
  settled: { readonly serving: number; readonly wanted: number; readonly busy: number } | undefined;
}

async function aDay(day: Day) {
  const scenario = scenarioIn(day);
  const pools = poolsOf(scenario.pools, catalogue);
  const opensAt = opensAtOf(day.world);
  const [settledAt, closesAt] = [after(opensAt, hours(4)), after(opensAt, hours(7))];
  const seen: Seen = { opened: new Map(), served: new Map(), busyClosed: [], mostLiving: 0, settled: undefined };
  const watch = ({ fact, effects, state }: Turn<Keeper>): void => {
    const views = [...state.blocks.values()].filter(({ state: is }) => is !== 'gone');
    seen.mostLiving = Math.max(seen.mostLiving, views.length);
    for (const { state: is, context } of views)
      if (is === 'serving' && !seen.served.has(context.id)) seen.served.set(context.id, fact.at);
    for (const effect of effects) {
      if (effect.type === 'requestCapacity' && !seen.opened.has(effect.blockId))
        seen.opened.set(effect.blockId, fact.at);
      if (effect.type !== 'cordonNode' || fact.at >= closesAt) continue;
      if ((state.blocks.get(effect.blockId)?.context.jobs.length ?? 0) > 0) seen.busyClosed.push(effect.blockId);
    }
    if (fact.at < settledAt || fact.at >= closesAt) return;
    const serving = views.filter(({ state: is }) => is === 'serving');
    const busy = serving.filter(({ context }) => context.jobs.length > 0).length;
    seen.settled ??= { serving: serving.length, busy, wanted: state.memories.get('ci')?.wanted ?? Number.NaN };
  };
  const truth = await lived(scenario, newKeeper(pools), step, watch, {
    world: worldOf(scenario, pools),
    ledgerOf: observedBy,
  });
  return { seen, truth, closesAt };
}

describe('the invariants of a pool that follows its jobs (docs/invariants.md)', () => {
  it('S4 S5 S16 S23 L1 hold, whatever comes', async () => {
    const count = { blocks: 0, capped: 0, settled: 0, givenBack: 0 };
    const property = fc.asyncProperty(days, async (day) => {
      const { seen, truth, closesAt } = await aDay(day);
      expect(seen.mostLiving, 'S4 cap').toBeLessThanOrEqual(day.maxBlocks);
      for (const { alive } of truth.samples) expect(alive, 'S4 cap').toBeLessThanOrEqual(day.maxBlocks);
      const opened = [...seen.opened.values()];
      const rate = Math.max(day.launches, day.maxBlocks);
      for (const at of opened)
        expect(
          opened.filter((one) => one >= at && one < after(at, minutes(5))).length,
          'S5 launch rate',
        ).toBeLessThanOrEqual(rate);
      expect(seen.busyClosed, 'S16 no busy block is closed for being more than is wanted').toEqual([]);
      for (const { instance, endedBy } of truth.instances) {
        const { blockId, endedAt } = instance;
        const servedAt = seen.served.get(blockId);
        if (endedBy !== 'us' || endedAt === NEVER || endedAt >= closesAt || servedAt === undefined) continue;
        count.givenBack += 1;
        expect(endedAt - servedAt, 'S23 a tenancy').toBeGreaterThanOrEqual(GIVE_BACK_MS);
      }
      if (seen.settled !== undefined) {
        count.settled += 1;
        // Jobs that were spread over more blocks than they need keep those until they end (S16).
        const { serving, wanted, busy } = seen.settled;
        expect(serving, 'L1 it settles').toBe(Math.max(wanted, busy));
      }
      count.blocks += opened.length;
      if (seen.mostLiving === day.maxBlocks) count.capped += 1;
    });
    await fc.assert(property, { numRuns: WORLDS });
    for (const [what, times] of Object.entries(count)) expect(times, what).toBeGreaterThan(WORLDS / 10);
  });
});
