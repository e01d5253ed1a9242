import { simulate, worldOf } from '../../sim/simulate.ts';
import type { SimulatedWorld } from '../../sim/world/simulatedWorld.ts';
import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { ALWAYS, type Instant } from '../../src/domain/time.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { step } from '../../src/keeper/step.ts';
import type { Contender } from '../contest.ts';
import type { HandWeek } from '../hand/setting.ts';
import { weekOne } from '../hand/weekOne.ts';
import { weekTwo } from '../hand/weekTwo.ts';
import type { FrozenWorld } from '../world.ts';

export const WEEK_CONTENDERS = ['hand', 'week', 'digest', 'core', 'world'] as const;

/**
 * A week by hand; as a sweep runs it; with a digest; and its halves by themselves: the core fed with recorded facts, the world with
 * recorded effects.
 */
export function weekContenders(world: FrozenWorld): Readonly<Record<(typeof WEEK_CONTENDERS)[number], Contender>> {
  const { name, scenario, pools } = world;
  let facts: readonly Fact[] | undefined;
  let asked: Asked | undefined;
  return {
    hand: handLoopOf(world),
    week: () => simulate(scenario, pools, name, { digest: false }),
    digest: () => simulate(scenario, pools, name),
    core: () => {
      facts ??= factsOf(world);
      let keeper = newKeeper(pools);
      for (const fact of facts) keeper = step(keeper, fact).state;
    },
    world: () => {
      asked ??= askedOf(world);
      replayed(worldOf(scenario, pools), asked);
    },
  };
}

/** The loop that a frozen world is measured against. */
export function handLoopOf({ name, scenario, pools }: FrozenWorld): HandWeek {
  if (name === 'week-v2') return weekTwo(scenario);
  const [pool] = pools;
  if (pool === undefined) throw new Error(`${name} has no pool`);
  return weekOne(scenario, pool.policies.operatingHours);
}

/** The facts of a week. */
export function factsOf(world: FrozenWorld): readonly Fact[] {
  const facts: Fact[] = [];
  turns(world, (_, fact) => facts.push(fact));
  return facts;
}

/** What a world was asked for in each turn: by when it was to return, and what it was to do. Most turns ask for nothing. */
interface Asked {
  readonly wakeAts: Float64Array;
  readonly effects: readonly (readonly Effect[])[];
}

const NOTHING: readonly Effect[] = [];

function askedOf(world: FrozenWorld): Asked {
  const wakeAts: Instant[] = [];
  const effects: (readonly Effect[])[] = [];
  turns(world, (wakeAt, _, asked) => {
    wakeAts.push(wakeAt);
    effects.push(asked.length === 0 ? NOTHING : asked);
  });
  return { wakeAts: Float64Array.from(wakeAts), effects };
}

function turns(
  { scenario, pools }: FrozenWorld,
  tell: (wakeAt: Instant, fact: Fact, effects: readonly Effect[]) => void,
): void {
  const world = worldOf(scenario, pools);
  let keeper = newKeeper(pools);
  let wakeAt: Instant = ALWAYS;
  for (;;) {
    const fact = nextOf(world, wakeAt);
    if (fact === undefined) return;
    const turn = step(keeper, fact);
    tell(wakeAt, fact, turn.effects);
    world.perform(turn.effects);
    keeper = turn.state;
    wakeAt = turn.wakeAt;
  }
}

/** The world alone: it is given the effects of a recorded run, and what it tells is not listened to. */
function replayed(world: SimulatedWorld, { wakeAts, effects }: Asked): void {
  for (let turn = 0; turn < wakeAts.length; turn += 1) {
    nextOf(world, wakeAts[turn]!);
    world.perform(effects[turn]!);
  }
}

function nextOf(world: SimulatedWorld, wakeAt: Instant): Fact | undefined {
  const fact = world.next(wakeAt);
  if (fact instanceof Promise) throw new Error('a simulated world that is not over the wire returns at once');
  return fact;
}
