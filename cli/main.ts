#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { BadInput } from '../src/config/mistakes.ts';
import { again } from './again.ts';
import { release } from './release.ts';
import { SUBCOMMANDS } from './subcommands.ts';

/** Runs the command line; answers the exit code: 0 done, 1 what was asked about does not hold, 2 wrong usage or bad input. */
async function main(args: readonly string[]): Promise<number> {
  const program = new Command('spot-keeper')
    .description(
      'Keeps a pool of fixed-duration EC2 instances for CI jobs on Kubernetes, and shows what a recorded week would have cost with it',
    )
    .version(release)
    .showSuggestionAfterError()
    .exitOverride();
  const asked = SUBCOMMANDS[args[0] ?? ''];
  const wanted = asked === undefined ? Object.values(SUBCOMMANDS) : [asked];
  for (const { load } of wanted) program.addCommand((await load()).command().exitOverride().showSuggestionAfterError());
  try {
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what is wrong; help and version are no errors.
      if (error.exitCode === 0) return 0;
      process.stderr.write(`again: ${again()}\n`);
      return 2;
    }
    if (error instanceof BadInput) {
      process.stderr.write(`${error.message}\nagain: ${again()}\n`);
      return 2;
    }
    process.stderr.write(`again: ${again()}\n`);
    throw error;
  }
}

// A reader that stops early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
