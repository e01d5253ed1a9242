import type { Effect } from '../src/domain/effects.ts';
import type { Fact } from '../src/domain/facts.ts';
import type { JobRoom } from '../src/domain/jobSharing.ts';
import { type Instant, NEVER } from '../src/domain/time.ts';
import { jobRooms } from '../src/keeper/jobRooms.ts';
import { type Keeper, newKeeper, type Step } from '../src/keeper/keeper.ts';
import { observedBy } from '../src/keeper/observedBy.ts';
import { run, type Turn } from '../src/keeper/run.ts';
import { step } from '../src/keeper/step.ts';
import type { Pool } from '../src/pool/pool.ts';
import { originalScripts } from './baselines/originalScripts.ts';
import { dying, forgetting } from './begunAnew.ts';
import type { Outcome } from './outcome.ts';
import { Lives, type Living } from './result/lives.ts';
import { outcomeOf } from './result/outcomeOf.ts';
import { TurnDigest } from './result/turnDigest.ts';
import { Wants } from './result/wants.ts';
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
): Promise<Outcome> => {
  const wants = new Wants();
  const blocksOf = ({ blocks }: Keeper) => entriesOf(blocks);
  const turn = ({ fact, state }: Turn<Keeper>): void => {
    wants.note(fact.at, state.memories);
  };
  const living = { world: worldOf(scenario, pools), ledgerOf: observedBy, roomsOf: jobRooms };
  return observed(scenario, pools, label, newKeeper(pools), step, blocksOf, watching, living, {
    ...{ wants, turn },
    blockOf: ({ blocks }, id) => blocks.get(id),
  });
};

/** The scenario's world as these pools have to see it: told of jobs where their scaling looks at jobs. */
export const worldOf = (scenario: Scenario, pools: readonly Pool[]): SimulatedWorld =>
  simulatedWorld(scenario, { follows: following(pools) });

/** The pools whose scaling looks at jobs, by name. */
export const following = (pools: readonly Pool[]): readonly string[] =>
  pools.filter(({ policies }) => policies.scaling.ignoresJobs !== true).map(({ spec }) => spec.name);

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
    { world: simulatedWorld(scenario, { hasKeeper: false }) },
  );

/** The same week under the algorithm of the scripts that this project descends from. */
export function simulateOriginal(scenario: Scenario, pools: readonly Pool[]): Promise<Outcome> {
  const { start, step: turn } = originalScripts(scenario, pools);
  return observed(scenario, pools, 'original scripts', start, turn, ({ blocks }) => blocks);
}

function* entriesOf(blocks: ReadonlyMap<string, LivingBlock>): Iterable<readonly [string, Living]> {
  for (const [id, { state, context }] of blocks) yield [id, { state, ending: context.ending }];
}

/** What else is noted of turns, where there is a keeper. */
interface Noting<State> {
  readonly wants?: Wants;
  readonly turn?: (turn: Turn<State>) => void;
  /** One block by its id, for turns that say which blocks they touched. */
  readonly blockOf?: (state: State, id: string) => LivingBlock | undefined;
}

interface LivingBlock {
  readonly state: Living['state'];
  readonly context: { readonly ending: Living['ending'] };
}

async function observed<State>(
  scenario: Scenario,
  pools: readonly Pool[],
  label: string,
  start: State,
  turnOf: (state: State, fact: Fact) => Step<State>,
  blocksOf: (state: State) => Iterable<readonly [string, Living]>,
  watching: Watching = {},
  living: LifeOptions<State> = {},
  noting: Noting<State> = {},
): Promise<Outcome> {
  const { blockOf } = noting;
  const lives = new Lives();
  const digest = watching.digest === false ? undefined : new TurnDigest();
  let turns = 0;
  const watch = (turn: Turn<State>): void => {
    const { fact, effects, state, touched } = turn;
    turns += 1;
    digest?.note(fact, effects);
    if (touched === undefined || blockOf === undefined) lives.note(fact.at, blocksOf(state));
    else
      for (const id of touched) {
        const block = blockOf(state, id);
        if (block !== undefined) lives.noteOne(fact.at, id, block.state, block.context.ending);
      }
    noting.turn?.(turn);
    watching.turn?.(fact, effects);
  };
  const truth = await lived(scenario, start, turnOf, watch, living);
  return outcomeOf(scenario, {
    ...{ label, pools, truth, lives, turns, digest: digest?.hex() ?? '' },
    ...(noting.wants === undefined ? {} : { wants: noting.wants }),
  });
}

/** How a life in a scenario's world is lived, beside what the scenario says. */
export interface LifeOptions<State> {
  /** The scenario's own if left out. */
  readonly world?: SimulatedWorld;
  /**
   * What a state that ends writes into the ledger, where the next one is told it; undefined: what the ledger says already. Left
   * out, nothing is ever written.
   */
  readonly ledgerOf?: (state: State) => Readonly<Record<string, unknown>> | undefined;
  /** What a state's pools have for jobs that wait. Left out, of several pools the first counts them. */
  readonly roomsOf?: (state: State, now: Instant) => ReadonlyMap<string, JobRoom>;
}

/** One life in a scenario's world, restarts and deaths included; returns what the world saw. */
export async function lived<State>(
  scenario: Scenario,
  start: State,
  turnOf: (state: State, fact: Fact) => Step<State>,
  watch: (turn: Turn<State>) => void,
  { world = simulatedWorld(scenario), ledgerOf = () => undefined, roomsOf }: LifeOptions<State> = {},
): Promise<Truth> {
  const { restarts, deaths = [] } = scenario.disturbances;
  const mortal = dying(deaths, start, forgetting(restarts, start, turnOf, begunAnew), () => {
    world.takeInventory();
  });
  await run(world, start, mortal, (turn) => {
    watch(turn);
    if (roomsOf !== undefined) world.knows((now) => roomsOf(turn.state, now));
  });
  return world.truth();

  function begunAnew(ended: State): void {
    const written = ledgerOf(ended);
    if (written === undefined) world.takeInventory();
    // The ledger is read as it was written, through JSON; of what that makes, its reader trusts nothing.
    else world.takeInventory(JSON.parse(JSON.stringify(written)) as typeof written);
  }
}
