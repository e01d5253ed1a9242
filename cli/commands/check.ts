import { basename, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { writeCounterexample } from '../../check/writeCounterexample.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { stripChart } from '../../report/stripChart.ts';
import { simulate } from '../../sim/simulate.ts';
import { isPolicyPath } from '../../src/config/beside.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { suggestion } from '../../src/config/suggest.ts';
import { isoOf, minutes } from '../../src/domain/time.ts';
import { POLICY_SLOTS, type PolicySlot } from '../../src/policy/definePolicy.ts';
import { promiseOf } from '../../src/policy/waivers.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { quoted } from '../again.ts';
import { runCheck } from '../checkRun.ts';
import type { CheckTask } from '../checkThread.ts';
import { givenOptions } from '../givenOptions.ts';
import { wholeNumber } from '../options.ts';
import { paintStripChart } from '../output/paint.ts';
import { columnsOf } from '../output/terminal.ts';
import { withUserPolicies } from '../userPolicies.ts';

interface Flags {
  readonly slot?: PolicySlot;
  readonly options?: string;
  readonly runs: number;
  readonly seed?: number;
  readonly minutes?: number;
  readonly path?: string;
  readonly into?: string;
  readonly json?: true;
}

/** `check POLICY`: random worlds in search of one in which the policy breaks a promise; the smallest is written down. */
export const command = (): Command =>
  new Command('check')
    .description('try a policy in random worlds, and write down the smallest in which it breaks a promise')
    .argument('<policy>', 'a policy by name, or a file such as ./my-renewal.ts')
    .addOption(new Option('--slot <slot>', 'the slot of a name that several slots have').choices(POLICY_SLOTS))
    .option('--options <options>', "options of the policy: '{ lead: 20m }', or JSON; its defaults if left out")
    .option('--runs <number>', 'worlds to try', wholeNumber, 1_000)
    .option('--seed <number>', 'where chance starts from; drawn and printed if left out', wholeNumber)
    .option('--minutes <number>', 'stop after so many minutes, however many worlds were tried', wholeNumber)
    .option('--path <path>', 'go straight to one world of the seed, as a failure names it')
    .option('--into <dir>', 'where a counterexample is written; counterexample-POLICY if left out')
    .option('--json', 'print one JSON value')
    .action((policy: string, flags: Flags) => withUserPolicies((policies) => check(asPath(policy), flags, policies)));

async function check(policy: string, flags: Flags, policies: UserPolicies): Promise<void> {
  const slot = sought(policy, flags.slot, policies);
  const { options, files } = givenOptions(slot, policy, flags.options, policies);
  // A seed is needed that nobody chose; it is printed, and so the run can be had again.
  const seed = flags.seed ?? Date.now() % 2 ** 31;
  const { runs } = flags;
  const task: CheckTask = {
    slot,
    name: policy,
    options,
    runs,
    seed,
    files,
    ...(flags.path === undefined ? {} : { path: flags.path }),
    ...(flags.minutes === undefined ? {} : { limitMs: minutes(flags.minutes) }),
  };
  const { tried, seconds, world, broken, path, shrinks, ...found } = await runCheck(task);
  const rate = `${Math.round(tried / Math.max(seconds, 0.001))} worlds a second`;
  const again = ['spot-keeper check', policy, flags.slot === undefined ? '' : `--slot ${flags.slot}`]
    .concat(flags.options === undefined ? '' : `--options ${quoted(flags.options)}`, `--seed ${seed}`)
    .concat(path === undefined ? `--runs ${runs}` : `--path ${path}`)
    .filter((part) => part !== '')
    .join(' ');

  if (world === undefined || broken === undefined) {
    if (flags.json) print({ policy, slot, runs: tried, seed, seconds, counterexample: null });
    else process.stdout.write(`${policy} holds: ${tried} worlds, ${rate}, seed ${seed}${waivedText(slot, policy)}\n`);
    return;
  }
  const dir = flags.into ?? `counterexample-${basename(policy).replace(/\.\w+$/, '')}`;
  const catalogueHere = policies.extend(catalogue);
  const scenario =
    found.scenario ??
    scenarioOf(world, choicesIn({ slot, name: policy, options, catalogue: catalogueHere }, world), [slot]);
  await writeCounterexample(dir, scenario, broken, files);
  process.exitCode = 1;
  if (flags.json) {
    print({
      policy,
      slot,
      runs: tried,
      seed,
      seconds,
      counterexample: { ...broken, at: isoOf(broken.at), path, folder: dir, world },
    });
    process.stderr.write(`again: ${again}\n`);
    return;
  }
  const outcome = await simulate(scenario, poolsOf(scenario.pools, catalogueHere), policy);
  const chart = stripChart(outcome, { columns: columnsOf(process.stdout) });
  process.stdout.write(
    [
      `${policy} breaks a promise, in world ${tried} (${rate}, seed ${seed}; made smaller ${shrinks} times)`,
      `${broken.promise}: ${broken.sentence}`,
      '',
      paintStripChart(chart, process.stdout),
      '',
      `wrote ${dir}; see it there: spot-keeper simulate ${dir}`,
      `again: ${again}`,
      '',
    ].join('\n'),
  );
}

/** A file by its name alone, or by a path from here: in a pools file it would have to begin with ./ */
const asPath = (policy: string): string =>
  !isPolicyPath(policy) && /\.[cm]?[jt]s$/.test(policy) ? `./${policy}` : policy;

function sought(policy: string, wanted: PolicySlot | undefined, policies: UserPolicies): PolicySlot {
  if (isPolicyPath(policy)) {
    const loaded = policies.load(policy, resolve(policy));
    if ('definition' in loaded) return loaded.slot;
    throw new BadInput([{ file: policy, ...loaded.place, message: loaded.message }]);
  }
  const slots = POLICY_SLOTS.filter((slot) => Object.hasOwn(catalogue[slot], policy) && (wanted ?? slot) === slot);
  const [slot] = slots;
  if (slot !== undefined) return slot;
  const names = POLICY_SLOTS.flatMap((one) => Object.keys(catalogue[one]));
  const message = `expected one of ${names.join(', ')}, or a path that begins with ./, ../ or /; found "${policy}"${suggestion(policy, names)}`;
  throw new BadInput([{ file: 'check', message }]);
}

function waivedText(slot: PolicySlot, policy: string): string {
  const waives = catalogue[slot][policy]?.waives ?? [];
  return waives.length === 0 ? '' : `; it makes no promise about ${waives.map(promiseOf).join(', ')}`;
}

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};
