import { resolve } from 'node:path';
import { catalogue } from '../../../policies/catalogue.ts';
import type { Outcome } from '../../../sim/outcome.ts';
import { Lives } from '../../../sim/result/lives.ts';
import { outcomeOf } from '../../../sim/result/outcomeOf.ts';
import { readScenario } from '../../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { lived } from '../../../sim/simulate.ts';
import type { Truth } from '../../../sim/world/simulatedWorld.ts';
import type { Block } from '../../../src/block/block.ts';
import { type Keeper, newKeeper } from '../../../src/keeper/keeper.ts';
import type { Turn } from '../../../src/keeper/run.ts';
import { step } from '../../../src/keeper/step.ts';
import { NO_HOLDS } from '../../../src/live/observers/holdCounts.ts';
import type { Observer } from '../../../src/live/observers/observers.ts';
import type { Present } from '../../../src/live/observers/present.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import type { aKeeper } from '../../support/aKeeper.ts';

/** A scenario that is shipped with the program. */
export const shipped = (name: string): Promise<Scenario> =>
  readScenario(resolve(import.meta.dirname, '../../../scenarios', name), catalogue);

/** A present that moves on with the turns that it is shown. */
export interface Stage extends Observer {
  readonly present: Present;
  /** Fields to answer otherwise with. */
  set(over: Partial<Present>): void;
}

export function aStage(keeper: Keeper = newKeeper([]), now = 0): Stage {
  let state = keeper;
  let at = now;
  let over: Partial<Present> = {};
  let inventoryAt: number | undefined;
  const own: Present = {
    keeper: () => state,
    now: () => at,
    leader: () => true,
    reachable: () => true,
    keepingSince: () => 0,
    lastTurnAt: () => at,
    inventoryAt: () => inventoryAt,
    synced: () => true,
    conditions: () => [],
    holds: () => NO_HOLDS,
  };
  const ask = <Field extends keyof Present>(field: Field): Present[Field] => over[field] ?? own[field];
  return {
    name: 'stage',
    turn: ({ state: after, fact }) => {
      state = after;
      at = fact.at;
      if (fact.type === 'inventory.taken' && fact.complete) inventoryAt = fact.at;
    },
    present: {
      keeper: () => ask('keeper')(),
      now: () => ask('now')(),
      leader: () => ask('leader')(),
      reachable: () => ask('reachable')(),
      keepingSince: () => ask('keepingSince')(),
      lastTurnAt: () => ask('lastTurnAt')(),
      inventoryAt: () => ask('inventoryAt')(),
      synced: () => ask('synced')(),
      conditions: () => ask('conditions')(),
      holds: (pool) => ask('holds')(pool),
    },
    set: (fields) => {
      over = { ...over, ...fields };
    },
  };
}

/** What a simulated run came to, and what its world saw. */
export interface Watched {
  readonly outcome: Outcome;
  readonly truth: Truth;
}

/** Lets the keeper live through a scenario, watched. */
export async function watched(scenario: Scenario, watch: (turn: Turn<Keeper>) => void): Promise<Watched> {
  const pools = poolsOf(scenario.pools, catalogue);
  const lives = new Lives();
  const truth = await lived(scenario, newKeeper(pools), step, (turn) => {
    lives.note(turn.fact.at, livingIn(turn.state.blocks));
    watch(turn);
  });
  return { truth, outcome: outcomeOf(scenario, { label: '', pools, truth, lives, turns: 0, digest: '' }) };
}

function* livingIn(blocks: ReadonlyMap<string, Block>) {
  for (const [id, { state, context }] of blocks) yield [id, { state, ending: context.ending }] as const;
}

/** One turn of a keeper that is driven by hand, as its observers see it. */
export function turnsOf(
  keeper: ReturnType<typeof aKeeper>,
  watch: (turn: Turn<Keeper>) => void,
): (...facts: Parameters<typeof keeper.hears>) => void {
  return (...facts) => {
    for (const fact of facts) {
      keeper.hears(fact);
      watch({ fact, effects: keeper.effects, state: keeper.keeper });
    }
  };
}

/** The values of a text of metrics by their series: `spotkeeper_leader` or `spotkeeper_blocks{pool="ci",…}`. */
export const seriesIn = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))] as const;
      }),
  );

/** The sum of all series of a name whose labels hold a text. */
export const sumOf = (series: ReadonlyMap<string, number>, name: string, ...holding: readonly string[]): number =>
  [...series]
    .filter(([one]) => (one === name || one.startsWith(`${name}{`)) && holding.every((text) => one.includes(text)))
    .reduce((sum, [, value]) => sum + value, 0);
