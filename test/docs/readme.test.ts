import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import { spotKeeper } from '../support/command.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(resolve(ROOT, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows a pools file that can be used as it stands', () => {
    const [, text = ''] = /```yaml pools\n([\s\S]*?)```/.exec(README) ?? [];
    expect(readPools(text, 'README.md', catalogue).pools).toHaveLength(1);
  });

  it('names commands that there are, and all of them', () => {
    const named = new Set(
      [...README.matchAll(/spot-keeper (\w+)|^\| `(\w+)[ `]/gm)].map(([, inText, inTable]) => inText ?? inTable),
    );
    const there = [...spotKeeper(['--help']).stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    expect(there.length).toBeGreaterThan(5);
    for (const name of there) if (name !== 'help') expect([...named], name).toContain(name);
  });

  it('links to what exists', () => {
    for (const [, target = ''] of README.matchAll(/\]\(((?!https?:)[^)#]+)\)/g))
      expect(existsSync(resolve(ROOT, target)), target).toBe(true);
  });
});
