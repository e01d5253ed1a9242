#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { BadInput } from '../src/config/mistakes.ts';

/** The commands, each in a file of its own, loaded only when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: () => Command }>>> = {};

/** Runs the command line; answers the exit code: 0 done, 1 what was asked about does not hold, 2 wrong usage or bad input. */
async function main(args: readonly string[]): Promise<number> {
  const program = new Command('spot-keeper')
    .description(
      'Keeps a pool of fixed-duration EC2 instances for CI jobs; simulates a recorded week with the same machine',
    )
    .showSuggestionAfterError()
    .exitOverride();
  for (const load of Object.values(COMMANDS)) program.addCommand((await load()).command().exitOverride());
  try {
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    const again = `again: spot-keeper ${args.map(quoted).join(' ')}`;
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) process.stderr.write(`${again}\n`);
      return error.exitCode === 0 ? 0 : 2;
    }
    if (error instanceof BadInput) {
      process.stderr.write(`${error.message}\n${again}\n`);
      return 2;
    }
    throw error;
  }
}

const quoted = (arg: string): string => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`);

// A reader that stops early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
