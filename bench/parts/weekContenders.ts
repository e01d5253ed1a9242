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
  let turned: readonly Turned[] | undefined;
  return {
    hand: handLoopOf(world),
    week: () => simulate(scenario, pools, name, { digest: false }),
    digest: () => simulate(scenario, pools, name),
    core: () => {
      turned ??= recorded(world);
      let keeper = newKeeper(pools);
      for (const { fact } of turned) keeper = step(keeper, fact).state;
    },
    world: () => {
      turned ??= recorded(world);
      replayed(worldOf(scenario, pools), turned);
    },
  };
}

/** One turn of a week: what the world was asked, told and told to do. */
interface Turned {
  readonly wakeAt: Instant;
  readonly fact: Fact;
  readonly effects: readonly Effect[];
}

/** The loop that a frozen world is measured against. */
export function handLoopOf({ name, scenario, pools }: FrozenWorld): HandWeek {
  if (name === 'week-v2') return weekTwo(scenario);
  const [pool] = pools;
  if (pool === undefined) throw new Error(`${name} has no pool`);
  return weekOne(scenario, pool.policies.operatingHours);
}

/** A week's turns, each with the instant by which the world was to return. */
export function recorded({ scenario, pools }: FrozenWorld): readonly Turned[] {
  const world = worldOf(scenario, pools);
  const turned: Turned[] = [];
  let keeper = newKeeper(pools);
  let wakeAt: Instant = ALWAYS;
  for (;;) {
    const fact = nextOf(world, wakeAt);
    if (fact === undefined) return turned;
    const turn = step(keeper, fact);
    turned.push({ wakeAt, fact, effects: turn.effects });
    world.perform(turn.effects);
    keeper = turn.state;
    wakeAt = turn.wakeAt;
  }
}

/** The world alone: asked for what it was asked, whatever it tells. */
function replayed(world: SimulatedWorld, turned: readonly Turned[]): void {
  for (const { wakeAt, effects } of turned) {
    nextOf(world, wakeAt);
    world.perform(effects);
  }
}

function nextOf(world: SimulatedWorld, wakeAt: Instant): Fact | undefined {
  const fact = world.next(wakeAt);
  if (fact instanceof Promise) throw new Error('a simulated world that is not over the wire returns at once');
  return fact;
}
