import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SUBCOMMANDS } from '../../cli/subcommands.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import { expectWrittenPart } from '../support/writtenPart.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(resolve(ROOT, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows a pools file that can be used as it stands', () => {
    const [, text = ''] = /```yaml pools\n([\s\S]*?)```/.exec(README) ?? [];
    expect(readPools(text, 'README.md', catalogue).pools).toHaveLength(1);
  });

  it('lists the commands', async () => {
    const rows = Object.values(SUBCOMMANDS).map(
      ({ usage, about }) => `| \`${usage.replaceAll('|', '\\|')}\` | ${about} |`,
    );
    await expectWrittenPart(resolve(ROOT, 'README.md'), 'commands', [
      '| command | what for |',
      '| --- | --- |',
      ...rows,
    ]);
  });

  it('names no command that there is not', () => {
    const named = [...README.matchAll(/spot-keeper (\w+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(Object.keys(SUBCOMMANDS)).toContain(name);
  });

  it('links to what exists', () => {
    for (const [, target = ''] of README.matchAll(/\]\(((?!https?:)[^)#]+)\)/g))
      expect(existsSync(resolve(ROOT, target)), target).toBe(true);
  });
});
