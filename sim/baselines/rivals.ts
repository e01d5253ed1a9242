import type { PoolsFile } from '../../src/config/pools.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { Rival, RivalName, Rivals } from '../outcome.ts';
import { type Done, GROUPS, type GroupRivals, type Rivalry } from '../result/rivalry.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { simulateOriginal } from '../simulate.ts';
import { fixedCounts } from './fixedCount.ts';
import { onDemandOnly, onDemandTuned, spotGroup, spotGroupBuffer, spotGroupTuned } from './groupRivals.ts';
import { boundOfScenario, foresightOfScenario } from './references.ts';

/** What the rivals of a scenario are computed from. */
export interface RivalsQuestion {
  readonly scenario: Scenario;
  /** The pools of the scenario's own file. */
  readonly pools: readonly Pool[];
  /** Makes the pools of another file, with the policies that the scenario knows. */
  readonly poolsOf: (file: PoolsFile) => readonly Pool[];
}

/** Everything that the scenario's week is held against, each in the same world, computed when it is first asked for. */
export function rivalryOf({ scenario, pools, poolsOf }: RivalsQuestion): Rivalry {
  const fixed = once(() => fixedCounts(scenario, poolsOf));
  const tuned = once(() => spotGroupTuned(scenario));
  const makers: Readonly<Record<RivalName, () => Promise<Rival>>> = {
    onDemandOnly: once(() => onDemandOnly(scenario)),
    onDemandTuned: once(() => onDemandTuned(scenario)),
    spotGroup: once(() => spotGroup(scenario)),
    spotGroupTuned: tuned,
    spotGroupBuffer: once(async () => spotGroupBuffer(scenario, (await tuned()).settings.idleMs)),
    bestFixed: async () => (await fixed()).enough,
    cheapestFixed: async () => (await fixed()).cheapest,
    original: once(async () => ({
      name: 'original' as const,
      about: 'the algorithm of the scripts of 2021',
      outcome: await simulateOriginal(scenario, pools),
    })),
  };
  const bound = once(() => boundOfScenario(scenario));
  const foresight = once(() => foresightOfScenario(scenario));
  const rival = (name: RivalName): Promise<Rival> => makers[name]();
  return { rival, bound, foresight, groups, all };

  async function groups(done: Done = () => undefined): Promise<GroupRivals> {
    const found = await those(GROUPS, done);
    const references = { bound: bound(), foresight: foresight() };
    done('bound');
    done('foresight');
    return { ...found, ...references };
  }

  async function all(done?: Done, elsewhere?: Promise<GroupRivals>): Promise<Rivals> {
    const keepers = await those(KEEPERS, done);
    return { ...(await (elsewhere ?? groups(done))), ...keepers };
  }

  async function those<Name extends RivalName>(
    names: readonly Name[],
    done: Done = () => undefined,
  ): Promise<Record<Name, Rival>> {
    const found: Partial<Record<Name, Rival>> = {};
    for (const name of names) {
      found[name] = await rival(name);
      done(name);
    }
    // Complete: the loop goes over every name.
    return found as Record<Name, Rival>;
  }
}

/** Those that run the keeper, or what came before it, under pools. */
const KEEPERS = ['bestFixed', 'cheapestFixed', 'original'] as const satisfies readonly RivalName[];

/** What a function returns, computed at its first call. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
