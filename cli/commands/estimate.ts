import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { busiestDay } from '../../data/import/busiestWeek.ts';
import { type Composed, compose } from '../../data/import/compose.ts';
import { importOptions, onDemandKnown, type ReadOptions } from '../../data/import/options.ts';
import { recognise } from '../../data/import/recognise.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { diffText } from '../../report/diff.ts';
import { estimateHeadline, estimateTable } from '../../report/estimateText.ts';
import { adviceHtml } from '../../report/html/adviceHtml.ts';
import { limitsIn } from '../../sim/advise/limits.ts';
import type { Setting } from '../../sim/grid/settings.ts';
import { DEFAULT_POOLS } from '../../sim/scenario/paths.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { isoOf } from '../../src/domain/time.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { changedPools } from '../advise/change.ts';
import { found } from '../advise/found.ts';
import { advisedWeeks } from '../advise/weeks.ts';
import { again } from '../again.ts';
import { exportsFor, lastWeek, PRICES_KEPT_DAYS, pricesExport, surroundings } from '../exports.ts';
import { expectWritable, keepFolder, writeWhole } from '../files.ts';
import { flowOf } from '../flow.ts';
import { type JobFlags, jobReading, withJobFlags } from '../jobFlags.ts';
import { estimateLines, exportLines } from '../output/estimate.ts';
import { printJson } from '../output/json.ts';
import { widthOf } from '../output/terminal.ts';
import { threadsIn } from '../sweep/flags.ts';
import { withUserPolicies } from '../userPolicies.ts';

interface Flags extends JobFlags {
  readonly instanceType?: string;
  readonly onDemand?: string;
  readonly incomplete?: true;
  readonly jobsPerNode: string;
  readonly polarity: 'up' | 'down';
  readonly settings?: string;
  readonly workers?: string;
  readonly out?: string;
  readonly report?: string;
  readonly json?: true;
}

/** `estimate FILE…`: from recorded files to what the week would have cost, and the pools file for it. */
export const command = (): Command =>
  withJobFlags(
    new Command('estimate')
      .description('what your week would have cost, from files of CI jobs, spot prices and availability, in any order')
      .argument('[file...]', 'recorded files; what each holds is told by its content. Without any: how to make them')
      .option('--instance-type <type>', 'what a CI node is (default: the type that prices were recorded of)')
      .option(
        '--on-demand <prices>',
        'on-demand prices: TYPE=USD,… an hour, or the file of an AWS price list (which may be among the files as well)',
      )
      .option(
        '--incomplete',
        'take prices that end with a NextToken, though later pages are missing; the result says so',
      )
      .option('--jobs-per-node <number>', 'how many jobs a node runs at a time', '1')
      .addOption(new Option('--polarity <which>', 'what 1 means in availability').choices(['up', 'down']).default('up'))
      .option('--settings <number>', 'how many settings are tried (default: fewer for more jobs, 10 to 100)')
      .option('--workers <number>', `how many threads run weeks (default: ${availableParallelism()}, one a processor)`)
      .option('--out <dir>', 'keep the scenario and the recommended pools.yaml in this new folder')
      .option('--report <file>', 'write a report with pictures, one self-contained HTML file')
      .option('--json', 'print one JSON value'),
  )
    .addHelpText('after', '\nexample: spot-keeper estimate jobs.json prices.json --out my-week')
    .action((files: string[], flags: Flags) =>
      files.length === 0 ? explain(flags) : withUserPolicies((policies) => run(files, flags, policies)),
    );

/** Above so many jobs, settings are chosen on the busiest day, so that it ends within a minute; they are judged on the whole week. */
const MANY_JOBS = 4_000;

/** Jobs that are simulated per case while settings are searched, all settings together. */
const JOBS_SEARCHED = 40_000;

async function explain({ json }: Flags): Promise<void> {
  const commands = exportsFor(await surroundings(process.cwd(), process.env), lastWeek(new Date()));
  if (json) printJson({ commands });
  else process.stdout.write(`${exportLines(commands).join('\n')}\n`);
}

