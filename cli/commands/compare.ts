import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import { compareText } from '../../report/compareText.ts';
import { compareHtml } from '../../report/html/compareHtml.ts';
import type { Comparison, Rivals, Variant } from '../../sim/outcome.ts';
import { bestOf } from '../../sim/result/best.ts';
import { baselinesJson, type CompareJson, outcomeJson } from '../../sim/result/json.ts';
import { RIVALS } from '../../sim/result/rivalry.ts';
import { savingOf } from '../../sim/result/verdicts.ts';
import { simulate } from '../../sim/simulate.ts';
import type { Mistake } from '../../src/config/mistakes.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import { isoOf } from '../../src/domain/time.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { again } from '../again.ts';
import { readAlternatives } from '../alternatives.ts';
import { expectWritable, writeWhole } from '../files.ts';
import { startRivals } from '../groupsApart.ts';
import { type AlternativeTexts, wholeNumber, withPolicyFlags, withPoolsFlags } from '../options.ts';
import { paintResult } from '../output/paint.ts';
import { progressOn } from '../output/progress.ts';
import { widthOf } from '../output/terminal.ts';
import { commonOf } from '../policySets.ts';
import { faultLines, fromSeveralFolders, withUserPolicies } from '../userPolicies.ts';
import { type Setting, type Worlds, worldsOf } from '../worlds.ts';

interface Flags extends AlternativeTexts {
  readonly json?: true;
  readonly report?: string;
  readonly seed?: number;
}

/** A comparison of which every rival was run. */
type Whole = Comparison & { readonly rivals: Rivals };

/** `compare DIR`: the same week under several sets of pools, beside everything that people can have instead. */
export const command = (): Command =>
  withPoolsFlags(
    withPolicyFlags(
      new Command('compare')
        .description(
          'run a scenario under several pools and policies, every combination, and show them beside their rivals',
        )
        .argument('<dir>', 'a scenario folder')
        .option('--seed <number>', 'another seed than the scenario names', wholeNumber)
        .option('--report <file>', 'write a report with pictures, one self-contained HTML file')
        .option('--json', 'print one JSON value'),
      true,
    ),
    true,
  ).action((dir: string, flags: Flags) =>
    withUserPolicies((policies) => run(dir, flags, fromSeveralFolders(policies))),
  );

async function run(dir: string, flags: Flags, policies: UserPolicies): Promise<void> {
  expectWritable([flags.report]);
  const mistakes: Mistake[] = [];
  const alternatives = readAlternatives(flags, mistakes);
  const worlds = await worldsOf(dir, alternatives, policies, mistakes);
  const comparison = await compare(worlds, flags, policies.extend(catalogue));

  if (flags.report !== undefined) await writeWhole(flags.report, compareHtml(comparison, again()));
  if (flags.json) process.stdout.write(`${JSON.stringify(jsonOf(comparison))}\n`);
  else {
    process.stdout.write(`${paintResult(compareText(comparison, widthOf(process.stdout)), process.stdout)}\n`);
    if (flags.report !== undefined) process.stdout.write(`\nwrote ${flags.report}\n`);
  }
  process.stderr.write(faultLines(policies.faults()));
}

async function compare({ worlds, scenario: read }: Worlds, { seed, json }: Flags, known: Catalogue): Promise<Whole> {
  const made = (file: PoolsFile) => poolsOf(file, known);
  // The rivals have two references beside them, which are reckoned and not run.
  const progress = progressOn(process.stderr, { label: 'runs', total: worlds.length + RIVALS.length + 2 });
  const scenario = { ...read, seed: seed ?? read.seed };
  const advance = (): void => {
    progress.advance();
  };
  const coming = startRivals({ scenario, pools: made(read.pools), poolsOf: made }, advance);
  try {
    const variants: Variant[] = [];
    for (const world of worlds) {
      // Only the JSON has the digest.
      const outcome = await simulate({ ...world.scenario, seed: scenario.seed }, made(world.file), world.label, {
        digest: json === true,
      });
      variants.push({
        name: world.name,
        chosenBy: chosenBy(world, read.pools),
        outcome,
      });
      advance();
    }
    return { variants, rivals: await coming.all(), common: commonOf(worlds.map(({ file }) => file)) };
  } finally {
    await coming.stop();
    progress.end();
  }
}

/** How to have a variant: which file to take, and what to write in it; empty for the scenario's pools as they are. */
function chosenBy({ written, path, file }: Setting, own: PoolsFile): string {
  if (path === undefined && isDeepStrictEqual(file, own)) return '';
  const take = path === undefined ? '' : `take ${path}`;
  if (written.length === 0) return take;
  return [take, `write ${written.join(' and ')}${path === undefined ? ' in the pools file' : ''}`]
    .filter((part) => part !== '')
    .join(' and ');
}

function jsonOf(comparison: Whole): CompareJson {
  const { variants, rivals } = comparison;
  const { outcome: onDemandOnly } = rivals.onDemandOnly;
  return {
    scenario: onDemandOnly.scenario,
    seed: onDemandOnly.seed,
    from: isoOf(onDemandOnly.from),
    until: isoOf(onDemandOnly.until),
    variants: variants.map(({ name, chosenBy: how, outcome }) => ({
      name,
      chosenBy: how,
      ...outcomeJson(outcome),
      saving: savingOf(outcome, onDemandOnly),
    })),
    baselines: baselinesJson(rivals),
    best: bestOf(comparison).name,
  };
}
