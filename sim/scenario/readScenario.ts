import { historyOf } from '../../data/records/prices/history.ts';
import type { JobRow, Jobs } from '../../data/records/rows.ts';
import { type Check, type Reading, tryDocument, tryParse, trySource } from '../../src/config/document.ts';
import { type Finding, mistakesOf, valueAt } from '../../src/config/explain.ts';
import { instantOf } from '../../src/config/fields.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { tryPoolsIn } from '../../src/config/readPools.ts';
import type { Path, Source } from '../../src/config/source.ts';
import { hours, type Instant } from '../../src/domain/time.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { generateJobs } from '../demand/generate.ts';
import { billingOf } from './billingOf.ts';
import { classesOf, clusterOf } from './clusterSchema.ts';
import { consistencyOf } from './consistency.ts';
import { folderAt, type ScenarioFolder } from './folder.ts';
import { groupOf, knobsOfTheOther } from './groupSchema.ts';
import type { Parts } from './parts.ts';
import { DEFAULT_POOLS, isDataPath, SCENARIO_FILE } from './paths.ts';
import type { Disturbances, Scenario } from './scenario.ts';
import { type ScenarioText, scenarioSchema } from './schema.ts';

/** A quarter of a year; more than that is no week and would take minutes. */
const MOST_DAYS = 92;

/**
 * Reads the scenario in a folder: `scenario.yaml`, its pools and its data. Policies in files of its own are loaded by
 * `policies`; the catalogue that it then extends is the one to make the pools from.
 *
 * @throws BadInput with every mistake in all of these files, each with line and column where it has them.
 */
export const readScenario = (dir: string, catalogue: Catalogue, policies?: UserPolicies): Promise<Scenario> =>
  scenarioIn(folderAt(dir, policies), catalogue);

/** What is done with the documents of a folder before they are read as a scenario. */
export interface Amending {
  /** Other values in `scenario.yaml`. */
  readonly scenario?: (source: Source) => Source;
  /** Other values in the pools file. */
  readonly pools?: (source: Source) => Source;
  /** Draws jobs; a caller who reads a folder many times may remember them. */
  readonly generate?: typeof generateJobs;
}

const asWritten = (source: Source): Source => source;

/** As `readScenario`, from anything that gives texts and rows like a folder. */
export async function scenarioIn(
  folder: ScenarioFolder,
  catalogue: Catalogue,
  amending: Amending = {},
): Promise<Scenario> {
  const { parts, assumptions } = await partsIn(folder, catalogue, amending);
  return assembled(parts, assumptions, amending.generate ?? generateJobs);
}

/** What makes the scenario no recorded week, without making its rows. @throws BadInput as `scenarioIn` does. */
export async function composedIn(folder: ScenarioFolder, catalogue: Catalogue): Promise<readonly string[]> {
  const { parts, assumptions } = await partsIn(folder, catalogue, {});
  return withAssumed(parts.text.composed, assumptions);
}

const withAssumed = (composed: readonly string[], assumptions: readonly string[]): readonly string[] => [
  ...composed,
  ...assumptions.filter((sentence) => !composed.includes(sentence)),
];

async function partsIn(
  folder: ScenarioFolder,
  catalogue: Catalogue,
  { scenario = asWritten, pools: amendPools = asWritten }: Amending,
): Promise<{ readonly parts: Parts; readonly assumptions: readonly string[] }> {
  const parsed = tryParse(await textOf(folder, SCENARIO_FILE), folder.nameOf(SCENARIO_FILE));
  if (parsed.source === undefined) throw new BadInput(parsed.mistakes);
  const source = scenario(parsed.source);
  const reading = trySource(source, scenarioSchema, windows, knobsOfTheOther);
  const mistakes: Mistake[] = [...reading.mistakes];

  // The other files are read even if this one has mistakes: people want to mend everything in one go.
  const from = async <Answer>(path: Path, read: (file: string) => Promise<Answer>): Promise<Answer | undefined> => {
    const file = valueAt(source.value, path) ?? (path[0] === 'pools' ? DEFAULT_POOLS : undefined);
    if (!isDataPath(file)) return undefined;
    const message = await folder.obstacle(file);
    if (message === undefined) return collect(mistakes, () => read(file));
    mistakes.push(...mistakesOf([{ path, message }], source));
    return undefined;
  };
  const pools = await from(['pools'], async (file) => {
    const document = tryParse(await folder.text(file), folder.nameOf(file));
    const found =
      document.source === undefined
        ? { mistakes: document.mistakes, value: undefined }
        : tryPoolsIn(amendPools(document.source), catalogue, folder.beside(file));
    mistakes.push(...found.mistakes);
    return found.value;
  });
  const prices = await from(['market', 'prices'], folder.prices);
  const availability = await from(['market', 'availability'], folder.availability);
  const jobs = await from(['jobs'], folder.jobs);
  if (reading.value === undefined || pools === undefined || mistakes.length > 0) throw new BadInput(mistakes);

  const recordedJobs = typeof reading.value.jobs === 'string' ? jobs : undefined;
  const parts: Parts = {
    text: reading.value,
    pools,
    prices: prices ?? [],
    availability: availability ?? [],
    jobs: recordedJobs,
  };
  const { findings, assumptions } = consistencyOf(parts);
  if (findings.length > 0) throw new BadInput(mistakesOf(findings, source));
  return { parts, assumptions };
}

