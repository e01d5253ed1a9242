#!/usr/bin/env node
import { bornYoung } from '../sim/heap.ts';
import { release } from './release.ts';

// A reader that stops early (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const args = process.argv.slice(2);

// The release is asked for by scripts, at every build: nothing else is loaded for it.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) process.stdout.write(`${release}\n`);
else {
  bornYoung();
  process.exitCode = await (await import('./program.ts')).main(args);
}
