import { readdir, stat } from 'node:fs/promises';
import { posix } from 'node:path';

/**
 * The files of a scenario folder by their paths in it, in order: all but results of sweeps. Links are followed, and names that begin with
 * two dots are left out: where a ConfigMap is mounted, the files are links, and such a folder holds what they lead to.
 */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  await look('', 0);
  return found.toSorted();

  async function look(within: string, depth: number): Promise<void> {
    if (depth > DEEPEST) return;
    for (const name of await readdir(posix.join(folder, within))) {
      const path = posix.join(within, name);
      if (name.startsWith('..') || RESULTS.test(name)) continue;
      // A link that leads nowhere is no file that a scenario reads.
      const what = await stat(posix.join(folder, path)).catch(() => undefined);
      if (what?.isDirectory() === true) await look(path, depth + 1);
      else if (what?.isFile() === true) found.push(path);
    }
  }
}

/** A link may lead to a folder that it is in. */
const DEEPEST = 8;

/** Results of other shards, which may be written beside these at the same time. */
const RESULTS = /\.jsonl$|\.part$/;
