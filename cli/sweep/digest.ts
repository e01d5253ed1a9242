import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

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
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !left.has(resolve(path)) && !RESULTS.test(path))
      .toSorted();
    for (const path of files) {
      add(path.slice(folder.length));
      // A link may lead to a folder, of which a scenario reads nothing.
      add(await readFile(path).catch(() => ''));
    }
  }
  return hash.digest('hex');
}

/** Results of other shards, which may be written beside these at the same time. */
const RESULTS = /\.jsonl$|\.part$/;
