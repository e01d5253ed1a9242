import { Command, CommanderError } from 'commander';
import { BadInput } from '../src/config/mistakes.ts';
import { again } from './again.ts';
import { release } from './release.ts';
import { SUBCOMMANDS } from './subcommands.ts';

/** Runs the command line. Returns the exit code: 0 done, 1 what was asked about does not hold, 2 wrong usage or bad input. */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('spot-keeper')
    .description(
      'Keeps a pool of fixed-duration EC2 instances for CI jobs on Kubernetes, and shows what a recorded week would have cost with it',
    )
    .version(release)
    .showSuggestionAfterError()
    .exitOverride();
  // `help NAME` is `NAME --help`.
  const given = args[0] === 'help' && args[1] !== undefined ? [args[1], '--help'] : args;
  // Only the one that is asked for is loaded; of the others the help needs no more than a line.
  for (const [name, { usage, about, load }] of Object.entries(SUBCOMMANDS))
    program.addCommand(
      (name === given[0] ? (await load()).command() : listed(name, usage, about))
        .exitOverride()
        .showSuggestionAfterError(),
    );
  try {
    if (given.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(given, { from: 'user' });
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

/** A subcommand as the help lists it. */
const listed = (name: string, usage: string, about: string): Command =>
  new Command(name).description(about).usage(usage.split(' ').slice(1).join(' '));
