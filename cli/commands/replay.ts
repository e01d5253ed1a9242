import { dirname } from 'node:path';
import { Command } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { poolsFileOf } from '../../src/config/readPools.ts';
import { isoOf } from '../../src/domain/time.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { type Departure, replay } from '../../src/keeper/replay.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { besideFolder } from '../../src/userPolicies/besideFolder.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { translationOf } from '../../src/world/recording.ts';
import { readAlternatives } from '../alternatives.ts';
import type { Base } from '../choices.ts';
import { type PolicyFlags, withPolicyFlags } from '../options.ts';
import { type PolicySet, policySets } from '../policySets.ts';
import { openRecording } from '../recordings.ts';
import { faultLines, withUserPolicies } from '../userPolicies.ts';

interface Flags extends PolicyFlags {
  readonly policies?: string;
  readonly json?: true;
}

/** `replay FILE`: today's code on recorded facts; names the first line at which it asks for something else. */
export const command = (): Command =>
  withPolicyFlags(
    new Command('replay')
      .description('feed a recording to the keeper and name the first line at which it asks for something else')
      .argument('<file>', 'a recording, as written by simulate --record (.gz accepted)')
      .option('--policies <dir>', 'where the policies are that the recording names by path; by default beside it')
      .option('--json', 'print one JSON value'),
    false,
  ).action((path: string, flags: Flags) => withUserPolicies((policies) => run(path, flags, policies)));

async function run(path: string, flags: Flags, policies: UserPolicies): Promise<void> {
  const recording = await openRecording(path);
  const translation = translationOf(recording.header);
  if (translation !== undefined) process.stderr.write(`${path}: ${translation}\n`);
  // A recording is data: by itself it may name policies that came with it, and no other file of this machine.
  const folder = flags.policies ?? dirname(path);
  const within = { folder, name: "the recording's folder (--policies DIR names another)" };
  const beside = besideFolder({ folder, policies, ...(flags.policies === undefined ? { within } : {}) });
  const recorded = poolsFileOf(recording.header.pools, path, catalogue, beside);
  const set = setOf({ file: recorded, folder, beside: besideFolder({ folder, policies }) }, flags);
  const pools = poolsOf(set.file, policies.extend(catalogue));
  const { turns, departure } = await replay(newKeeper(pools), step, recording.turns());
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ file: path, policies: set.label, turns, departure: departure ?? null })}\n`,
    );
  } else if (departure === undefined) {
    process.stdout.write(`${path}: ${turns} turns replayed, no departure (${set.label})\n`);
  } else process.stdout.write(textOf(path, departure));
  process.exitCode = departure === undefined ? 0 : 1;
  process.stderr.write(faultLines(policies.faults()));
}

/** The recorded pools with what the flags put in: one policy a slot. */
function setOf(base: Base, flags: PolicyFlags): PolicySet {
  const mistakes: Mistake[] = [];
  const alternatives = readAlternatives(flags, mistakes);
  if (mistakes.length > 0) throw new BadInput(mistakes);
  const [set, ...more] = policySets(base, alternatives, catalogue);
  if (set === undefined || more.length > 0)
    throw new BadInput([{ file: 'replay', message: 'expected one policy for each slot' }]);
  return set;
}

function textOf(path: string, { line, fact, recorded, asked }: Departure): string {
  const list = (effects: readonly object[]): string =>
    effects.length === 0 ? '    nothing\n' : effects.map((effect) => `    ${JSON.stringify(effect)}\n`).join('');
  return [
    `${path}:${line}: departs at ${isoOf(fact.at)}, on ${fact.type}\n`,
    `  recorded:\n${list(recorded)}`,
    `  asked now:\n${list(asked)}`,
  ].join('');
}
