import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Output, writeTogether } from '../../../sim/scenario/writeTogether.ts';
import { aFolder } from './aFolder.ts';

const saying = (path: string, text: string): Output => ({ path, write: (name) => writeFile(name, text) });
const failing: Output = { path: 'b.txt', write: () => Promise.reject(new Error('disk full')) };

describe('files that are written together', () => {
  it('stand in their folders, and nothing else does', async () => {
    const dir = await aFolder();
    await writeTogether(join(dir, 'new'), [saying('data/a.txt', 'a'), saying('b.txt', 'b')]);
    expect((await readdir(join(dir, 'new'), { recursive: true })).toSorted()).toEqual(['b.txt', 'data', 'data/a.txt']);
  });

  it('are left as they were where one cannot be written', async () => {
    const dir = await aFolder({ 'a.txt': 'old' });
    await expect(writeTogether(dir, [saying('a.txt', 'new'), failing])).rejects.toThrow('disk full');
    expect(await readdir(dir)).toEqual(['a.txt']);
    expect(await readFile(join(dir, 'a.txt'), 'utf8')).toBe('old');
  });

  it('leave no folder behind that was made for them in vain', async () => {
    const dir = await aFolder();
    await expect(writeTogether(join(dir, 'x/y'), [failing])).rejects.toThrow('disk full');
    expect(await readdir(dir)).toEqual([]);
  });

  it('in a place that is no folder are a mistake of the user', async () => {
    const dir = await aFolder({ 'a.txt': 'old' });
    await expect(writeTogether(join(dir, 'a.txt'), [failing])).rejects.toThrow('a.txt: cannot be written to:');
  });
});
