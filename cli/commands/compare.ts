import { Command } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import { compareHtml } from '../../report/compareHtml.ts';
import { compareText } from '../../report/compareText.ts';
import type { Comparison, Outcome } from '../../sim/outcome.ts';
import { type CompareJson, outcomeJson } from '../../sim/result/json.ts';
import { savingOf } from '../../sim/result/verdicts.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { simulate, simulateOnDemandOnly, simulateOriginal } from '../../sim/simulate.ts';
import { isoOf } from '../../src/domain/time.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { again } from '../again.ts';
import { writeWhole } from '../files.ts';
import { namedPolicies, type PolicyFlags, wholeNumber, withPolicyFlags } from '../options.ts';
import { progressOn } from '../output/progress.ts';
import { widthOf } from '../output/terminal.ts';
import { type PolicySet, policySets } from '../policySets.ts';
import { faultLines, namedFrom, poolsFolderOf, withUserPolicies } from '../userPolicies.ts';

interface Flags extends PolicyFlags {
  readonly json?: true;
  readonly report?: string;
  readonly seed?: number;
}

/** `compare DIR`: the same week under several policies, beside on-demand only and the original scripts. */
export const command = (): Command =>
  withPolicyFlags(
    new Command('compare')
      .description('run a scenario under several policies and show them beside the baselines')
      .argument('<dir>', 'a scenario folder')
      .option('--seed <number>', 'another seed than the scenario names', wholeNumber)
      .option('--report <file>', 'write a report with pictures, one self-contained HTML file')
      .option('--json', 'print one JSON value'),
    true,
  ).action((dir: string, flags: Flags) => withUserPolicies((policies) => run(dir, flags, policies)));

async function run(dir: string, flags: Flags, policies: UserPolicies): Promise<void> {
  const read = await readScenario(dir, catalogue, policies);
  const { named, beside } = namedFrom(await poolsFolderOf(dir), namedPolicies(flags), policies);
  const sets = policySets(read.pools, named, catalogue, beside);
  const scenario = { ...read, seed: flags.seed ?? read.seed };
  const comparison = await compare(scenario, sets, policies.extend(catalogue));

  if (flags.report !== undefined) await writeWhole(flags.report, compareHtml(comparison, again()));
  if (flags.json) process.stdout.write(`${JSON.stringify(jsonOf(comparison))}\n`);
  else {
    process.stdout.write(`${compareText(comparison, widthOf(process.stdout))}\n`);
    if (flags.report !== undefined) process.stdout.write(`\nwrote ${flags.report}\n`);
  }
  process.stderr.write(faultLines(policies.faults()));
}

async function compare(scenario: Scenario, sets: readonly PolicySet[], known: Catalogue): Promise<Comparison> {
  const pools = poolsOf(scenario.pools, known);
  const progress = progressOn(process.stderr, { label: 'weeks', total: sets.length + 2 });
  const done = (outcome: Outcome): Outcome => {
    progress.advance();
    return outcome;
  };
  const outcomes: Outcome[] = [];
  for (const { label, file } of sets)
    outcomes.push(done(await simulate({ ...scenario, pools: file }, poolsOf(file, known), label)));
  const onDemandOnly = done(await simulateOnDemandOnly(scenario, pools));
  const original = done(await simulateOriginal(scenario, pools));
  progress.end();
  return { outcomes, onDemandOnly, original };
}

function jsonOf({ outcomes, onDemandOnly, original }: Comparison): CompareJson {
  return {
    scenario: onDemandOnly.scenario,
    seed: onDemandOnly.seed,
    from: isoOf(onDemandOnly.from),
    until: isoOf(onDemandOnly.until),
    variants: outcomes.map((outcome) => ({ ...outcomeJson(outcome), saving: savingOf(outcome, onDemandOnly) })),
    baselines: { onDemandOnly: outcomeJson(onDemandOnly), original: outcomeJson(original) },
  };
}
