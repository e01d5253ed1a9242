import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { type Death, HOLD_PHASES, type HoldPhase, type Scenario } from '../../sim/scenario/scenario.ts';
import { lived, worldOf } from '../../sim/simulate.ts';
import type { Truth } from '../../sim/world/simulatedWorld.ts';
import type { PoolConfig } from '../../src/config/pools.ts';
import { hours, type Instant, minutes, seconds } from '../../src/domain/time.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import type { Turn } from '../../src/keeper/run.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aWorld } from '../sim/cluster/aTimeline.ts';
import { aPoolConfig, MONDAY } from '../support/aScenario.ts';

/** `HOLD_DEATHS_WORLDS=2000` tries more. */
const WORLDS = Number(process.env['HOLD_DEATHS_WORLDS'] ?? 60);

/** Beyond a life's first ten seconds, in which it asks again for what it does not see: the slowest patches. */
const ADOPTED_MS = seconds(20);

interface Watched {
  readonly truth: Truth;
  /** Lives that began after the first. */
  readonly lives: number;
  /** Holds that a life found, and that there was a block for. */
  readonly adopted: number;
  /** The longest for which more jobs were held than the blocks of a living keeper on their way have room for. */
  readonly strayMs: number;
  /** The longest that a pod was held, from its creation. */
  readonly heldMs: number;
  readonly mostMs: number;
}

/** A life in which the keeper dies as it is told. */
async function livedIn(scenario: Scenario): Promise<Watched> {
  const pools = poolsOf(scenario.pools, catalogue);
  const world = worldOf(scenario, pools);
  const { jobs } = world.truth();
  let [lives, adopted, strayMs, heldMs, mostMs] = [0, 0, 0, 0, seconds(300)];
  let straySince: Instant | undefined;
  let wasKnown = false;
  const watch = ({ fact, effects, state }: Turn<Keeper>): void => {
    for (const effect of effects) if (effect.type === 'holdJobs') mostMs = Math.max(mostMs, effect.mostMs);
    const memory = state.memories.get('ci');
    const isKnown = memory?.workload?.workload != null;
    const held = jobs.filter(({ waitingSince, heldUntil = 0 }) => waitingSince !== undefined && heldUntil > fact.at);
    for (const { waitingSince = 0, heldUntil = 0 } of held) heldMs = Math.max(heldMs, heldUntil - waitingSince);
    const perBlock = memory?.workload?.workload?.jobsPerBlock ?? 1;
    const arriving = [...state.blocks.values()].filter(
      ({ state: is }) => is === 'requesting' || is === 'joining',
    ).length;
    if (isKnown && !wasKnown) {
      lives += 1;
      adopted += Math.min(held.length, arriving * perBlock);
    }
    wasKnown = isKnown;
    const beyond = isKnown ? held.length - arriving * perBlock : 0;
    // What the group has bought lately may have jobs held for it, too.
    const isStray = beyond > 0 && beyond > boughtLately(fact.at) * perBlock;
    straySince = isStray ? (straySince ?? fact.at) : undefined;
    if (straySince !== undefined) strayMs = Math.max(strayMs, fact.at - straySince);
  };
  const boughtLately = (at: Instant): number =>
    world.truth().overflow.filter(({ startsAt, endedAt }) => endedAt > at && startsAt > at - minutes(6)).length;
  const truth = await lived(scenario, newKeeper(pools), step, watch, { world, ledgerOf: observedBy });
  return { truth, lives: lives - 1, adopted, strayMs, heldMs, mostMs };
}

const usual = aPoolConfig();
const POOL = {
  ...usual,
  policies: {
    ...usual.policies,
    operatingHours: { policy: 'always', options: { blocks: 9 } },
    scaling: { policy: 'followJobs', options: { headroom: 0 } },
  },
};

/** Its hours close in the 120th second. */
const CLOSING = {
  ...POOL,
  policies: {
    ...POOL.policies,
    operatingHours: {
      policy: 'weekly',
      options: { zone: 'UTC', windows: [{ days: 'mon', from: '00:00', to: '00:02', blocks: 9 }] },
    },
  },
};

interface Over {
  readonly never?: number;
  readonly dry?: boolean;
  readonly pool?: PoolConfig;
}

/** One job in the hundredth second. Patches take 200 ms, blocks a minute to boot; Cluster Autoscaler looks at once. */
const oneJob = (deaths: readonly Death[], over: Over = {}): Scenario => {
  const { never = 0, dry = false, pool = POOL } = over;
  const world = aWorld([[100, 600]], { group: { loop: 'event' } });
  const drought = { from: MONDAY + seconds(99), until: MONDAY + hours(2) };
  return {
    ...world,
    pools: { ...world.pools, pools: [pool] },
    market: { ...world.market, droughts: dry ? [drought] : [] },
    cluster: {
      ...world.cluster,
      boot: { ...world.cluster.boot, never },
      holds: { constantMs: seconds(10), latencyMs: { median: 200, p99: 200 } },
    },
    disturbances: { ...world.disturbances, deaths },
  };
};