async function run(files: readonly string[], flags: Flags, policies: UserPolicies): Promise<void> {
  const asked = checked(flags);
  expectWritable([flags.report]);
  await expectNewFolder(flags.out);
  const jobs = jobReading(flags);
  const { timeZone, atMostSetAside, onReject } = jobs.options;
  const reading = {
    jobs: jobs.options,
    prices: { timeZone, atMostSetAside, onReject, incomplete: flags.incomplete === true },
  };
  const recordings = await recognise(files, flags.polarity, reading).finally(jobs.finish);
  const known = await onDemandKnown(asked.onDemand);
  const onDemand = { ...known, list: known.list ?? recordings.onDemand };
  const { jobs: jobRecording } = recordings;
  if (jobRecording === undefined) {
    const commands = exportsFor(await surroundings(process.cwd(), process.env), lastWeek(new Date()));
    const [one] = commands;
    throw new BadInput([
      {
        file: files.join(', '),
        message: `expected a file of CI jobs among these, found none; one is made by: ${one?.command}`,
      },
    ]);
  }
  const folder = await mkdtemp(join(tmpdir(), 'spot-keeper-estimate-'));
  try {
    const composed = await compose(folder, { ...recordings, jobs: jobRecording }, { ...asked, onDemand }, catalogue);
    await advised(folder, composed, recordings.prices !== undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  async function advised(dir: string, composed: Composed, hasPrices: boolean): Promise<void> {
    const missing = hasPrices ? undefined : missingPrices(composed);
    const [whole] = await advisedWeeks([dir], policies);
    if (whole === undefined) return;
    const week = whole;
    const isMany = composed.jobs.length > MANY_JOBS;
    const day = busiestDay(composed.jobs, composed.week);
    const searched = isMany ? inWindow(composed, day) : composed.jobs.length;
    const settings = asked.settings ?? Math.min(100, Math.max(10, Math.round(JOBS_SEARCHED / searched)));
    const advice = await found(
      isMany ? [dir, dir] : [dir],
      isMany ? [{ ...week, part: windowSettings(day.from, day.until) }, week] : [week],
      {
        ...{ limits: asked.limits, settings, threads: asked.threads, service: {}, isBrief: true },
        cases: composed.jobs.length > 2 * MANY_JOBS ? 2 : 4,
      },
    );
    const { text, source } = week.pools;
    const pools = changedPools(text, source, advice.choices);
    const headline = estimateHeadline(advice);
    const chosenOn = isMany ? `its busiest day (${isoOf(day.from).slice(0, 10)})` : 'the week';
    const tried = `${advice.tried.settings} settings were tried on ${chosenOn}, and the best was judged on the whole week, with ${advice.judgedOn.length} other draws of luck`;
    if (flags.report !== undefined) {
      const shown = { advice, flow: flowOf, weeks: isMany ? ['the busiest day', 'the week'] : ['the week'] };
      await writeWhole(flags.report, adviceHtml(shown, diffText(text, pools), again()));
    }
    if (flags.out !== undefined) {
      await writeWhole(join(dir, DEFAULT_POOLS), pools);
      await keepFolder(dir, flags.out);
    }
    const { read, assumed } = composed;
    if (flags.json) printJson({ headline, read, assumed, missing, week: composed.week, ...advice, pools });
    else {
      const wrote = [flags.out, flags.report].filter((path) => path !== undefined);
      const lines = estimateLines(
        {
          headline,
          read,
          assumed,
          missing,
          tried,
          pools,
          figures: estimateTable(advice),
          isNothing: advice.verdict === 'nothing',
          wrote,
          out: flags.out,
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
}

const inWindow = ({ jobs }: Composed, { from, until }: Composed['week']): number =>
  jobs.queuedWithin(from, until).length;

const windowSettings = (from: number, until: number): readonly Setting[] => [
  { of: 'scenario', name: 'from', path: ['from'], value: isoOf(from) },
  { of: 'scenario', name: 'until', path: ['until'], value: isoOf(until) },
];

/** The command that fetches prices of the week where AWS still has them, else those of the last week. */
function missingPrices({ week, bought: { instanceType } }: Composed): string {
  const now = new Date();
  const isKept = week.from > now.getTime() - PRICES_KEPT_DAYS * 86_400_000 && week.until <= now.getTime();
  const day = (at: number): string => isoOf(at).slice(0, 10);
  const asked = isKept ? { from: day(week.from), until: day(week.until), instanceType } : lastWeek(now, instanceType);
  return pricesExport(asked).command;
}

async function expectNewFolder(out: string | undefined): Promise<void> {
  if (out === undefined) return;
  expectWritable([join(out, DEFAULT_POOLS)]);
  const entries = await readdir(out).catch(() => []);
  if (entries.length > 0)
    throw new BadInput([
      { file: out, message: `expected an empty folder or none, found ${entries.length} entries: choose another` },
    ]);
}

function checked(flags: Flags) {
  const mistakes: Mistake[] = [];
  const whole = (flag: string, text: string, least: number, most: number): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most)
      mistakes.push({
        file: flag,
        message: `expected a whole number from ${least} to ${most}, found ${JSON.stringify(text)}`,
      });
    return value;
  };
  const settings = flags.settings === undefined ? undefined : whole('--settings', flags.settings, 10, 1_000_000);
  const jobsPerNode = whole('--jobs-per-node', flags.jobsPerNode, 1, 100);
  const threads = threadsIn(flags.workers, mistakes) ?? availableParallelism();
  const { instanceType } = flags;
  if (instanceType !== undefined && !/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(instanceType))
    mistakes.push({
      file: '--instance-type',
      message: `expected an instance type such as m5.2xlarge, found ${JSON.stringify(instanceType)}`,
    });
  let onDemand: Pick<ReadOptions, 'onDemand' | 'onDemandFile'> = { onDemand: {}, onDemandFile: undefined };
  try {
    onDemand = importOptions({
      shift: true,
      ...(flags.onDemand === undefined ? {} : { onDemand: flags.onDemand }),
    });
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    mistakes.push(...error.mistakes);
  }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  const { limits } = limitsIn('killedByKeeper=0');
  return { settings, jobsPerNode, threads, instanceType, onDemand, limits };
}
