import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command } from '../../cli/commands/init.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { aFolder } from '../sim/scenario/aFolder.ts';
import { outputOf } from './outputOf.ts';

it.each(['new', 'not/yet/there', '.'])(
  'init writes a scenario that reads without a mistake (into %s)',
  async (name) => {
    const dir = join(await aFolder(), name);
    const printed = await outputOf(command(), dir);
    expect((await readdir(dir)).toSorted()).toEqual(['README.md', 'pools.yaml', 'scenario.yaml']);
    expect(printed).toContain(`next: spot-keeper simulate ${dir}`);

    const scenario = await readScenario(dir, catalogue);
    expect(scenario.jobs.length).toBeGreaterThan(1000);
    expect(scenario.composed).toEqual([
      'jobs are generated',
      'prices of spot are taken as 0.3 of the on-demand price throughout',
    ]);
  },
);

it('init explains itself: both files are commented', async () => {
  const dir = await aFolder();
  await outputOf(command(), dir);
  for (const file of ['pools.yaml', 'scenario.yaml'])
    expect((await readFile(join(dir, file), 'utf8')).match(/# /g)?.length).toBeGreaterThan(5);
});

it('init leaves a folder alone that has something in it', async () => {
  const dir = await aFolder({ 'notes.txt': 'mine' });
  const refused = outputOf(command(), dir);
  await expect(refused).rejects.toThrow(BadInput);
  await expect(refused).rejects.toThrow(`${dir}: expected an empty folder or none, found 1 entry: choose another`);
  expect(await readdir(dir)).toEqual(['notes.txt']);
});

it('init refuses a file in the place of a folder', async () => {
  const dir = await aFolder({ 'notes.txt': 'mine' });
  await expect(outputOf(command(), join(dir, 'notes.txt'))).rejects.toThrow('expected a folder, found a file');
  await expect(outputOf(command(), join(dir, 'notes.txt/week'))).rejects.toThrow(BadInput);
  expect(await readFile(join(dir, 'notes.txt'), 'utf8')).toBe('mine');
});
