import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BadInput } from '../../src/config/mistakes.ts';
import { reasonOf } from '../files.ts';
import { filesIn } from './filesIn.ts';

/**
 * What results depend on, as one SHA-256: the texts that are given, and every file in the folders by its path and its content, but for
 * those that are written there.
 */
export async function digestOf(
  texts: readonly string[],
  folders: readonly string[],
  written: readonly (string | undefined)[],
): Promise<string> {
  const hash = createHash('sha256');
  const add = (part: string | Uint8Array): void => {
    hash.update(`${part.length}:`).update(part);
  };
  for (const text of texts) add(text);
  const left = new Set(written.flatMap((path) => (path === undefined ? [] : [resolve(path)])));
  for (const folder of folders) {
    add(folder);
    for (const path of await filesIn(folder)) {
      if (left.has(resolve(folder, path))) continue;
      add(path);
      add(await bytesOf(join(folder, path)));
    }
  }
  return hash.digest('hex');
}

/**
 * The content of a file.
 *
 * @throws BadInput where it cannot be read: results would say that they do not depend on it.
 */
export async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new BadInput([{ file: path, message: `cannot be read: ${reasonOf(error)}` }]);
  }
}
