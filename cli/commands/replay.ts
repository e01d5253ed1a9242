import { Command } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import { poolsFileOf } from '../../src/config/readPools.ts';
import { isoOf } from '../../src/domain/time.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { type Departure, replay } from '../../src/keeper/replay.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { namedPolicies, type PolicyFlags, withPolicyFlags } from '../options.ts';
import { policySets } from '../policySets.ts';
import { openRecording } from '../recordings.ts';

/** `replay FILE`: today's code on recorded facts; names the first line at which it asks for something else. */
export const command = (): Command =>
  withPolicyFlags(
    new Command('replay')
      .description('feed a recording to the keeper and name the first line at which it asks for something else')
      .argument('<file>', 'a recording, as written by simulate --record (.gz accepted)')
      .option('--json', 'print one JSON value'),
    false,
  ).action(async (path: string, flags: PolicyFlags & { readonly json?: true }) => {
    const recording = await openRecording(path);
    const recorded = poolsFileOf(recording.header.pools, path, catalogue);
    const [set] = policySets(recorded, namedPolicies(flags), catalogue);
    const pools = poolsOf(set?.file ?? recorded, catalogue);
    const { turns, departure } = await replay(newKeeper(pools), step, recording.turns());
    if (flags.json) {
      process.stdout.write(
        `${JSON.stringify({ file: path, policies: set?.label, turns, departure: departure ?? null })}\n`,
      );
    } else if (departure === undefined) {
      process.stdout.write(`${path}: ${turns} turns replayed, no departure (${set?.label ?? ''})\n`);
    } else process.stdout.write(textOf(path, departure));
    process.exitCode = departure === undefined ? 0 : 1;
  });

function textOf(path: string, { line, fact, recorded, asked }: Departure): string {
  const list = (effects: readonly object[]): string =>
    effects.length === 0 ? '    nothing\n' : effects.map((effect) => `    ${JSON.stringify(effect)}\n`).join('');
  return [
    `${path}:${line}: departs at ${isoOf(fact.at)}, on ${fact.type}\n`,
    `  recorded:\n${list(recorded)}`,
    `  asked now:\n${list(asked)}`,
  ].join('');
}
