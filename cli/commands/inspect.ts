import { Command, Option } from 'commander';
import type { ReadOptions } from '../../data/records/file.ts';
import { newJobFiles } from '../../data/records/jobFiles.ts';
import { type JobRules, jobStats } from '../../data/records/jobStats.ts';
import { jobsJoined } from '../../data/records/jobs/history.ts';
import { BLOCK_PRICE, leasingOf } from '../../data/records/leasing.ts';
import { mergePrices } from '../../data/records/mergePrices.ts';
import { notesText, type ReadingNotes } from '../../data/records/notes.ts';
import { priceStats } from '../../data/records/priceStats.ts';
import { readAnyAvailability } from '../../data/records/readAvailability.ts';
import { readJobHistory } from '../../data/records/readJobs.ts';
import { readPrices } from '../../data/records/readPrices.ts';
import { steadyTraces } from '../../data/records/steadyTraces.ts';
import type { Polarity } from '../../data/records/trace.ts';
import { type NamedTrace, traceStats, usdCheapestAvailable } from '../../data/records/traceStats.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { isoOf } from '../../src/domain/time.ts';
import { flagValues } from '../flagValues.ts';
import { type JobFlags, jobReading, withJobFlags } from '../jobFlags.ts';
import { availabilityText, jobsText, leasingText, pricesText } from '../output/inspection.ts';
import { progressOn } from '../output/progress.ts';
import { type PriceFlags, priceReading, withPriceFlags } from '../priceFlags.ts';

/** `inspect prices|availability|jobs FILE…`: what recorded data hold, in numbers whose definitions are printed with them. */
export function command(): Command {
  const parent = new Command('inspect').description('show what recorded prices, availability or CI jobs hold');
  for (const sub of [prices(), availability(), jobs()])
    parent.addCommand(sub.exitOverride().showSuggestionAfterError());
  return parent;
}

const subcommand = (kind: string, what: string): Command =>
  new Command(kind)
    .description(what)
    .argument('<file...>', 'recorded data; a name that ends in .gz is unpacked')
    .option('--json', 'print one JSON value');

interface PriceStatFlags extends PriceFlags {
  readonly from?: string;
  readonly until?: string;
  readonly onDemand?: string;
  readonly json?: true;
}

const prices = (): Command =>
  withPriceFlags(subcommand('prices', 'statistics of spot prices, market by market; several files are joined'))
    .option('--from <instant>', "start of the window; by default each market's own first row")
    .option('--until <instant>', 'end of the window, exclusive; by default the last row of all')
    .option('--on-demand <usd>', 'on-demand price in USD per hour, to compare with')
    .action(async (files: string[], flags: PriceStatFlags) => {
      const values = flagValues();
      const [from, until] = [values.instant('--from', flags.from), values.instant('--until', flags.until)];
      const usdOnDemand = values.usd('--on-demand', flags.onDemand);
      values.check();
      const reading = priceReading(flags);
      const read = await inTurn(files, (path, options) => readPrices(path, { ...options, ...reading.options })).finally(
        reading.finish,
      );
      const { rows, repeats } = mergePrices(read);
      const markets = priceStats(rows, { from, until, usdOnDemand }, files.join(', '));
      if (flags.json)
        print({
          markets: markets.map((one) => ({ ...one, from: isoOf(one.from), until: isoOf(one.until) })),
          setAside: setAsideOf(read),
          assumptions: assumptionsOf(read),
        });
      else {
        const joined = repeats === 0 ? [] : [`${repeats} rows dropped: a later file has the same market and instant`];
        const latest = rows.span()?.until ?? 0;
        say([...notesOf(read), ...joined, '', ...pricesText(markets, latest, usdOnDemand)]);
      }
    });

interface AvailabilityFlags {
  readonly onDemand?: string;
  readonly hours: string;
  readonly polarity: Polarity;
  readonly json?: true;
}

