import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ELSEWHERE, ROWS, UNSEEN } from './rows.ts';

const tests = new URL('../../', import.meta.url);

/** The rows that a test of this folder has in its title. */
const here = new Set(
  readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.ts') && name !== 'rows.test.ts')
    .flatMap((name) => readFileSync(new URL(name, import.meta.url), 'utf8').match(/\bF\d{2,3}\b/g) ?? []),
);

describe('the catalogue of faults', () => {
  it('is met in full: here, in another test, or for a reason nowhere', () => {
    const met = (row: string) => here.has(row) || row in ELSEWHERE || row in UNSEEN;
    expect(ROWS.filter((row) => !met(row))).toEqual([]);
  });

  it('has no row that is both told not to be seen and seen, and names no other rows', () => {
    const seen = [...here, ...Object.keys(ELSEWHERE)];
    expect(seen.filter((row) => row in UNSEEN)).toEqual([]);
    expect([...seen, ...Object.keys(UNSEEN)].filter((row) => !ROWS.includes(row))).toEqual([]);
  });

  it.each(Object.entries(ELSEWHERE))('%s is where it is said to be', (_, [file, words]) => {
    expect(readFileSync(new URL(file, tests), 'utf8').includes(words), `${file}: ${words}`).toBe(true);
  });
});
