import { resolve } from 'node:path';
import { catalogue } from '../policies/catalogue.ts';
import { readScenario } from '../sim/scenario/readScenario.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { poolsOf } from '../src/pool/assemble.ts';
import type { Pool } from '../src/pool/pool.ts';

/** The frozen worlds: they never change, so that figures of different commits can be compared. */
export const WORLDS = ['week-v1', 'week-v2'] as const;

export type WorldName = (typeof WORLDS)[number];

export const isWorldName = (name: string): name is WorldName => (WORLDS as readonly string[]).includes(name);

export interface FrozenWorld {
  readonly name: WorldName;
  readonly folder: string;
  readonly scenario: Scenario;
  readonly pools: readonly Pool[];
}

/** Reads a frozen world, from the root of the project. */
export async function frozenWorld(name: WorldName): Promise<FrozenWorld> {
  const folder = resolve('bench/worlds', name);
  const scenario = await readScenario(folder, catalogue);
  return { name, folder, scenario, pools: poolsOf(scenario.pools, catalogue) };
}
