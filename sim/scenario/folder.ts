import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readAvailability } from '../records/readAvailability.ts';
import { readJobs } from '../records/readJobs.ts';
import { readPrices } from '../records/readPrices.ts';
import type { AvailabilityRow, JobRow, PriceRow } from '../records/rows.ts';

/** What a scenario is read from: by rights a folder, and in an import a folder with some of its files replaced. */
export interface ScenarioFolder {
  /** The file's name as people know it, for mistakes. */
  readonly nameOf: (path: string) => string;
  /** What stands in the way of reading a file: `expected a file, found nothing at data/jobs.csv`; undefined if nothing does. */
  readonly obstacle: (path: string) => Promise<string | undefined>;
  readonly text: (path: string) => Promise<string>;
  /** @throws BadInput with the mistakes in the file. */
  readonly prices: (path: string) => Promise<readonly PriceRow[]>;
  /** @throws BadInput with the mistakes in the file. */
  readonly availability: (path: string) => Promise<readonly AvailabilityRow[]>;
  /** @throws BadInput with the mistakes in the file. */
  readonly jobs: (path: string) => Promise<readonly JobRow[]>;
}

/** The folder on disk. Its files are data only: a link that leads out of it is refused. */
export function folderAt(dir: string): ScenarioFolder {
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
    jobs: async (path) => (await readJobs(nameOf(path))).rows,
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
