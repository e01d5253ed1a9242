import { catalogue } from '../../policies/catalogue.ts';
import type { Setting } from '../../sim/grid/settings.ts';
import { type Week, weekIn } from '../../sim/grid/week.ts';
import { folderAt } from '../../sim/scenario/folder.ts';
import { DEFAULT_POOLS, SCENARIO_FILE } from '../../sim/scenario/paths.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { valueAt } from '../../src/config/explain.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { parseSource, type Source } from '../../src/config/source.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';

/** A scenario that advice is asked for. */
export interface AdvisedWeek {
  readonly week: Week;
  readonly scenario: Scenario;
  /** Whether its jobs are drawn: another seed then draws others. */
  readonly drawsJobs: boolean;
  /** Settings that make it a part of the scenario's window. */
  readonly part?: readonly Setting[];
  /** The pools file as it is. */
  readonly pools: { readonly text: string; readonly source: Source };
}

/** Reads all of them. @throws BadInput with the mistakes of all. */
export async function advisedWeeks(
  folders: readonly string[],
  policies: UserPolicies,
): Promise<readonly AdvisedWeek[]> {
  const mistakes: Mistake[] = [];
  const weeks: AdvisedWeek[] = [];
  for (const dir of folders) {
    const folder = folderAt(dir, policies);
    const week = weekIn(folder, catalogue);
    try {
      const scenario = await week.under([]);
      const text = parseSource(await folder.text(SCENARIO_FILE), folder.nameOf(SCENARIO_FILE)).value;
      const file = valueAt(text, ['pools']);
      const name = typeof file === 'string' ? file : DEFAULT_POOLS;
      const pools = await folder.text(name);
      weeks.push({
        ...{ week, scenario, drawsJobs: typeof valueAt(text, ['jobs']) !== 'string' },
        pools: { text: pools, source: parseSource(pools, folder.nameOf(name)) },
      });
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return weeks;
}

/** A seed for a week: of its jobs, too, where these are drawn. */
export const seedSetting = (seed: number): Setting => ({ of: 'scenario', name: 'seed', path: ['seed'], value: seed });