/** When the group's node was bought and the job started, in seconds; and where it ran. */
async function fared(deaths: readonly Death[], over?: Over) {
  const watched = await livedIn(oneJob(deaths, over));
  const { overflow, jobs } = watched.truth;
  const inSeconds = (at: Instant): number => (at - MONDAY) / 1_000;
  return {
    ...watched,
    bought: overflow.map(({ startsAt }) => inSeconds(startsAt) - 5),
    startedAt: inSeconds(jobs[0]?.startedAt ?? 0),
    ranOn: jobs[0]?.ranOn,
  };
}

const dies = (phase: HoldPhase, forMs = hours(1)): readonly Death[] => [{ phase, number: 1, forMs }];

describe('a keeper that dies in the course of a hold', () => {
  it('before it is written: the job waits for the constant alone, and the group takes it', async () => {
    const { bought, ranOn, heldMs } = await fared(dies('before-hold'));
    expect(bought[0]).toBeGreaterThanOrEqual(110);
    expect(bought[0]).toBeLessThan(121);
    expect({ ranOn, heldMs }).toEqual({ ranOn: 'overflow', heldMs: 0 });
  });

  it('before EC2 has said anything: the hold ends by itself after twenty seconds', async () => {
    const { bought, heldMs } = await fared(dies('before-grant'));
    expect(heldMs).toBeLessThanOrEqual(seconds(22));
    expect(bought[0]).toBeGreaterThanOrEqual(118);
    expect(bought[0]).toBeLessThan(132);
  });

  it('once the instance is known: its node takes the job all the same, and nothing is bought', async () => {
    const { bought, ranOn } = await fared(dies('extended'));
    expect({ bought, ranOn }).toEqual({ bought: [], ranOn: 'block' });
  });

  it('once the instance is known, and that never joins: the job waits for five minutes at most', async () => {
    const { bought, heldMs, mostMs } = await fared(dies('extended'), { never: 1 });
    expect(heldMs).toBeLessThanOrEqual(mostMs);
    expect(bought[0]).toBeLessThan(100 + 300 + 11);
  });

  it('before it is taken off, and is back in a second: the next life asks EC2 again, and releases in the end', async () => {
    const { bought, lives, strayMs } = await fared(dies('before-release', seconds(1)), { dry: true });
    expect(lives).toBe(1);
    expect(bought[0]).toBeLessThan(121);
    expect(strayMs).toBeLessThan(seconds(5));
  });

  it('once the instance is known, and is back when the hours have closed: the next life releases what it finds', async () => {
    const { bought, lives, strayMs } = await fared(dies('extended', seconds(30)), { never: 1, pool: CLOSING });
    expect(lives).toBe(1);
    expect(strayMs).toBeLessThan(seconds(5));
    expect(bought[0]).toBeLessThan(150);
  });

  it('once the instance is known, and is back in a second: the next life adopts what it finds', async () => {
    const { bought, lives, adopted, ranOn } = await fared(dies('extended', seconds(1)));
    expect({ bought, lives, adopted, ranOn }).toEqual({ bought: [], lives: 1, adopted: 1, ranOn: 'block' });
  });

  it('in any world, at any of them: none is killed or held beyond its cap, and no hold strays', async () => {
    const count: Record<string, number> = { lives: 0, adopted: 0 };
    const deaths = fc.array(
      fc.record({
        phase: fc.constantFrom(...HOLD_PHASES),
        number: fc.integer({ min: 1, max: 4 }),
        forMs: fc.constantFrom(seconds(1), seconds(15), minutes(2), minutes(20)),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const property = fc.asyncProperty(checkWorlds({ severalJobs: true }), deaths, async (drawn, deaths) => {
      const world = { ...drawn, restarts: [], repeats: 0, delays: 0 };
      const choices = choicesIn({ slot: 'scaling', name: 'followJobs', options: {}, catalogue }, world);
      const scenario = scenarioOf(world, choices, []);
      const { disturbances } = scenario;
      const life = await livedIn({ ...scenario, disturbances: { ...disturbances, deaths } });
      count['lives']! += life.lives;
      count['adopted']! += life.adopted;
      expect(life.truth.kills.filter(({ by }) => by === 'keeper')).toEqual([]);
      expect(life.heldMs, 'no pod is held beyond its cap').toBeLessThanOrEqual(life.mostMs);
      expect(life.strayMs, 'the next life adopts or releases').toBeLessThanOrEqual(ADOPTED_MS);
    });
    await fc.assert(property, { numRuns: WORLDS });
    for (const [what, times] of Object.entries(count)) expect(times, what).toBeGreaterThan(WORLDS / 20);
  });
});
