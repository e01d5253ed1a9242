import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Prices } from '../../data/records/prices/history.ts';
import { readAvailability } from '../../data/records/readAvailability.ts';
import { readJobHistory } from '../../data/records/readJobs.ts';
import { readPrices } from '../../data/records/readPrices.ts';
import type { AvailabilityRow, Jobs } from '../../data/records/rows.ts';
import type { Beside } from '../../src/config/beside.ts';
import { besideFolder } from '../../src/userPolicies/besideFolder.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';

/** What a scenario is read from: by rights a folder, and in an import a folder with some of its files replaced. */
export interface ScenarioFolder {
  /** The file's name as people know it, for mistakes. */
  readonly nameOf: (path: string) => string;
  /** What stands in the way of reading a file: `expected a file, found nothing at data/jobs.csv`; undefined if nothing does. */
  readonly obstacle: (path: string) => Promise<string | undefined>;
  readonly text: (path: string) => Promise<string>;
  /** @throws BadInput with the mistakes in the file. */
  readonly prices: (path: string) => Promise<Prices>;
  /** @throws BadInput with the mistakes in the file. */
  readonly availability: (path: string) => Promise<readonly AvailabilityRow[]>;
  /** @throws BadInput with the mistakes in the file. */
  readonly jobs: (path: string) => Promise<Jobs>;
  /** What the pools file at a path may name: files inside the scenario's folder. */
  readonly beside: (pools: string) => Beside;
}

/**
 * The folder on disk. Nothing outside it is read: a link that leads out of it is refused. Policies in files of its own are
 * loaded by `policies`, and refused without.
 */
export function folderAt(dir: string, policies?: UserPolicies): ScenarioFolder {
  const nameOf = (path: string): string => join(dir, path);
  return {
    nameOf,
    obstacle: async (path) => {
      const found = await foundAt(dir, nameOf(path));
      return found === undefined ? undefined : `expected a file, found ${found} at ${path}`;
    },
    text: (path) => readFile(nameOf(path), 'utf8'),
    prices: async (path) => (await readPrices(nameOf(path))).rows,
    availability: async (path) => (await readAvailability(nameOf(path))).rows,
    jobs: async (path) => (await readJobHistory(nameOf(path))).rows,
    beside: (pools) =>
      besideFolder({
        folder: dirname(nameOf(pools)),
        within: { folder: dir, name: "the scenario's folder" },
        ...(policies === undefined ? {} : { policies }),
      }),
  };
}

/** What is there instead of a file; undefined if it is one. */
async function foundAt(dir: string, name: string): Promise<string | undefined> {
  const kind = await stat(name).catch(() => undefined);
  if (kind === undefined) return 'nothing';
  if (!kind.isFile()) return kind.isDirectory() ? 'a folder' : 'something else';
  const way = relative(await realpath(dir), await realpath(name));
  return way === '..' || way.startsWith(`..${sep}`) ? "a link that leads out of the scenario's folder" : undefined;
}