const availability = (): Command =>
  subcommand('availability', 'statistics of recorded availability, file by file')
    .option('--on-demand <usd>', 'on-demand price in USD per hour, paid while no spot is up')
    .option('--hours <list>', 'lengths of lease whose survival is asked, in hours', '1,6')
    .addOption(new Option('--polarity <which>', 'what 1 means in a trace').choices(['up', 'down']).default('up'))
    .action(async (files: string[], flags: AvailabilityFlags) => {
      const values = flagValues();
      const usdOnDemand = values.usd('--on-demand', flags.onDemand);
      const lengths = values.hours('--hours', flags.hours);
      values.check();
      const read = await inTurn(files, (path, options) =>
        readAnyAvailability(path, { ...options, polarity: flags.polarity }),
      );
      const traces = read.flatMap((one): readonly NamedTrace[] =>
        one.kind === 'trace' ? [{ file: one.notes.file, trace: one.trace }] : steadyTraces(one.rows, one.notes.file),
      );
      const stats = traces.map(({ file, trace }) => ({ file, ...traceStats(trace, lengths, usdOnDemand) }));
      const together =
        traces.length > 1 && usdOnDemand !== undefined
          ? { usdCheapestAvailable: usdCheapestAvailable(traces, usdOnDemand) }
          : {};
      if (flags.json) print({ files: stats, ...together });
      else say([...notesOf(read), '', ...availabilityText(stats, together.usdCheapestAvailable, usdOnDemand)]);
    });

interface JobStatFlags extends JobFlags {
  readonly percentile: JobRules['percentile'];
  readonly concurrency: JobRules['concurrency'];
  readonly window: string;
  readonly json?: true;
}

const jobs = (): Command =>
  withJobFlags(subcommand('jobs', 'statistics of recorded CI jobs; several files are joined'))
    .addOption(
      new Option('--percentile <rule>', 'element at index ceil(p n) of the sorted list, or interpolated')
        .choices(['nearest-above', 'linear'])
        .default('nearest-above'),
    )
    .addOption(
      new Option('--concurrency <rule>', 'jobs that touch a window, or that run at an instant')
        .choices(['windows', 'instant'])
        .default('windows'),
    )
    .option('--window <length>', 'length of a window', '1m')
    .action(async (files: string[], flags: JobStatFlags) => {
      const values = flagValues();
      const windowMs = values.length('--window', flags.window);
      values.check();
      const jobFlags = jobReading(flags);
      const together = newJobFiles(files);
      const read = await inTurn(files, (path, options) =>
        readJobHistory(path, { ...options, ...jobFlags.options, told: together.told }),
      )
        .then(together.settle)
        .finally(jobFlags.finish);
      const rules: JobRules = { percentile: flags.percentile, concurrency: flags.concurrency, windowMs };
      const rows = jobsJoined(read.map(({ rows: jobsOfFile }) => jobsOfFile));
      const stats = jobStats(rows, rules, files.join(', '));
      const leasing = leasingOf(rows, BLOCK_PRICE);
      if (flags.json) {
        const definitions = { ...rules, leasePrice: BLOCK_PRICE };
        const setAside = setAsideOf(read);
        print({ ...stats, from: isoOf(stats.from), until: isoOf(stats.until), leasing, setAside, definitions });
      } else say([...notesOf(read), '', ...jobsText(stats, rules), '', ...leasingText(leasing, stats)]);
    });

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

const say = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};

type Read = readonly { readonly notes: ReadingNotes }[];

const setAsideOf = (read: Read) =>
  read.flatMap(({ notes }) => (notes.setAside ?? []).map((one) => ({ file: notes.file, ...one })));

const assumptionsOf = (read: Read) =>
  read.flatMap(({ notes: { file, assumptions } }) => assumptions.map((assumption) => ({ file, assumption })));

const notesOf = (read: Read): readonly string[] => read.flatMap(({ notes }) => notesText(notes));

/** Reads the files one after the other, with progress on a terminal. @throws BadInput with the mistakes of them all. */
async function inTurn<Read>(
  files: readonly string[],
  read: (path: string, options: ReadOptions) => Promise<Read>,
): Promise<readonly Read[]> {
  const done: Read[] = [];
  const mistakes: Mistake[] = [];
  for (const path of files) {
    let progress: ReturnType<typeof progressOn> | undefined;
    let seen = 0;
    const onProgress = (bytes: number, totalBytes: number): void => {
      progress ??= progressOn(process.stderr, { label: `${path}: MB`, total: Math.ceil(totalBytes / 1e6) });
      const megabytes = Math.ceil(bytes / 1e6);
      progress.advance(Math.max(0, megabytes - seen));
      seen = Math.max(seen, megabytes);
    };
    try {
      done.push(await read(path, { onProgress }));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      mistakes.push(...error.mistakes);
    } finally {
      progress?.end();
    }
  }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return done;
}
