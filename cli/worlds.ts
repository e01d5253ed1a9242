import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { catalogue } from '../policies/catalogue.ts';
import { folderAt, type ScenarioFolder } from '../sim/scenario/folder.ts';
import { DEFAULT_POOLS, SCENARIO_FILE } from '../sim/scenario/paths.ts';
import { scenarioIn, tryScenarioText } from '../sim/scenario/readScenario.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { BadInput, type Mistake } from '../src/config/mistakes.ts';
import { besideFolder } from '../src/userPolicies/besideFolder.ts';
import type { UserPolicies } from '../src/userPolicies/userPolicies.ts';
import type { Alternatives } from './alternatives.ts';
import type { Base } from './choices.ts';
import { reasonOf } from './files.ts';
import { countOf, type PolicySet, policySets, said } from './policySets.ts';

/** A scenario under one set of pools. */
export interface Setting extends PolicySet {
  readonly scenario: Scenario;
  /** The pools file, where the command line names it. */
  readonly path: string | undefined;
}

/** A scenario with one pools file, its own or another. */
type Place = Base & Pick<Setting, 'scenario' | 'path'>;

/** All sets of pools that the command line asks for, and the scenario as the first of its pools files has it. */
export interface Worlds {
  readonly worlds: readonly Setting[];
  readonly scenario: Scenario;
}

/** More is no comparison that anybody reads, and takes hours: a sweep it would be. */
const MOST_VARIANTS = 200;

/**
 * Reads a scenario and makes every combination of the alternatives.
 *
 * @throws BadInput with every mistake in the flags (`mistakes` has those that were found already), in the scenario and in each
 * pools file.
 */
export async function worldsOf(
  dir: string,
  alternatives: Alternatives,
  policies: UserPolicies,
  mistakes: Mistake[],
): Promise<Worlds> {
  const paths = alternatives.pools ?? [undefined];
  const count = Math.max(1, paths.length) * countOf(alternatives);
  if (count > MOST_VARIANTS)
    mistakes.push({
      file: 'compare',
      message: `expected at most ${MOST_VARIANTS} variants, found ${count}: every combination of the alternatives is one; name fewer`,
    });
  const places: Place[] = [];
  for (const path of paths) {
    const found = await gathered(mistakes, () => placeOf(dir, path, policies));
    if (found !== undefined) places.push(found);
  }
  const worlds: Setting[] = [];
  if (count <= MOST_VARIANTS)
    for (const place of places)
      await gathered(mistakes, () => {
        worlds.push(...policySets(place, alternatives, catalogue).map((set) => worldOf(place, set, paths.length > 1)));
      });
  const [first] = places;
  if (mistakes.length > 0 || first === undefined) throw new BadInput(said(mistakes));
  return { worlds, scenario: first.scenario };
}

function worldOf({ scenario, path }: Place, set: PolicySet, several: boolean): Setting {
  const parts = several && path !== undefined ? [path] : [];
  const own = set.name === set.label ? [] : [set.name];
  return {
    ...set,
    path,
    name: parts.length === 0 ? set.name : [...parts, ...own].join(', '),
    scenario: { ...scenario, pools: set.file },
  };
}

async function placeOf(dir: string, path: string | undefined, policies: UserPolicies): Promise<Place> {
  const folder = folderAt(dir, policies);
  const own = await poolsPathOf(folder);
  const file = path ?? folder.nameOf(own);
  const place = dirname(file);
  const beside = besideFolder({ folder: place, policies });
  const scenario = await scenarioIn(
    path === undefined ? folder : await withPools(folder, own, path, beside),
    catalogue,
  );
  return { scenario, file: scenario.pools, folder: place, beside, path };
}

/** The path of the scenario's own pools file; a scenario that cannot be read is told of when it is read whole. */
async function poolsPathOf(folder: ScenarioFolder): Promise<string> {
  if ((await folder.obstacle(SCENARIO_FILE)) !== undefined) return DEFAULT_POOLS;
  const text = await folder.text(SCENARIO_FILE);
  return tryScenarioText(text, SCENARIO_FILE).value?.pools ?? DEFAULT_POOLS;
}

/** The scenario's folder with another file in place of its pools file. */
async function withPools(
  folder: ScenarioFolder,
  own: string,
  path: string,
  beside: Base['beside'],
): Promise<ScenarioFolder> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new BadInput([{ file: path, message: `cannot be read: ${reasonOf(error)}` }]);
  });
  return {
    ...folder,
    nameOf: (name) => (name === own ? join(path) : folder.nameOf(name)),
    obstacle: (name) => (name === own ? Promise.resolve(undefined) : folder.obstacle(name)),
    text: (name) => (name === own ? Promise.resolve(text) : folder.text(name)),
    beside: (name) => (name === own ? beside : folder.beside(name)),
  };
}

/** What the work gives, or its mistakes put to the others. */
async function gathered<Value>(mistakes: Mistake[], work: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    mistakes.push(...error.mistakes);
    return undefined;
  }
}
