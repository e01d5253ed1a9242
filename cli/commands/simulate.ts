import { Command } from 'commander';
import { judgeScenario } from '../../check/judge.ts';
import type { Broken } from '../../check/probe.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { reportHtml } from '../../report/reportHtml.ts';
import { resultText } from '../../report/resultText.ts';
import { stripChart } from '../../report/stripChart.ts';
import type { Verdict } from '../../sim/outcome.ts';
import { conditionsOf } from '../../sim/result/conditions.ts';
import { simulateJson } from '../../sim/result/json.ts';
import { RecordingLines } from '../../sim/result/recordingLines.ts';
import { verdictsOf } from '../../sim/result/verdicts.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { simulate, simulateOnDemandOnly, simulateOriginal } from '../../sim/simulate.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { again } from '../again.ts';
import { writeWhole } from '../files.ts';
import { namedPolicies, type PolicyFlags, wholeNumber, withPolicyFlags } from '../options.ts';
import { paintStripChart } from '../output/paint.ts';
import { columnsOf, widthOf } from '../output/terminal.ts';
import { policySets } from '../policySets.ts';
import { writeRecording } from '../recordings.ts';
import { faultLines, namedFrom, poolsFolderOf, withUserPolicies } from '../userPolicies.ts';

interface Flags extends PolicyFlags {
  readonly json?: true;
  readonly report?: string;
  readonly record?: string;
  readonly seed?: number;
}

/** `simulate DIR`: what the scenario's week comes to under its pools' policies, beside the two baselines. */
export const command = (): Command =>
  withPolicyFlags(
    new Command('simulate')
      .description('run a scenario and show its bill, its strip chart and what its expectations found')
      .argument('<dir>', 'a scenario folder')
      .option('--seed <number>', 'another seed than the scenario names', wholeNumber)
      .option('--report <file>', 'write a report with pictures, one self-contained HTML file')
      .option('--record <file>', 'write a recording that replay accepts (gzipped if the name ends in .gz)')
      .option('--json', 'print one JSON value'),
    false,
  ).action((dir: string, flags: Flags) => withUserPolicies((policies) => run(dir, flags, policies)));

async function run(dir: string, flags: Flags, policies: UserPolicies): Promise<void> {
  const read = await readScenario(dir, catalogue, policies);
  const { named, beside } = namedFrom(await poolsFolderOf(dir), namedPolicies(flags), policies);
  const [set, ...more] = policySets(read.pools, named, catalogue, beside);
  if (set === undefined || more.length > 0)
    throw new BadInput([{ file: 'simulate', message: 'expected one policy for each slot; compare takes several' }]);
  const scenario = { ...read, seed: flags.seed ?? read.seed, pools: set.file };
  const pools = poolsOf(set.file, policies.extend(catalogue));

  const recorder = new RecordingLines();
  const outcome = await simulate(scenario, pools, set.label, flags.record === undefined ? {} : recorder);
  const onDemandOnly = await simulateOnDemandOnly(scenario, pools);
  const original = await simulateOriginal(scenario, pools);
  const broken = await brokenPromises(scenario, policies.extend(catalogue));
  const verdicts = [
    ...verdictsOf(scenario.expectations, outcome, onDemandOnly),
    ...(scenario.promises.length === 0 ? [] : [promisesVerdict(broken)]),
  ];

  if (flags.record !== undefined)
    await writeRecording(flags.record, scenario.name, set.file, recorder.among(conditionsOf(scenario)));
  if (flags.report !== undefined)
    await writeWhole(flags.report, reportHtml({ outcome, onDemandOnly, original, verdicts, again: again() }));

  if (flags.json) process.stdout.write(`${JSON.stringify(simulateJson(outcome, onDemandOnly, original, verdicts))}\n`);
  else {
    const columns = columnsOf(process.stdout);
    process.stdout.write(`${resultText({ outcome, onDemandOnly, original, verdicts }, widthOf(process.stdout))}\n\n`);
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
