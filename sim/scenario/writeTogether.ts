import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BadInput } from '../../src/config/mistakes.ts';

/** A file to be written: its path inside a folder, and what writes it under whatever name it is given. */
export interface Output {
  readonly path: string;
  readonly write: (name: string) => Promise<void>;
}

/**
 * Writes files into a folder, which is made if need be: first all of them under other names, then each is renamed to its
 * own. Where writing fails, nothing has changed; the last file in the list is the last to change.
 *
 * @throws BadInput where the folder cannot be written to.
 */
export async function writeTogether(dir: string, outputs: readonly Output[]): Promise<void> {
  let made: string | undefined;
  let staging: string | undefined;
  try {
    made = await mkdir(dir, { recursive: true });
    staging = await mkdtemp(join(dir, '.writing-'));
    for (const { path, write } of outputs) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await write(join(staging, path));
    }
    for (const { path } of outputs) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await rename(join(staging, path), join(dir, path));
    }
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new BadInput([{ file: dir, message: `cannot be written to: ${error.message}` }]);
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true });
  }
}
