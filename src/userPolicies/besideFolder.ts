import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Beside, POLICY_PATH } from '../config/beside.ts';
import { saidBy } from '../policy/saidBy.ts';
import type { UserPolicies } from './userPolicies.ts';

export interface BesideFolder {
  /** The folder of the pools file: what paths are counted from. */
  readonly folder: string;
  /** The folder that no path may lead out of, and what to call it; without one any path will do. */
  readonly within?: { readonly folder: string; readonly name: string };
  /** Loads policies; without it they are refused. */
  readonly policies?: UserPolicies;
}

/** What stands beside a pools file is written by hand or by a calendar; more is a mistake. */
const MOST_BYTES = 1024 * 1024;

/** What stands beside a pools file on disk. */
export function besideFolder({ folder, within, policies }: BesideFolder): Beside {
  return {
    policy: (path) => {
      if (policies === undefined)
        return { mistakes: [{ message: `expected the name of a policy, found ${path}: files are not loaded here` }] };
      if (!POLICY_PATH.test(path))
        return { mistakes: [{ message: `expected a file that ends in .ts, .mts, .js or .mjs, found ${path}` }] };
      const message = obstacle(path);
      if (message !== undefined) return { mistakes: [{ message }] };
      const found = policies.load(path, realpathSync(resolve(folder, path)));
      if ('definition' in found) return found;
      return {
        mistakes: [
          { message: found.message, elsewhere: { file: isAbsolute(path) ? path : join(folder, path), ...found.place } },
        ],
      };
    },
    text: (path) => {
      const message = isAbsolute(path) ? 'expected a path from the pools file, found an absolute one' : obstacle(path);
      if (message !== undefined) return { obstacle: message };
      try {
        return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(folder, path))) };
      } catch (error) {
        // A TypeError is the decoder's; the file may also not be ours to read.
        const why =
          error instanceof TypeError ? 'found other bytes' : `found a file that cannot be read (${saidBy(error)})`;
        return { obstacle: `expected text in UTF-8, ${why} at ${path}` };
      }
    },
    extend: (catalogue) => policies?.extend(catalogue) ?? catalogue,
  };

  /** What stands in the way of reading the file at a path. */
  function obstacle(path: string): string | undefined {
    const file = resolve(folder, path);
    // By its letters first: whether a file exists outside is nobody's business.
    if (within !== undefined && leavesFolder(resolve(within.folder), file))
      return `expected a path inside ${within.name}, found ${path}`;
    const kind = statSync(file, { throwIfNoEntry: false });
    if (kind === undefined) return `expected a file, found nothing at ${path}`;
    if (!kind.isFile())
      return `expected a file, found ${kind.isDirectory() ? 'a folder' : 'something else'} at ${path}`;
    if (kind.size > MOST_BYTES) return `expected at most 1 MiB, found ${Math.ceil(kind.size / 1024)} KiB in ${path}`;
    if (within !== undefined && leavesFolder(realpathSync(within.folder), realpathSync(file)))
      return `expected a path inside ${within.name}, found a link that leads out of it at ${path}`;
    return undefined;
  }
}

function leavesFolder(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}
