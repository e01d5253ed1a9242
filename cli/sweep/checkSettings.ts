import { catalogue } from '../../policies/catalogue.ts';
import { settingsAt } from '../../sim/grid/settings.ts';
import { weekIn } from '../../sim/grid/week.ts';
import { folderAt } from '../../sim/scenario/folder.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import type { Progress } from '../output/progress.ts';
import { said } from '../policySets.ts';
import { type SweepPlan, settingsIn } from './plan.ts';

/** When so much is wrong, more tells nothing new. */
const MOST_MISTAKES = 100;

/**
 * Reads every week under every setting before the first is run.
 *
 * @throws BadInput with what is wrong with the folders, else with the settings: by line and column of the grid.
 */
export async function checkSettings(plan: SweepPlan, policies: UserPolicies, progress: Progress): Promise<void> {
  const weeks = plan.folders.map((dir) => weekIn(folderAt(dir, policies), catalogue));
  const mistakes: Mistake[] = [];
  const gather = async (read: () => Promise<unknown>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      mistakes.push(...error.mistakes);
    }
  };
  for (const week of weeks) await gather(() => week.under([]));
  if (mistakes.length > 0) throw new BadInput(said(mistakes));
  for (let index = 0; index < settingsIn(plan); index += 1) {
    for (const week of weeks) await gather(() => week.under(settingsAt(plan.dimensions, index)));
    if (mistakes.length > MOST_MISTAKES) mistakes.splice(0, mistakes.length, ...said(mistakes));
    if (mistakes.length > MOST_MISTAKES) break;
    progress.advance();
  }
  if (mistakes.length > 0) throw new BadInput(inGridOrder(said(mistakes)));
}

const inGridOrder = (mistakes: readonly Mistake[]): readonly Mistake[] =>
  mistakes.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
