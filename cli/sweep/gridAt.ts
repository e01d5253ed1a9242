import { readFile } from 'node:fs/promises';
import { type Grid, readGrid } from '../../sim/grid/readGrid.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { reasonOf } from '../files.ts';

/** A grid's text, and what it says. */
export interface GivenGrid {
  readonly text: string | undefined;
  readonly grid: Grid | undefined;
}

/** The grid of `--grid`; what is wrong with it is put to the mistakes. */
export async function gridAt(path: string | undefined, mistakes: Mistake[]): Promise<GivenGrid> {
  if (path === undefined) {
    mistakes.push({ file: '--grid', message: 'expected a file that says which settings are varied, found nothing' });
    return { text: undefined, grid: undefined };
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    mistakes.push({ file: path, message: `cannot be read: ${reasonOf(error)}` });
    return undefined;
  });
  return { text, grid: text === undefined ? undefined : gathered(mistakes, () => readGrid(text, path)) };
}

/** What the work returns; undefined where its input was bad, and then that is put to the mistakes. */
export function gathered<Value>(mistakes: Mistake[], work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    mistakes.push(...error.mistakes);
    return undefined;
  }
}
