import { amended } from '../../src/config/amended.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import type { Source } from '../../src/config/source.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { generateJobs } from '../demand/generate.ts';
import type { ScenarioFolder } from '../scenario/folder.ts';
import { scenarioIn } from '../scenario/readScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { amendmentsIn, missingPools, type Setting } from './settings.ts';

/** A scenario's folder that is read once and run under many settings. */
export interface Week {
  /**
   * The scenario under these settings.
   *
   * @throws BadInput with what is wrong with them, by the place where each was written.
   */
  under(settings: readonly Setting[]): Promise<Scenario>;
}

/** The week in a folder; its recorded files are read at the first call and kept. */
export function weekIn(folder: ScenarioFolder, catalogue: Catalogue): Week {
  const kept = keeping(folder);
  const generate = remembering();
  return {
    under: async (settings) => {
      const mistakes: Mistake[] = [];
      const pools = (source: Source): Source => {
        mistakes.push(...missingPools(settings, source).map((setting) => noSuchPool(setting, source)));
        return amended(source, amendmentsIn('pools', settings, source));
      };
      const scenario = (source: Source): Source => amended(source, amendmentsIn('scenario', settings, source));
      try {
        const read = await scenarioIn(kept, catalogue, { scenario, pools, generate });
        if (mistakes.length === 0) return read;
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        mistakes.push(...error.mistakes);
      }
      throw new BadInput(mistakes);
    },
  };
}

const noSuchPool = ({ name, place }: Setting, source: Source): Mistake => ({
  file: source.file,
  ...place?.key,
  message: `expected a pool of ${source.file}, by its place in the list or its name; found ${name}`,
});

/** The folder, each of its files read once. */
function keeping(folder: ScenarioFolder): ScenarioFolder {
  const once = <Value>(read: (path: string) => Promise<Value>): ((path: string) => Promise<Value>) => {
    const kept = new Map<string, Promise<Value>>();
    return (path) => {
      const known = kept.get(path) ?? read(path);
      kept.set(path, known);
      return known;
    };
  };
  return {
    ...folder,
    obstacle: once(folder.obstacle),
    text: once(folder.text),
    prices: once(folder.prices),
    availability: once(folder.availability),
    jobs: once(folder.jobs),
  };
}

/** A few draws of jobs are kept: settings that say nothing of jobs draw the same ones. */
function remembering(): typeof generateJobs {
  const MOST = 32;
  const kept = new Map<string, ReturnType<typeof generateJobs>>();
  return (settings, window, classes) => {
    const key = JSON.stringify([settings, window, classes]);
    const jobs = kept.get(key) ?? generateJobs(settings, window, classes);
    if (!kept.has(key) && kept.size >= MOST) kept.delete(kept.keys().next().value ?? '');
    return kept.set(key, jobs).get(key) ?? jobs;
  };
}
