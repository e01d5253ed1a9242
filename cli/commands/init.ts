import { join } from 'node:path';
import { Command } from 'commander';
import { writeStarter } from '../../sim/scenario/starter.ts';

/** `spot-keeper init DIR`: a scenario to start from. */
export function command(): Command {
  return new Command('init')
    .description('write a commented scenario to start from, which can be simulated at once')
    .argument('<dir>', 'a folder that is empty or does not exist yet')
    .addHelpText('after', '\nexample: spot-keeper init my-week && spot-keeper simulate my-week')
    .action(async (dir: string) => {
      for (const path of await writeStarter(dir)) process.stdout.write(`wrote ${join(dir, path)}\n`);
      process.stdout.write(`next: spot-keeper simulate ${dir}\n`);
    });
}
