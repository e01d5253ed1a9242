import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../support/chart.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');
const [, table = ''] =
  /<!-- invariants: [^]*?-->\n([^]*?)<!-- end of invariants -->/.exec(fileOf('docs/invariants.md')) ?? [];
const rows = table.split('\n').filter((line) => /^\| [A-Z]\d/.test(line));

describe('docs/invariants.md', () => {
  it('states those that following the jobs has changed', () => {
    const stated = rows.map((row) => /^\| (\w+)/.exec(row)?.[1]);
    expect(stated).toEqual(expect.arrayContaining(['S4', 'S5', 'S16', 'S23', 'L1']));
    expect(new Set(stated).size).toBe(stated.length);
  });

  it.each(rows)('says where each is held, in files that there are: %s', (row) => {
    const held = [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(held.length).toBeGreaterThan(0);
    for (const path of held) expect(existsSync(join(DOCS, path)), path).toBe(true);
  });
});
