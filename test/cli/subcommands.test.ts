import { describe, expect, it } from 'vitest';
import { SUBCOMMANDS } from '../../cli/subcommands.ts';

describe.each(Object.entries(SUBCOMMANDS))('%s', (name, { usage, about, load }) => {
  it('is called as it is listed, and says what it does', async () => {
    const command = (await load()).command();
    expect(command.name()).toBe(name);
    expect(usage.split(' ')[0]).toBe(name);
    expect(about).not.toBe('');
    expect(command.description()).not.toBe('');
  });

  it('has a help that names each of its options', async () => {
    const command = (await load()).command();
    const help = command.helpInformation();
    for (const { long, description } of command.options) {
      expect(help).toContain(long);
      expect(description, String(long)).not.toBe('');
    }
  });
});
