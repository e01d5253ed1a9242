import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { type Composed, compose } from '../../data/import/compose.ts';
import { importOptions, onDemandKnown, type ReadOptions } from '../../data/import/options.ts';
import { recognise } from '../../data/import/recognise.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { limitsIn } from '../../sim/advise/limits.ts';
import { DEFAULT_POOLS } from '../../sim/scenario/paths.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { isoOf } from '../../src/domain/time.ts';
import { millisOf } from '../../src/policy/options.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { estimated } from '../estimate/estimated.ts';
import { exportsFor, lastWeek, PRICES_KEPT_DAYS, pricesExport, surroundings } from '../exports.ts';
import { expectWritable } from '../files.ts';
import { type JobFlags, jobReading, withJobFlags } from '../jobFlags.ts';
import { exportLines } from '../output/estimate.ts';
import { printJson } from '../output/json.ts';
import { threadsIn } from '../sweep/flags.ts';
import { withUserPolicies } from '../userPolicies.ts';

interface Flags extends JobFlags {
  readonly instanceType?: string;
  readonly onDemand?: string;
  readonly incomplete?: true;
  readonly jobsPerNode: string;
  readonly polarity: 'up' | 'down';
  readonly for: string;
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
      .option('--for <length>', 'how long it may take in all; as many settings are tried as fit', '50s')
      .option(
        '--settings <number>',
        'how many settings are tried, however long it takes: the same result on any machine',
      )
      .option('--workers <number>', `how many threads run weeks (default: ${availableParallelism()}, one a processor)`)
      .option('--out <dir>', 'keep the scenario and the recommended pools.yaml in this new folder')
      .option('--report <file>', 'write a report with pictures, one self-contained HTML file')
      .option('--json', 'print one JSON value'),
  )
    .addHelpText('after', '\nexample: spot-keeper estimate jobs.json prices.json --out my-week')
    .action((files: string[], flags: Flags) =>
      files.length === 0 ? explain(flags) : withUserPolicies((policies) => run(files, flags, policies)),
    );

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
    const missing = recordings.prices === undefined ? missingPrices(composed) : undefined;
    const { limits, threads, settings, budgetMs } = asked;
    const isJson = flags.json === true;
    await estimated(
      folder,
      composed,
      missing,
      { limits, threads, settings, budgetMs, out: flags.out, report: flags.report, isJson },
      policies,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

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
  const budgetMs = millisOf(flags.for);
  if (budgetMs === undefined || budgetMs < 1_000 || budgetMs > 86_400_000)
    mistakes.push({
      file: '--for',
      message: `expected a length from 1s to 24h, such as 50s, found ${JSON.stringify(flags.for)}`,
    });
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
  return { settings, budgetMs: budgetMs ?? 0, jobsPerNode, threads, instanceType, onDemand, limits };
}
