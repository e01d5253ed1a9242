import { createHash } from 'node:crypto';
import type { Effect } from '../src/domain/effects.ts';
import type { Fact } from '../src/domain/facts.ts';
import { type Instant, NEVER } from '../src/domain/time.ts';
import { newKeeper, type Step } from '../src/keeper/keeper.ts';
import { run, type Turn } from '../src/keeper/run.ts';
import { step } from '../src/keeper/step.ts';
import type { Pool } from '../src/pool/pool.ts';
import { lineOfTurn } from '../src/world/recording.ts';
import { originalScripts } from './baselines/originalScripts.ts';
import type { Outcome } from './outcome.ts';
import { Lives, type Living } from './result/lives.ts';
import { outcomeOf } from './result/outcomeOf.ts';
import type { Scenario } from './scenario/scenario.ts';
import { type SimulatedWorld, simulatedWorld, type Truth } from './world/simulatedWorld.ts';

/** Who watches a run, beside those who count it. */
export interface Watching {
  /** Whether a digest is taken of every turn; left out, it is. Without it the outcome's is empty. */
  readonly digest?: boolean;
  /** Told of every turn, in order. */
  readonly turn?: (fact: Fact, effects: readonly Effect[]) => void;
}

/** The scenario's week under these pools: the real keeper in the simulated world. */
export const simulate = (
  scenario: Scenario,
  pools: readonly Pool[],
  label: string,
  watching: Watching = {},
): Promise<Outcome> =>
  observed(scenario, pools, label, newKeeper(pools), step, ({ blocks }) => entriesOf(blocks), watching);

/** The same week without a keeper: every job goes to the on-demand group. */
export const simulateOnDemandOnly = (scenario: Scenario, pools: readonly Pool[]): Promise<Outcome> =>
  simulateGroup(scenario, pools, 'on-demand only');

/** The same week with the scenario's group alone, on demand or on spot. */
export const simulateGroup = (
  scenario: Scenario,
  pools: readonly Pool[],
  label: string,
  watching: Watching = {},
): Promise<Outcome> =>
  observed(
    scenario,
    pools,
    label,
    null,
    () => ({ state: null, effects: [], wakeAt: NEVER }),
    () => [],
    watching,
    simulatedWorld(scenario, { hasKeeper: false }),
  );

/** The same week under the algorithm of the scripts that this project descends from. */
export function simulateOriginal(scenario: Scenario, pools: readonly Pool[]): Promise<Outcome> {
  const { start, step: turn } = originalScripts(scenario, pools);
  return observed(scenario, pools, 'original scripts', start, turn, ({ blocks }) => blocks);
}

function* entriesOf(
  blocks: ReadonlyMap<
    string,
    { readonly state: Living['state']; readonly context: { readonly ending: Living['ending'] } }
  >,
): Iterable<readonly [string, Living]> {
  for (const [id, { state, context }] of blocks) yield [id, { state, ending: context.ending }];
}

async function observed<State>(
  scenario: Scenario,
  pools: readonly Pool[],
  label: string,
  start: State,
  turnOf: (state: State, fact: Fact) => Step<State>,
  blocksOf: (state: State) => Iterable<readonly [string, Living]>,
  watching: Watching = {},
  world = simulatedWorld(scenario),
): Promise<Outcome> {
  const lives = new Lives();
  const hash = watching.digest === false ? undefined : createHash('sha256');
  let turns = 0;
  const watch = ({ fact, effects, state }: Turn<State>): void => {
    turns += 1;
    hash?.update(lineOfTurn(fact, effects)).update('\n');
    lives.note(fact.at, blocksOf(state));
    watching.turn?.(fact, effects);
  };
  const truth = await lived(scenario, start, turnOf, watch, world);
  return outcomeOf(scenario, { label, pools, truth, lives, turns, digest: hash?.digest('hex') ?? '' });
}

/** One life in a scenario's world, restarts included; returns what the world saw. */
export async function lived<State>(
  scenario: Scenario,
  start: State,
  turnOf: (state: State, fact: Fact) => Step<State>,
  watch: (turn: Turn<State>) => void,
  world = simulatedWorld(scenario),
): Promise<Truth> {
  await run(world, start, forgetting(scenario.disturbances.restarts, world, start, turnOf), watch);
  return world.truth();
}

/** A step that is made to forget at some instants: the state is what it was at the start, and the world tells what exists. */
function forgetting<State>(
  restarts: readonly Instant[],
  world: SimulatedWorld,
  start: State,
  turnOf: (state: State, fact: Fact) => Step<State>,
): (state: State, fact: Fact) => Step<State> {
  if (restarts.length === 0) return turnOf;
  let next = 0;
  return (state, fact) => {
    if (fact.at < (restarts[next] ?? NEVER)) return turnOf(state, fact);
    while (fact.at >= (restarts[next] ?? NEVER)) next += 1;
    // The fact that came while nobody listened is lost; whatever of it still matters is in the inventory.
    world.takeInventory();
    return { state: start, effects: [], wakeAt: fact.at + 1 };
  };
}
