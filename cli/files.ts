import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BadInput } from '../src/config/mistakes.ts';

/**
 * Writes a whole file or nothing: under a temporary name first, then renamed.
 *
 * @throws BadInput when the place cannot be written to.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new BadInput([{ file: path, message: `cannot be written: ${reasonOf(error)}` }]);
  }
}

/** What the operating system said, in words. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
