import { countOf, type Dimension } from '../../sim/grid/readGrid.ts';
import { type Setting, settingsAt } from '../../sim/grid/settings.ts';

/** What a sweep runs: every setting in every week with every seed, in this order, seeds fastest. */
export interface SweepPlan {
  readonly dimensions: readonly Dimension[];
  readonly folders: readonly string[];
  /** Undefined: each scenario's own. */
  readonly seeds: readonly number[] | undefined;
}

/** A part of a sweep: the runs whose number is `index` when divided by `of`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** One run of a sweep. */
export interface SweepRun {
  readonly number: number;
  readonly settings: readonly Setting[];
  readonly week: number;
  readonly seed: number | undefined;
}

export const settingsIn = ({ dimensions }: SweepPlan): number => countOf(dimensions);

export const runsIn = (plan: SweepPlan): number => settingsIn(plan) * plan.folders.length * (plan.seeds?.length ?? 1);

/** How many of the runs are in a shard. */
export const runsOf = (runs: number, { index, of }: Shard): number => Math.max(0, Math.ceil((runs - index) / of));

/** Nothing is kept of the runs before it: a sweep of millions takes no more memory than one of ten. */
export function runAt({ dimensions, folders, seeds }: SweepPlan, number: number): SweepRun {
  const perWeek = seeds?.length ?? 1;
  const perSetting = folders.length * perWeek;
  return {
    number,
    settings: settingsAt(dimensions, Math.floor(number / perSetting)),
    week: Math.floor(number / perWeek) % folders.length,
    seed: seeds?.[number % perWeek],
  };
}
