import type { Advice } from '../../sim/advise/advice.ts';
import { type AdviseRun, advise } from '../../sim/advise/advise.ts';
import type { Limit } from '../../sim/advise/limits.ts';
import type { Case } from '../../sim/advise/search.ts';
import { type Known, starterChoices, suitedTo, usualSpace } from '../../sim/advise/usualSpace.ts';
import { boundOfScenario, foresightOfScenario } from '../../sim/baselines/references.ts';
import { entryOf } from '../entryOf.ts';
import { progressOn } from '../output/progress.ts';
import type { WeekRun } from '../weekThread.ts';
import { weekWorkers } from '../weekWorkers.ts';
import { settingsOf, todayIn } from './change.ts';
import type { Pace } from './pace.ts';
import { type AdvisedWeek, seedSetting } from './weeks.ts';

/** What is asked of a search. */
export interface Asked {
  readonly limits: readonly Limit[];
  /** A number, or how much fits into the time there is. */
  readonly settings: number | Pace;
  readonly threads: number;
  readonly service: { readonly usdPerKill?: number; readonly usdPerHourWaited?: number };
  /** Cases that settings are chosen on; 8 if left out. */
  readonly cases?: number;
  /** Other cases that the choice is judged on, at most; as many as settings are chosen on if left out. */
  readonly judged?: number;
  /** Only the recommendation: not what each change is worth, nor harder worlds. The pools are then what `init` writes. */
  readonly isBrief?: boolean;
}

/** Enough for an interval that means something. */
const CASES = 8;

/** Searches settings on threads, with progress on stderr. Of several weeks, the last third is kept to judge on. */
export async function found(folders: readonly string[], weeks: readonly AdvisedWeek[], asked: Asked): Promise<Advice> {
  const { limits, settings, threads, service, cases = CASES, judged = cases, isBrief = false } = asked;
  const held = weeks.length > 1 ? Math.ceil(weeks.length / 3) : 0;
  const chosen = weeks.slice(0, weeks.length - held);
  const [first] = weeks;
  const known: Known = {
    jobs: chosen.map(({ scenario }) => scenario.jobs),
    jobsPerBlock: first?.scenario.cluster.jobsPerNode ?? 1,
    paysStartedHours: chosen.every(({ scenario }) => scenario.billing === 'hour-start'),
    overrun: first === undefined ? undefined : todayIn(first.pools.source, 'lease.overrun'),
  };
  const workers = weekWorkers(threads, { folders, service });
  const pace = typeof settings === 'number' ? undefined : settings;
  // As the search spends them: a setting is seen 1.6 times on average, and then the choice is judged.
  const total = typeof settings === 'number' ? { total: Math.round(settings * 1.6) + (isBrief ? 8 * cases : 300) } : {};
  const progress = progressOn(process.stderr, { label: 'runs', ...total });
  try {
    return await advise({
      ...{ space: usualSpace(known), starter: isBrief ? {} : starterChoices(known), limits, isBrief },
      suited: suitedTo(known),
      settings: typeof settings === 'number' ? settings : settings.settings,
      ...(pace === undefined ? {} : { seenOn: pace.seenOn, judged: pace.judged }),
      chosenOn: casesOf(chosen, 0, weeks, cases),
      judgedOn: casesOf(held === 0 ? weeks : weeks.slice(-held), 1_000, weeks, judged),
      classes: classesOf(weeks),
      todayAt: (path) => (first === undefined ? undefined : todayIn(first.pools.source, path)),
      run: async (one) => {
        const figures = await workers.run(runOf(one, weeks));
        progress.advance();
        pace?.ran();
        return figures;
      },
      references: async (at) => {
        const { week, drawsJobs, part = [] } = entryOf(weeks, at.week);
        const drawn = drawsJobs ? [seedSetting(at.seed)] : [];
        const scenario = { ...(await week.under([...drawn, ...part])), seed: at.seed };
        return { bound: boundOfScenario(scenario), foresight: foresightOfScenario(scenario) };
      },
    });
  } finally {
    await workers.stop();
    progress.end();
  }
}

/** The weeks in turn, each with seeds of its own: the first with the scenario's, which is the week as it stands. */
const casesOf = (
  of: readonly AdvisedWeek[],
  from: number,
  all: readonly AdvisedWeek[],
  cases: number,
): readonly Case[] =>
  Array.from({ length: Math.max(cases, of.length) }, (_, n): Case => {
    const week = entryOf(of, n % of.length);
    const turn = Math.floor(n / of.length);
    const seed = from === 0 && turn === 0 ? week.scenario.seed : (week.scenario.seed + from + turn) % 4_294_967_296;
    return { week: all.indexOf(week), seed };
  });

/** A run for the threads. Of drawn jobs, the seed draws others, in every world alike. */
function runOf({ at, choices, rival, world, routed }: AdviseRun, weeks: readonly AdvisedWeek[]): WeekRun {
  const drawn = weeks[at.week]?.drawsJobs === true ? [seedSetting(at.seed)] : [];
  const part = weeks[at.week]?.part ?? [];
  const off =
    routed === undefined
      ? []
      : [{ of: 'scenario' as const, name: 'runsOn', path: ['classes', routed, 'runsOn'], value: 'on-demand' }];
  return {
    ...{ week: at.week, seed: at.seed, settings: [...settingsOf(choices), ...drawn, ...part, ...off] },
    ...(rival === undefined ? {} : { rival }),
    ...(world === undefined ? {} : { world }),
  };
}

/** Classes that run anywhere in every week: those could be kept off blocks. */
function classesOf(weeks: readonly AdvisedWeek[]): readonly string[] {
  const [first] = weeks;
  return Object.keys(first?.scenario.classes ?? {}).filter((name) =>
    weeks.every(({ scenario }) => scenario.classes[name]?.runsOn === 'anywhere'),
  );
}
