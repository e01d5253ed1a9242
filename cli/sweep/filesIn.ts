import { open, readdir, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { RESULTS_FORMAT } from './results.ts';

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
      if (name.startsWith('..') || name.endsWith('.part')) continue;
      const at = posix.join(folder, path);
      // A link that leads nowhere is no file that a scenario reads.
      const what = await stat(at).catch(() => undefined);
      if (what?.isDirectory() === true) await look(path, depth + 1);
      else if (what?.isFile() === true && !(name.endsWith('.jsonl') && (await isResults(at)))) found.push(path);
    }
  }
}

/** A link may lead to a folder that it is in. */
const DEEPEST = 8;

/** Results of other shards may be written beside these at the same time, and be empty still. Other lines of JSON may be jobs of the week. */
async function isResults(path: string): Promise<boolean> {
  const start = `{"format":"${RESULTS_FORMAT}"`;
  // What cannot be read is told where it is to be read whole.
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(start.length) });
    return start.startsWith(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}
