import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { ScenarioFolder } from '../../sim/scenario/folder.ts';
import { DEFAULT_POOLS, SCENARIO_FILE } from '../../sim/scenario/paths.ts';
import { scenarioIn } from '../../sim/scenario/readScenario.ts';
import { type Output, writeTogether } from '../../sim/scenario/writeTogether.ts';
import type { Beside } from '../../src/config/beside.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { poolsFileOf } from '../../src/config/readPools.ts';
import { type Instant, isoOf } from '../../src/domain/time.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { lengthOf } from '../../src/policy/options.ts';
import { windowText } from '../import/window.ts';
import { writeAvailability } from '../records/writeAvailability.ts';
import { writeJobs } from '../records/writeJobs.ts';
import { writePrices } from '../records/writePrices.ts';
import { type Distilled, distilled, type Wishes } from './distilled.ts';
import { gather } from './gathered.ts';
import { poolsText, type WrittenPools } from './poolsText.ts';
import { openPart } from './recordingLines.ts';

export interface DistilOptions extends Wishes {
  readonly catalogue: Catalogue;
  /** Where policies are that the recorded pools name by path, and what looks them up there. */
  readonly policyFolder: string;
  readonly beside: Beside;
}

/** What distilling did. */
export interface Distillation {
  /** The files that were written, by their path in the folder. */
  readonly files: readonly string[];
  readonly composed: readonly string[];
  readonly notes: readonly string[];
}

/** The data files of a scenario that is distilled. */
const DATA = { jobs: 'data/jobs.csv', prices: 'data/prices.csv', availability: 'data/availability.csv' } as const;

/**
 * Makes a scenario of recordings, in any order, and writes it into a folder that is empty or not there. Everything is
 * checked as a simulation would check it before anything is written.
 *
 * @throws BadInput; then nothing has changed.
 */
export async function distilInto(dir: string, files: readonly string[], options: DistilOptions): Promise<Distillation> {
  await refuseFull(dir);
  const parts = [];
  for (const file of files) parts.push(await openPart(file));
  const gathered = await gather(parts);
  const pools = poolsFileOf(gathered.header.pools, files[0] ?? '', options.catalogue, options.beside);
  const found = distilled(gathered, pools, options);
  const written = poolsText(pools);
  const text = scenarioText(dir, found);
  const scenario = await scenarioIn(folderOf(dir, { text, written, found, options }), options.catalogue);

  const outputs: Output[] = [
    { path: DEFAULT_POOLS, write: (name) => writeFile(name, written.text) },
    ...[...written.texts].map(([path, one]): Output => ({ path, write: (name) => writeWithin(name, one) })),
    // A policy by an absolute path stays where it is, and the pools go on naming it so.
    ...[...written.policyFiles]
      .filter((path) => !isAbsolute(path))
      .map(
        (path): Output => ({
          path: posix.normalize(path),
          write: async (name) => {
            await mkdir(dirname(name), { recursive: true });
            await copyFile(join(options.policyFolder, path), name);
          },
        }),
      ),
    { path: DATA.jobs, write: (name) => writeJobs(name, found.jobs) },
    ...(found.prices.length === 0
      ? []
      : [{ path: DATA.prices, write: (name: string) => writePrices(name, found.prices) }]),
    ...(found.availability.length === 0
      ? []
      : [{ path: DATA.availability, write: (name: string) => writeAvailability(name, found.availability) }]),
    { path: SCENARIO_FILE, write: (name) => writeFile(name, text) },
  ];
  await writeTogether(dir, outputs);
  return { files: outputs.map(({ path }) => path), composed: scenario.composed, notes: found.notes };
}

async function writeWithin(name: string, text: string): Promise<void> {
  await mkdir(dirname(name), { recursive: true });
  await writeFile(name, text);
}

/** What is there already was put together by somebody. */
async function refuseFull(dir: string): Promise<void> {
  const entries = await readdir(dir).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new BadInput([
      { file: dir, message: `expected a folder: ${error instanceof Error ? error.message : String(error)}` },
    ]);
  });
  if (entries.length > 0)
    throw new BadInput([
      { file: dir, message: `expected an empty folder or none, found ${entries.length} entries: choose another` },
    ]);
}

function scenarioText(dir: string, { window, onDemand, cluster, droughts, composed, ...data }: Distilled): string {
  const { boot, groupType, jobsPerNode, maxNodes } = cluster;
  return stringify(
    {
      version: 1,
      name: nameFrom(dir),
      about: `What would blocks have saved from ${windowText(window)}?`,
      from: secondsOf(window.from),
      until: secondsOf(window.until),
      composed,
      market: {
        onDemand,
        ...(data.prices.length === 0 ? {} : { prices: DATA.prices }),
        ...(data.availability.length === 0 ? {} : { availability: DATA.availability }),
        ...(droughts.length === 0
          ? {}
          : {
              droughts: droughts.map(({ from, until, ...where }) => ({
                ...where,
                from: secondsOf(from),
                until: secondsOf(until),
              })),
            }),
        // Those that were recorded are in the availability.
        interruptions: { model: 'none' },
      },
      jobs: DATA.jobs,
      cluster: { jobsPerNode, boot: { median: lengthOf(boot.medianMs), p95: lengthOf(boot.p95Ms) } },
      onDemandGroup: { instanceType: groupType, maxNodes },
    },
    { lineWidth: 0 },
  );
}

/** `2016-03-14T00:00:00Z`. */
const secondsOf = (at: Instant): string => isoOf(at).replace('.000Z', 'Z');

const nameFrom = (dir: string): string => {
  const name = basename(resolve(dir))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-|-$/g, '');
  return name === '' ? 'distilled' : name;
};

/** The folder as it will be. */
function folderOf(
  dir: string,
  made: {
    readonly text: string;
    readonly written: WrittenPools;
    readonly found: Distilled;
    readonly options: DistilOptions;
  },
): ScenarioFolder {
  const { text, written, found, options } = made;
  const known = new Set<string>([SCENARIO_FILE, DEFAULT_POOLS, ...Object.values(DATA)]);
  return {
    nameOf: (path) => join(dir, path),
    obstacle: (path) => Promise.resolve(known.has(path) ? undefined : `expected a file, found nothing at ${path}`),
    text: (path) => Promise.resolve(path === SCENARIO_FILE ? text : written.text),
    prices: () => Promise.resolve(found.prices),
    availability: () => Promise.resolve(found.availability),
    jobs: () => Promise.resolve(found.jobs),
    beside: () => ({
      ...options.beside,
      text: (path) => {
        const given = written.texts.get(path);
        return given === undefined ? { obstacle: `expected a file, found nothing at ${path}` } : { text: given };
      },
    }),
  };
}
