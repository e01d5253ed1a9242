import type { ScenarioFolder } from '../../sim/scenario/folder.ts';
import { SCENARIO_FILE } from '../../sim/scenario/paths.ts';
import { textOf, tryScenarioText } from '../../sim/scenario/readScenario.ts';
import type { ScenarioText } from '../../sim/scenario/schema.ts';
import { required } from '../../src/config/document.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import { tryPools } from '../../src/config/readPools.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { type Editing, edit } from './edit.ts';
import type { Kind } from './recordings.ts';

/** The scenario that data are brought into: what it says, and its two files open for changes. */
export interface Target {
  readonly text: ScenarioText;
  readonly pools: PoolsFile;
  readonly scenarioFile: Editing;
  readonly poolsFile: Editing;
  /** Whether nothing recorded is in it yet, so that its window may still move. */
  readonly untouched: boolean;
}

/** Opens the scenario in a folder. Its data files are not read. @throws BadInput with the mistakes in its two files. */
export async function openTarget(folder: ScenarioFolder, catalogue: Catalogue): Promise<Target> {
  const scenarioText = await textOf(folder, SCENARIO_FILE);
  const text = required(tryScenarioText(scenarioText, folder.nameOf(SCENARIO_FILE)));
  const poolsText = await textOf(folder, text.pools);
  return {
    text,
    pools: required(tryPools(poolsText, folder.nameOf(text.pools), catalogue, folder.beside(text.pools))),
    scenarioFile: edit(scenarioText),
    poolsFile: edit(poolsText),
    untouched:
      recordedFile(text, 'prices') === undefined &&
      recordedFile(text, 'availability') === undefined &&
      recordedFile(text, 'jobs') === undefined,
  };
}

/** The file of a kind that the scenario names, if it has one. */
function recordedFile({ market, jobs }: ScenarioText, kind: Kind): string | undefined {
  switch (kind) {
    case 'prices':
      return market.prices;
    case 'availability':
      return market.availability;
    case 'jobs':
      return typeof jobs === 'string' ? jobs : undefined;
  }
}

/** Data that somebody put there are not overwritten unasked. @throws BadInput */
export function refuseSecond({ text }: Target, kind: Kind, file: string, replace: boolean): void {
  const present = recordedFile(text, kind);
  if (present === undefined || replace) return;
  throw new BadInput([
    { file, message: `expected no recorded ${kind}, found ${present}: say --replace to put others in their place` },
  ]);
}