/** Reads the text of `scenario.yaml` alone. */
export const tryScenarioText = (text: string, file: string): Reading<ScenarioText> =>
  tryDocument(text, file, scenarioSchema, windows, knobsOfTheOther);

/** Instants out of order, in the scenario's window, its droughts and its refusals. */
const windows: Check = (value) => {
  const placesIn = (list: string): readonly Path[] => {
    const entries = valueAt(value, ['market', list]);
    return Array.isArray(entries) ? entries.map((_, index) => ['market', list, index]) : [];
  };
  const places: readonly Path[] = [[], ...placesIn('droughts'), ...placesIn('refusals')];
  return places.flatMap((path): readonly Finding[] => {
    const [from, until] = ['from', 'until'].map((key) => instantAt(value, [...path, key]));
    if (from === undefined || until === undefined) return [];
    if (until <= from) return [{ path: [...path, 'until'], message: 'expected an instant after from' }];
    if (path.length === 0 && until - from > hours(24 * MOST_DAYS))
      return [{ path: ['until'], message: `expected at most ${MOST_DAYS} days after from` }];
    return [];
  });
};

function instantAt(value: unknown, path: Finding['path']): number | undefined {
  const text = valueAt(value, path);
  return typeof text === 'string' ? instantOf(text) : undefined;
}

function assembled(parts: Parts, assumptions: readonly string[], generate: typeof generateJobs): Scenario {
  const { text, pools, prices, availability, jobs } = parts;
  const { name, about, seed, from, until, composed, market, cluster, onDemandGroup: group } = text;
  const { onDemand, spotShare, spotBlock, product, interruptions, droughts, refusals, quotas, subnets } = market;
  return {
    name,
    about,
    seed,
    from,
    until,
    composed: withAssumed(composed, assumptions),
    pools,
    market: {
      onDemand,
      spotShare,
      spotBlock,
      // A type without an on-demand price is in no pool; a recording of all that EC2 has would be copied into every thread.
      prices: historyOf(prices).of((one) => one.product === product && Object.hasOwn(onDemand, one.instanceType)),
      availability,
      droughts: droughts.map(withoutUndefined),
      refusals: refusals.map(withoutUndefined),
      quotas,
      subnets,
      interruptions,
      ...(market.interruptAbove === undefined ? {} : { interruptAbove: market.interruptAbove }),
    },
    jobs: jobs === undefined ? generated(text, generate) : queuedWithin(jobs, from, until),
    classes: classesOf(text.classes),
    cluster: clusterOf(cluster),
    onDemandGroup: groupOf(group),
    billing: billingOf(parts).rule,
    extras: text.extras,
    service: text.service,
    expectations: withoutUndefined(text.expect),
    disturbances: disturbancesOf(text.disturb),
    promises: text.promises,
  };
}

const disturbancesOf = ({ restarts, deaths, ...shares }: ScenarioText['disturb']): Disturbances => ({
  ...shares,
  restarts: restarts.toSorted((a, b) => a - b),
  deaths: deaths.map(({ phase, number, for: forMs }) => ({ phase, number, forMs })),
});

function queuedWithin(jobs: Jobs, from: Instant, until: Instant): readonly JobRow[] {
  const within: JobRow[] = [];
  for (const job of jobs) if (job.queuedAt >= from && job.queuedAt < until) within.push(job);
  return within;
}

const generated = (
  { jobs, classes, from, until, seed }: ScenarioText,
  generate: typeof generateJobs,
): readonly JobRow[] => (typeof jobs === 'string' ? [] : generate(jobs.generate, { from, until, seed }, classes));

/** The text of a file that must be there. @throws BadInput */
export async function textOf(folder: ScenarioFolder, path: string): Promise<string> {
  const message = await folder.obstacle(path);
  if (message !== undefined) throw new BadInput([{ file: folder.nameOf(path), message }]);
  return folder.text(path);
}

/** The answer, or the mistakes it ends with put to the others. */
async function collect<Answer>(mistakes: Mistake[], answer: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    mistakes.push(...error.mistakes);
    return undefined;
  }
}

/** The record without the keys that hold undefined: zod's optional keys may, our exact ones may not. */
type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };
const withoutUndefined = <Value extends object>(value: Value): Defined<Value> =>
  // Known: exactly the keys whose value is undefined are gone.
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<Value>;
