import type { PoolsFile } from '../../src/config/pools.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { Reference, Rival, RivalName, Rivals } from '../outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { simulateOriginal } from '../simulate.ts';
import { fixedCounts } from './fixedCount.ts';
import { onDemandOnly, onDemandTuned, spotGroup, spotGroupBuffer, spotGroupTuned } from './groupRivals.ts';
import { boundOfScenario, foresightOfScenario } from './references.ts';
import { RIVALS, type Rivalry } from './rivalry.ts';

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
  return { rival, bound, foresight, all };

  async function all(done: Parameters<Rivalry['all']>[0] = () => undefined): Promise<Rivals> {
    const found: Partial<Record<RivalName, Rival>> = {};
    for (const name of RIVALS) {
      found[name] = await rival(name);
      done(name);
    }
    const references: { bound: Reference; foresight: Reference } = { bound: bound(), foresight: foresight() };
    done('bound');
    done('foresight');
    // Complete: the loop above goes over every name.
    return { ...(found as Record<RivalName, Rival>), ...references };
  }
}

/** What a function returns, computed at its first call. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
