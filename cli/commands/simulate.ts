import { Command } from 'commander';
import { judgeScenario } from '../../check/judge.ts';
import type { Broken } from '../../check/probe.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { reportHtml } from '../../report/html/reportHtml.ts';
import { resultText } from '../../report/resultText.ts';
import { stripChart } from '../../report/stripChart.ts';
import { rivalryOf } from '../../sim/baselines/rivals.ts';
import type { Outcome, SomeRivals, Verdict } from '../../sim/outcome.ts';
import { conditionsOf } from '../../sim/result/conditions.ts';
import { simulateJson } from '../../sim/result/json.ts';
import { RecordingLines } from '../../sim/result/recordingLines.ts';
import { RIVALS } from '../../sim/result/rivalry.ts';
import { verdictsOf } from '../../sim/result/verdicts.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { simulate, type Watching } from '../../sim/simulate.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { again } from '../again.ts';
import { readAlternatives } from '../alternatives.ts';
import { expectWritable, writeWhole } from '../files.ts';
import { startRivals } from '../groupsApart.ts';
import { type AlternativeTexts, wholeNumber, withPolicyFlags, withPoolsFlags } from '../options.ts';
import { paintResult, paintStripChart } from '../output/paint.ts';
import { progressOn } from '../output/progress.ts';
import { columnsOf, widthOf } from '../output/terminal.ts';
import { writeRecording } from '../recordings.ts';
import { faultLines, fromSeveralFolders, withUserPolicies } from '../userPolicies.ts';
import { type Setting, worldsOf } from '../worlds.ts';

interface Flags extends AlternativeTexts {
  readonly json?: true;
  readonly report?: string;
  readonly record?: string;
  readonly seed?: number;
  readonly quick?: true;
}

/** `simulate DIR`: what the scenario's week comes to under its pools' policies, beside all that people can have instead. */
export const command = (): Command =>
  withPoolsFlags(
    withPolicyFlags(
      new Command('simulate')
        .description(
          'run a scenario and show whether its pools are worth it: bill, rivals, jobs, strip chart, expectations',
        )
        .argument('<dir>', 'a scenario folder')
        .option('--seed <number>', 'another seed than the scenario names', wholeNumber)
        .option('--report <file>', 'write a report with pictures, one self-contained HTML file')
        .option('--record <file>', 'write a recording that replay accepts (gzipped if the name ends in .gz)')
        .option('--quick', 'run on-demand only beside it and no other rival: several times as fast, without a verdict')
        .option('--json', 'print one JSON value'),
      false,
    ),
    false,
  ).action((dir: string, flags: Flags) =>
    withUserPolicies((policies) => run(dir, flags, fromSeveralFolders(policies))),
  );

async function run(dir: string, flags: Flags, policies: UserPolicies): Promise<void> {
  expectWritable([flags.report, flags.record]);
  const world = await worldOf(dir, flags, policies);
  const known = policies.extend(catalogue);
  const scenario = { ...world.scenario, seed: flags.seed ?? world.scenario.seed };
  const recorder = new RecordingLines();
  const { outcome, rivals } = await ran(scenario, world, known, {
    quick: flags.quick === true,
    ...(flags.record === undefined ? {} : { recorder }),
  });
  const broken = await brokenPromises(scenario, known);
  const verdicts = [
    ...verdictsOf(scenario.expectations, outcome, rivals.onDemandOnly.outcome),
    ...(scenario.promises.length === 0 ? [] : [promisesVerdict(broken)]),
  ];

  if (flags.record !== undefined)
    await writeRecording(flags.record, scenario.name, world.file, recorder.among(conditionsOf(scenario)));
  if (flags.report !== undefined)
    await writeWhole(flags.report, reportHtml({ outcome, rivals, verdicts, again: again() }));

  if (flags.json) process.stdout.write(`${JSON.stringify(simulateJson(outcome, rivals, verdicts))}\n`);
  else {
    const columns = columnsOf(process.stdout);
    const text = resultText({ outcome, rivals, verdicts }, widthOf(process.stdout));
    process.stdout.write(`${paintResult(text, process.stdout)}\n\n`);
    process.stdout.write(`${paintStripChart(stripChart(outcome, { columns }), process.stdout)}\n`);
    for (const file of [flags.report, flags.record]) if (file !== undefined) process.stdout.write(`\nwrote ${file}\n`);
  }
  process.stderr.write(faultLines(policies.faults()));
  process.stderr.write(broken.map(({ promise, sentence }) => `${promise}: ${sentence}\n`).join(''));
  const missed = verdicts.filter(({ holds }) => !holds);
  if (missed.length > 0) {
    process.stderr.write(`${missed.map(({ name }) => name).join(', ')} missed\nagain: ${again()}\n`);
    process.exitCode = 1;
  }
}

/** The one set of pools that the flags ask for. */
async function worldOf(dir: string, flags: Flags, policies: UserPolicies): Promise<Setting> {
  const mistakes: Mistake[] = [];
  const alternatives = readAlternatives(flags, mistakes);
  const { worlds } = await worldsOf(dir, alternatives, policies, mistakes);
  const [world] = worlds;
  if (world === undefined || worlds.length > 1)
    throw new BadInput([
      {
        file: 'simulate',
        message: `expected one alternative for each flag, found ${worlds.length} variants; compare takes several`,
      },
    ]);
  return world;
}

/** The week and its rivals, with progress on stderr. */
async function ran(
  scenario: Scenario,
  { file, label }: Setting,
  known: Catalogue,
  { quick, recorder = {} }: { readonly quick: boolean; readonly recorder?: Watching },
): Promise<{ readonly outcome: Outcome; readonly rivals: SomeRivals }> {
  const made = (pools: PoolsFile) => poolsOf(pools, known);
  const question = { scenario, pools: made(file), poolsOf: made };
  if (quick) {
    const outcome = await simulate(scenario, made(file), label, recorder);
    return { outcome, rivals: { onDemandOnly: await rivalryOf(question).rival('onDemandOnly') } };
  }
  // The rivals have two references beside them, which are reckoned and not run.
  const progress = progressOn(process.stderr, { label: 'runs', total: RIVALS.length + 3 });
  const advance = (): void => {
    progress.advance();
  };
  const coming = startRivals(question, advance);
  try {
    const outcome = await simulate(scenario, made(file), label, recorder);
    advance();
    return { outcome, rivals: await coming.all() };
  } finally {
    await coming.stop();
    progress.end();
  }
}

/** The promises that the scenario holds its policies to and that they do not keep, one a slot at most. */
async function brokenPromises(scenario: Scenario, all: Catalogue): Promise<readonly Broken[]> {
  const broken: Broken[] = [];
  for (const slot of scenario.promises) {
    const found = await judgeScenario(scenario, slot, all);
    if (found !== undefined) broken.push(found);
  }
  return broken;
}

const promisesVerdict = (broken: readonly Broken[]): Verdict => ({
  name: 'brokenPromisesAtMost',
  limit: 0,
  found: broken.length,
  holds: broken.length === 0,
});
