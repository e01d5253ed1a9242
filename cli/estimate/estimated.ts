import { join } from 'node:path';
import { busiestDay } from '../../data/import/busiestWeek.ts';
import type { Composed } from '../../data/import/compose.ts';
import { estimateHeadline, estimateTable, standingOf } from '../../report/estimateText.ts';
import { estimateHtml } from '../../report/html/estimateHtml.ts';
import type { Advice } from '../../sim/advise/advice.ts';
import type { Limit } from '../../sim/advise/limits.ts';
import type { Setting } from '../../sim/grid/settings.ts';
import { DEFAULT_POOLS } from '../../sim/scenario/paths.ts';
import { isoOf } from '../../src/domain/time.ts';
import { lengthOf } from '../../src/policy/options.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { changedPools } from '../advise/change.ts';
import { found } from '../advise/found.ts';
import { MOST_CASES, newPace } from '../advise/pace.ts';
import { advisedWeeks } from '../advise/weeks.ts';
import { again } from '../again.ts';
import { keepFolder, writeWhole } from '../files.ts';
import { flowOf } from '../flow.ts';
import { estimateLines } from '../output/estimate.ts';
import { printJson } from '../output/json.ts';
import { widthOf } from '../output/terminal.ts';

/** What an estimate is to do and to write. */
export interface EstimateAsked {
  readonly limits: readonly Limit[];
  readonly threads: number;
  /** As many settings as this, however long it takes; undefined: as many as fit. */
  readonly settings: number | undefined;
  /** How long it may take in all, in milliseconds since the process began. */
  readonly budgetMs: number;
  readonly out: string | undefined;
  readonly report: string | undefined;
  readonly isJson: boolean;
}

/** Above so many jobs, settings are chosen on the busiest day; they are judged on the whole week. */
const MANY_JOBS = 4_000;

/** Cases that settings are chosen on; fewer of many jobs. */
const [CASES, CASES_OF_MANY] = [4, 2];

/**
 * Searches settings for a week that was composed into a folder, and tells and writes what came of it.
 *
 * @param missing the command that fetches prices, where none were given
 */
export async function estimated(
  dir: string,
  composed: Composed,
  missing: string | undefined,
  { limits, threads, settings, budgetMs, out, report, isJson }: EstimateAsked,
  policies: UserPolicies,
): Promise<void> {
  const [week] = await advisedWeeks([dir], policies);
  if (week === undefined) return;
  const isMany = composed.jobs.length > MANY_JOBS;
  const day = busiestDay(composed.jobs, composed.week);
  const searched = isMany ? composed.jobs.queuedWithin(day.from, day.until).length : composed.jobs.length;
  const now = (): number => performance.now();
  const pace = newPace({ now, endBy: budgetMs, ratio: composed.jobs.length / Math.max(1, searched) });
  const advice = await found(
    isMany ? [dir, dir] : [dir],
    isMany ? [{ ...week, part: windowSettings(day.from, day.until) }, week] : [week],
    {
      ...{ limits, threads, service: {}, isBrief: true, settings: settings ?? pace },
      cases: isMany ? CASES_OF_MANY : CASES,
      ...(settings === undefined ? { judged: MOST_CASES } : {}),
    },
  );
  const pools = changedPools(week.pools.text, week.pools.source, advice.choices);
  const headline = estimateHeadline(advice);
  const tried = triedText(advice, isMany ? isoOf(day.from).slice(0, 10) : undefined);
  const { read, assumed, hasAvailability } = composed;
  const isWorth = standingOf(advice).instead === undefined;
  if (report !== undefined) {
    const triedOn = isMany ? 'the busiest day' : 'the week';
    const shown = { advice, headline, flow: flowOf, read, assumed, tried, triedOn, again: again() };
    await writeWhole(report, estimateHtml({ ...shown, pools: isWorth ? pools : undefined }));
  }
  if (out !== undefined) {
    await writeWhole(join(dir, DEFAULT_POOLS), pools);
    await keepFolder(dir, out);
  }
  if (isJson) printJson({ headline, read, assumed, missing, week: composed.week, ...advice, pools });
  else {
    const lines = estimateLines(
      {
        ...{ headline, read, assumed, missing, hasAvailability, pools, figures: estimateTable(advice) },
        tried:
          settings === undefined
            ? `In ${lengthOf(Math.max(1_000, Math.round(now() / 1_000) * 1_000))}: ${tried} (--for 10m tries more)`
            : tried,
        isWorth,
        wrote: [out, report].filter((path) => path !== undefined),
        out,
      },
      widthOf(process.stdout),
    );
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (!advice.keepsLimits) {
    process.stderr.write(`again: ${again()}\n`);
    process.exitCode = 1;
  }
}

function triedText({ tried, judgedOn }: Advice, day: string | undefined): string {
  const chosenOn = day === undefined ? 'the week' : `its busiest day (${day})`;
  return `${tried.settings} settings were tried on ${chosenOn}, and the best was judged on the whole week with ${judgedOn.length === 1 ? 'another draw' : `${judgedOn.length} other draws`} of luck`;
}

const windowSettings = (from: number, until: number): readonly Setting[] => [
  { of: 'scenario', name: 'from', path: ['from'], value: isoOf(from) },
  { of: 'scenario', name: 'until', path: ['until'], value: isoOf(until) },
];
