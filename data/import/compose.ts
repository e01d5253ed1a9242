import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderAt } from '../../sim/scenario/folder.ts';
import { SCENARIO_FILE } from '../../sim/scenario/paths.ts';
import { writeStarter } from '../../sim/scenario/starter.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import type { JobHistory } from '../records/jobs/history.ts';
import { historyOf } from '../records/prices/history.ts';
import { busiestWeek } from './busiestWeek.ts';
import { importInto } from './importInto.ts';
import { type Bought, boughtIn } from './marketsFor.ts';
import type { OnDemandKnown } from './onDemand.ts';
import { ontoWeek } from './ontoWeek.ts';
import type { Recorded } from './recordings.ts';
import { openTarget } from './target.ts';
import { daysText, type Window, windowText } from './window.ts';

/** Recordings by kind, as `readRecording` gives them. Jobs there must be. */
export interface Recordings {
  readonly jobs: Extract<Recorded, { readonly kind: 'jobs' }>;
  readonly prices?: Extract<Recorded, { readonly kind: 'prices' }> | undefined;
  readonly availability?: Extract<Recorded, { readonly kind: 'availability' }> | undefined;
}

export interface ComposeOptions {
  readonly instanceType: string | undefined;
  readonly jobsPerNode: number;
  readonly onDemand: OnDemandKnown;
}

/** A scenario made of recordings. */
export interface Composed {
  /** What was read, a line for each file; rows that were set aside or dropped among it. */
  readonly read: readonly string[];
  /** What was chosen, moved or taken for granted, a phrase each. */
  readonly assumed: readonly string[];
  readonly week: Window;
  readonly jobs: JobHistory;
  readonly bought: Bought;
  /** Whether a recording says when there was spot, and so when it is taken. */
  readonly hasAvailability: boolean;
}

/**
 * Writes a scenario into an empty folder: the week of the jobs (their busiest, if they cover more), prices and availability
 * laid on it, and the pools that `init` writes, for the instance type and the zones that have prices.
 *
 * @throws BadInput with what is missing or contradicts; the folder may then hold a part.
 */
export async function compose(
  dir: string,
  { jobs, prices, availability }: Recordings,
  options: ComposeOptions,
  catalogue: Catalogue,
): Promise<Composed> {
  const all = jobs.recording.rows;
  const week = busiestWeek(all);
  const rows = all.queuedWithin(week.from, week.until);
  const bought = boughtIn(prices?.recording.rows, availability?.recording.rows, options);
  await writeStarter(dir);
  const fitted = await fit(dir, rows, bought, options.jobsPerNode, catalogue);

  const whole = rows.length === all.length;
  const { queuedAt } = all.columns;
  const [first, last] = [queuedAt[0] ?? 0, queuedAt.at(-1) ?? 0];
  const cutText = `the busiest seven days of ${windowText({ from: first, until: last })} are taken, ${daysText(week)}: ${rows.length} of ${all.length} jobs`;
  // What a node costs was said with it: it is not said again with the prices.
  const given = { ...options.onDemand.given, [bought.instanceType]: bought.onDemand.usdPerHour };
  const choice = { shift: true, replace: false, markets: [], onDemand: { ...options.onDemand, given } };
  const jobsIn = await importInto(
    dir,
    {
      kind: 'jobs',
      recording: {
        ...jobs.recording,
        ...{ rows, span: { from: week.from, until: week.until - 1 } },
        assumptions: [...jobs.recording.assumptions, ...(whole ? [] : [cutText])],
      },
    },
    choice,
    catalogue,
  );

  const pricesIn = prices === undefined ? undefined : await importPrices(prices.recording);
  const availabilityIn =
    availability === undefined ? undefined : await importInto(dir, availability, choice, catalogue);
  const imports = [jobsIn, pricesIn, availabilityIn].filter((one) => one !== undefined);
  return {
    read: [jobs, prices, availability].flatMap((one) => one?.recording.summary ?? []),
    assumed: [
      ...fitted,
      ...(whole ? [`the week is ${daysText(week)}, which the jobs cover`] : []),
      ...imports.flatMap(({ composed }) => composed),
      ...imports.flatMap(({ notes }) => notes).filter((note) => !isSummary(note)),
    ],
    ...{ week, jobs: rows, bought, hasAvailability: availability !== undefined },
  };

  function importPrices(recording: NonNullable<typeof prices>['recording']) {
    const wanted = new Set(bought.markets);
    const laid = ontoWeek(
      recording.rows.of((market) => wanted.has(marketOf(market))),
      week,
    );
    const filled = 'where they lack a part of the week, the same hours of the week before or after are taken';
    const assumptions = [...recording.assumptions, ...(laid.isFilled ? [filled] : [])];
    const span = { from: laid.rows[0]?.at ?? 0, until: laid.rows.at(-1)?.at ?? 0 };
    const { rows } = laid;
    return importInto(
      dir,
      { kind: 'prices', recording: { ...recording, rows: historyOf(rows), span, assumptions } },
      { ...choice, startsAt: week.from },
      catalogue,
    );
  }

  function isSummary(note: string): boolean {
    return [jobs, prices, availability].some((one) => one?.recording.summary.includes(note));
  }
}

