import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { type Distillation, distilInto } from '../../data/distil/distilInto.ts';
import { importOptions } from '../../data/import/options.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { besideFolder } from '../../src/userPolicies/besideFolder.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { reasonOf } from '../files.ts';
import { flagValues } from '../flagValues.ts';
import { withUserPolicies } from '../userPolicies.ts';

interface Flags {
  readonly into: string;
  readonly from?: string;
  readonly until?: string;
  readonly onDemand?: string;
  readonly policies?: string;
}

/** `distil RECORDING… --into DIR`: a scenario of what was recorded. */
export const command = (): Command =>
  new Command('distil')
    .description('make a scenario of recordings, to ask what that week would have cost')
    .argument('<recording...>', 'recordings of run, record or simulate (.gz accepted), or folders of them')
    .requiredOption('--into <dir>', 'the folder of the scenario, which must be empty or missing')
    .option('--from <instant>', 'where the scenario begins; by default with the recording')
    .option('--until <instant>', 'where it ends; by default with the recording')
    .option('--on-demand <type=usd,...>', 'on-demand prices, USD per hour; by default those of the pools file')
    .option('--policies <dir>', 'where the policies are that the recorded pools name by path; by default beside it')
    .addHelpText('after', '\nWhatever was assumed or put together is printed, and kept in composed: of scenario.yaml.')
    .action((recordings: string[], flags: Flags) => withUserPolicies((policies) => run(recordings, flags, policies)));

async function run(recordings: readonly string[], flags: Flags, policies: UserPolicies): Promise<void> {
  const values = flagValues();
  const [from, until] = [values.instant('--from', flags.from), values.instant('--until', flags.until)];
  values.check();
  const { onDemand } = importOptions({
    shift: true,
    ...(flags.onDemand === undefined ? {} : { onDemand: flags.onDemand }),
  });
  const files = await partsAt(recordings);
  // A recording is data: by itself it may name policies that came with it, and no other file of this machine.
  const policyFolder = flags.policies ?? dirname(files[0] ?? '.');
  const within = { folder: policyFolder, name: "the recording's folder (--policies DIR names another)" };
  const beside = besideFolder({ folder: policyFolder, policies, within });
  const done = await distilInto(flags.into, files, { from, until, onDemand, catalogue, policyFolder, beside });
  process.stdout.write(reportOf(flags.into, done));
}

const PART = /^recording-.*\.jsonl(?:\.gz)?$/;

/** The files that are named, and the parts in folders that are. @throws BadInput with everything that is neither */
async function partsAt(paths: readonly string[]): Promise<readonly string[]> {
  const mistakes: Mistake[] = [];
  const files: string[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        files.push(path);
        continue;
      }
      const parts = (await readdir(path)).filter((name) => PART.test(name)).sort();
      if (parts.length === 0) mistakes.push({ file: path, message: 'expected recordings in the folder, found none' });
      files.push(...parts.map((name) => join(path, name)));
    } catch (error) {
      mistakes.push({ file: path, message: `cannot be read: ${reasonOf(error)}` });
    }
  }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return [...new Set(files)];
}

function reportOf(dir: string, { files, composed, notes }: Distillation): string {
  const folder = dir.replace(/\/$/, '');
  const lines = [
    ...notes,
    ...composed.map((sentence) => `composed: ${sentence}`),
    ...files.map((file) => `wrote ${folder}/${file}`),
    `next: spot-keeper simulate ${folder}`,
    `next: spot-keeper compare ${folder} --renewal surge,drainFirst`,
  ];
  return `${lines.join('\n')}\n`;
}
