import type { Command } from 'commander';
import { onTestFinished, vi } from 'vitest';

/** What a command prints on stdout. */
export async function outputOf(command: Command, ...args: readonly string[]): Promise<string> {
  let printed = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
  onTestFinished(() => {
    stdout.mockRestore();
  });
  await command.exitOverride().parseAsync(args, { from: 'user' });
  stdout.mockRestore();
  return printed;
}