/** What the starter allows; jobs that need more get it. */
const [STARTER_BLOCKS, STARTER_NODES] = [300, 200];

/** Writes what is bought into the starter, and limits that do not stand in the way. @returns what was assumed */
async function fit(
  dir: string,
  jobs: JobHistory,
  { instanceType, zones, onDemand: { usdPerHour, source } }: Bought,
  jobsPerNode: number,
  catalogue: Catalogue,
): Promise<readonly string[]> {
  const { text, scenarioFile, poolsFile } = await openTarget(folderAt(dir), catalogue);
  scenarioFile.set(['name'], 'your-week');
  scenarioFile.set(['about'], 'What would blocks save in the recorded week?');
  for (const type of Object.keys(text.market.onDemand)) scenarioFile.remove(['market', 'onDemand', type]);
  scenarioFile.set(['market', 'onDemand', instanceType], usdPerHour);
  scenarioFile.set(['onDemandGroup', 'instanceType'], instanceType);
  scenarioFile.set(['cluster', 'jobsPerNode'], jobsPerNode);
  poolsFile.set(['pools', 0, 'instanceTypes'], [instanceType]);
  poolsFile.set(['pools', 0, 'zones'], zones);
  for (const type of Object.keys(text.market.onDemand)) poolsFile.remove(['live', 'onDemandUsdPerHour', type]);
  poolsFile.set(['live', 'onDemandUsdPerHour', instanceType], usdPerHour);
  const nodes = Math.ceil(mostAtOnce(jobs) / jobsPerNode);
  // Half as many again: jobs that wait or run again want nodes as well.
  const enough = Math.ceil((nodes * 1.5) / 50) * 50;
  if (enough > STARTER_NODES) scenarioFile.set(['onDemandGroup', 'maxNodes'], enough);
  if (enough > STARTER_BLOCKS) {
    poolsFile.set(['pools', 0, 'operatingHours', 'blocks'], enough);
    poolsFile.set(['pools', 0, 'maxBlocks'], enough);
  }
  await writeFile(join(dir, SCENARIO_FILE), scenarioFile.text());
  await writeFile(join(dir, text.pools), poolsFile.text());
  return [
    `a node is one ${instanceType} and runs ${jobsPerNode === 1 ? 'one job' : `${jobsPerNode} jobs`} at a time (--jobs-per-node); on demand it costs ${usdPerHour} USD an hour${source === undefined ? '' : `, ${source} (--on-demand)`}`,
    `blocks are bought in ${zones.join(', ')}`,
    'a new node is ready after 70 s (half of them), 160 s (95 %)',
  ];
}

/** The most jobs that run at once, if each starts when it is queued. */
function mostAtOnce({ columns: { queuedAt, durationMs } }: JobHistory): number {
  const ends = queuedAt.map((at, job) => at + durationMs[job]!).sort();
  let [ended, most] = [0, 0];
  for (let job = 0; job < queuedAt.length; job += 1) {
    while (ends[ended]! <= queuedAt[job]!) ended += 1;
    most = Math.max(most, job + 1 - ended);
  }
  return most;
}
