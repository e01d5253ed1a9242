import { writeFile } from 'node:fs/promises';
import { folderAt, type ScenarioFolder } from '../../sim/scenario/folder.ts';
import { SCENARIO_FILE } from '../../sim/scenario/paths.ts';
import { composedIn } from '../../sim/scenario/readScenario.ts';
import { type Output, writeTogether } from '../../sim/scenario/writeTogether.ts';
import { type Instant, isoOf, type Millis } from '../../src/domain/time.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { writeAvailability } from '../records/writeAvailability.ts';
import { writeJobs } from '../records/writeJobs.ts';
import { writePrices } from '../records/writePrices.ts';
import { align, type Wishes } from './align.ts';
import { type Choice, chosen } from './choose.ts';
import { fitToPrices } from './fitToPrices.ts';
import type { OnDemandKnown } from './onDemand.ts';
import type { Recorded } from './recordings.ts';
import { openTarget, refuseSecond, type Target } from './target.ts';

export interface ImportOptions extends Wishes, Choice {
  /** Put the data in the place of those that are there. */
  readonly replace: boolean;
  /** On-demand prices: those of the recorded week. */
  readonly onDemand: OnDemandKnown;
}

/** What an import did. */
export interface Imported {
  /** The files that were written, by their path in the folder. */
  readonly files: readonly string[];
  /** The sentences that are now in `composed`. */
  readonly composed: readonly string[];
  /** What else people should know: what was read, and what changed beside the data. */
  readonly notes: readonly string[];
}

/**
 * Brings recorded data into the scenario in a folder: lays them on its time, makes the rest fit, and says in `composed` what
 * was moved, joined or assumed. Everything is checked as a simulation would check it before anything is written.
 *
 * @throws BadInput; then nothing has changed.
 */
export async function importInto(
  dir: string,
  recorded: Recorded,
  options: ImportOptions,
  catalogue: Catalogue,
  policies?: UserPolicies,
): Promise<Imported> {
  const { kind } = recorded;
  const folder = folderAt(dir, policies);
  const target = await openTarget(folder, catalogue);
  refuseSecond(target, kind, folder.nameOf(SCENARIO_FILE), options.replace);

  const picked = chosen(recorded, options, target.pools);
  const fitted =
    picked.recorded.kind === 'prices'
      ? fitToPrices(target, picked.recorded.recording.rows, options.onDemand)
      : { sentences: [], notes: [], knownFrom: undefined };
  const { span, clock, assumptions, summary } = picked.recorded.recording;
  const known = { from: fitted.knownFrom ?? span.from, until: span.until };
  const alignment = align(kind, { span: known, clock }, windowOf(target), options);
  const data = shifted(picked.recorded, alignment.byMs);
  const { window } = alignment;
  if (window !== undefined) {
    target.scenarioFile.set(['from'], secondsOf(window.from));
    target.scenarioFile.set(['until'], secondsOf(window.until));
  }

  const path = `data/${kind}.csv`;
  target.scenarioFile.set(kind === 'jobs' ? ['jobs'] : ['market', kind], path);
  const said = [
    ...alignment.sentences,
    ...assumptions.map((assumption) => `${kind}: ${assumption}`),
    ...picked.sentences,
    ...fitted.sentences,
  ];
  // What was said of data of this kind before concerned data that are gone.
  const kept = target.text.composed.filter(
    (sentence) => !/^\w+/.exec(sentence)?.[0].startsWith(kind) && !said.includes(sentence),
  );
  const composed = [...kept, ...said];
  target.scenarioFile.sentences(['composed'], composed);

  const poolsText = target.poolsFile.text();
  const texts: Readonly<Record<string, string>> = {
    ...(poolsText === (await folder.text(target.text.pools)) ? {} : { [target.text.pools]: poolsText }),
    [SCENARIO_FILE]: target.scenarioFile.text(),
  };
  const implied = await composedIn(withChanges(folder, texts, path, data), catalogue);
  await writeTogether(dir, [
    { path, write: (name) => writeRows(name, data) },
    ...Object.entries(texts).map(([file, text]): Output => ({ path: file, write: (name) => writeFile(name, text) })),
  ]);
  const found = implied.filter((sentence) => !composed.includes(sentence));
  return {
    files: [path, ...Object.keys(texts)],
    composed: said,
    notes: [...summary, ...picked.notes, ...fitted.notes, ...found],
  };
}

const windowOf = ({ text: { from, until }, untouched }: Target) => ({ window: { from, until }, untouched });

/** The recording with every instant moved. */
function shifted(recorded: Recorded, byMs: Millis): Recorded {
  const at = <Row extends { readonly at: Instant }>(row: Row): Row => ({ ...row, at: row.at + byMs });
  switch (recorded.kind) {
    case 'prices':
      return { kind: 'prices', recording: { ...recorded.recording, rows: recorded.recording.rows.moved(byMs) } };
    case 'availability':
      return { kind: 'availability', recording: { ...recorded.recording, rows: recorded.recording.rows.map(at) } };
    case 'jobs':
      return { kind: 'jobs', recording: { ...recorded.recording, rows: recorded.recording.rows.moved(byMs) } };
  }
}

function writeRows(name: string, { kind, recording }: Recorded): Promise<void> {
  switch (kind) {
    case 'prices':
      return writePrices(name, recording.rows);
    case 'availability':
      return writeAvailability(name, recording.rows);
    case 'jobs':
      return writeJobs(name, recording.rows);
  }
}

/** The folder as it will be once everything is written. */
function withChanges(
  folder: ScenarioFolder,
  texts: Readonly<Record<string, string>>,
  path: string,
  data: Recorded,
): ScenarioFolder {
  const { kind, recording } = data;
  return {
    nameOf: folder.nameOf,
    obstacle: (name) => (name === path ? Promise.resolve(undefined) : folder.obstacle(name)),
    text: (name) => (texts[name] === undefined ? folder.text(name) : Promise.resolve(texts[name])),
    prices: (name) => (kind === 'prices' && name === path ? Promise.resolve(recording.rows) : folder.prices(name)),
    availability: (name) =>
      kind === 'availability' && name === path ? Promise.resolve(recording.rows) : folder.availability(name),
    jobs: (name) => (kind === 'jobs' && name === path ? Promise.resolve(recording.rows) : folder.jobs(name)),
    beside: folder.beside,
  };
}

/** `2016-03-14T00:00:00Z`. */
const secondsOf = (at: Instant): string => isoOf(at).replace('.000Z', 'Z');
