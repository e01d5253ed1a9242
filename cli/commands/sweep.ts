import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { lengthText, usdText } from '../../report/figures.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { expectWritable } from '../files.ts';
import { printJson } from '../output/json.ts';
import { progressOn } from '../output/progress.ts';
import { table } from '../output/table.ts';
import { release } from '../release.ts';
import { type Best, bestOfLines } from '../sweep/best.ts';
import { checkSettings } from '../sweep/checkSettings.ts';
import { digestOf } from '../sweep/digest.ts';
import { shardIn, threadsIn } from '../sweep/flags.ts';
import { gathered, gridAt } from '../sweep/gridAt.ts';
import { mergeResults } from '../sweep/merge.ts';
import { runsIn, runsOf, type SweepPlan, settingsIn } from '../sweep/plan.ts';
import { headerLine, RESULTS_FORMAT, type Results, type ResultsHeader, resultsAt } from '../sweep/results.ts';
import { runSweep } from '../sweep/runSweep.ts';
import { withUserPolicies } from '../userPolicies.ts';
import { weekWorkers } from '../weekWorkers.ts';

interface Flags {
  readonly grid?: string;
  readonly workers?: string;
  readonly shard?: string;
  readonly out?: string;
  readonly json?: true;
}

/** How many of the best settings people are shown. */
const SHOWN = 10;

/** `sweep DIR…`: every combination of a grid's settings in every week with every seed, as JSON lines. */
export function command(): Command {
  const sweep = new Command('sweep')
    .description('run weeks under every combination of settings in a grid; results are JSON lines, a run each')
    .argument('<dir...>', 'scenario folders')
    .option('--grid <file>', 'which settings of pools and scenarios are varied, and how (docs/sweep.md)')
    .option('--workers <number>', `how many threads run weeks (default: ${availableParallelism()}, one a processor)`)
    .option('--shard <i/n>', 'only the runs whose number leaves i when divided by n: 0/4 to 3/4')
    .option('--out <file>', 'where the results go; what is there of the same sweep is gone on with')
    .option('--json', 'print one JSON value: what was run, and the best settings')
    .addHelpText('after', '\nexample: spot-keeper sweep scenarios/ci-week --grid grid.yaml --out results.jsonl')
    .action(run);
  sweep
    .command('merge')
    .description('put the results of all shards together: the bytes that one run of the whole would have written')
    .argument('<file...>', 'results of every shard, in any order')
    .option('--out <file>', 'where they go; standard output if left out')
    .option('--json', 'print one JSON value: what was merged, and the best settings; needs --out')
    .action((files: string[], _: unknown, self: Command) => merge(files, self.optsWithGlobals<Omit<Flags, 'grid'>>()));
  return sweep;
}

async function run(folders: string[], flags: Flags): Promise<void> {
  const mistakes: Mistake[] = [];
  const shard = shardIn(flags.shard, mistakes);
  const threads = threadsIn(flags.workers, mistakes) ?? availableParallelism();
  if (flags.json && flags.out === undefined)
    mistakes.push({
      file: '--json',
      message: 'expected --out beside it, since the results would be on standard output too',
    });
  const { text, grid } = await gridAt(flags.grid, mistakes);
  gathered(mistakes, () => {
    expectWritable([flags.out]);
  });
  if (text === undefined || grid === undefined || mistakes.length > 0) throw new BadInput(mistakes);
  const plan: SweepPlan = { dimensions: grid.dimensions, folders, seeds: grid.seeds };

  const checking = progressOn(process.stderr, { label: 'settings read', total: settingsIn(plan) });
  try {
    await withUserPolicies((policies) => checkSettings(plan, policies, checking));
  } finally {
    checking.end();
  }
  const header: ResultsHeader = {
    ...({ format: RESULTS_FORMAT, version: 1, release } as const),
    digest: await digestOf([text, release], folders, [flags.out]),
    ...{ runs: runsIn(plan), shard, weeks: folders, settings: settingsIn(plan) },
  };
  const best = bestOfLines(SHOWN);
  const results = flags.out === undefined ? onStdout(header) : await resultsAt(flags.out, header, best.see);
  const total = runsOf(header.runs, shard);
  const progress = progressOn(process.stderr, { label: 'runs', total: total - results.done });
  const workers = weekWorkers(Math.max(1, Math.min(threads, total - results.done)), { folders, service: {} });
  try {
    await runSweep(plan, { shard, done: results.done, threads }, workers, (line) => {
      results.write(line);
      best.see(line);
      progress.advance();
    });
  } finally {
    await workers.stop();
    progress.end();
    results.close();
  }
  if (flags.out !== undefined) report(header, total, results.done, flags.out, best, flags.json);
}

async function merge(files: readonly string[], { out, json }: Pick<Flags, 'out' | 'json'>): Promise<void> {
  if (json && out === undefined)
    throw new BadInput([
      { file: '--json', message: 'expected --out beside it, since the results would be on standard output too' },
    ]);
  expectWritable([out]);
  const best = bestOfLines(SHOWN);
  const { header } = await mergeResults(files, out, best.see);
  if (out !== undefined) report(header, header.runs, 0, out, best, json);
}

function report(
  header: ResultsHeader,
  runs: number,
  before: number,
  out: string,
  best: Best,
  json: true | undefined,
): void {
  const ranked = best.ranked();
  if (json) {
    const { digest, weeks, settings, shard } = header;
    const rows = ranked.map((one) => ({ ...one, settings: JSON.parse(one.settings) as unknown }));
    printJson({ out, runs, runsBefore: before, settings, shard, weeks, digest, best: rows });
    return;
  }
  const rows = ranked.map(({ settings, runs: count, money, kills, waitP95Ms, together }) => [
    ...[usdText(together), usdText(money), kills.toFixed(1), lengthText(waitP95Ms), String(count)],
    settings,
  ]);
  const went = before === 0 ? '' : `, ${before} of them from before`;
  process.stdout.write(
    [...(rows.length === 0 ? [] : [table(COLUMNS, rows), '']), `wrote ${out}: ${runs} runs${went}`, ''].join('\n'),
  );
}

const COLUMNS = [
  ...['together', 'money', 'kills', 'wait p95', 'runs'].map((heading) => ({ heading, align: 'right' as const })),
  { heading: 'settings' },
];

function onStdout(header: ResultsHeader): Results {
  process.stdout.write(headerLine(header));
  return { done: 0, write: (line) => process.stdout.write(`${line}\n`), close: () => undefined };
}
