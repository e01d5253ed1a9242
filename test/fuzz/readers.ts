import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readAlternatives } from '../../cli/alternatives.ts';
import { poolsFromEnvironment } from '../../cli/environment.ts';
import { openRecording } from '../../cli/recordings.ts';
import { gather } from '../../data/distil/gathered.ts';
import { openPart } from '../../data/distil/recordingLines.ts';
import { classNamed, podClass } from '../../data/records/jobs/classes.ts';
import { readAnyAvailability } from '../../data/records/readAvailability.ts';
import { readJobs } from '../../data/records/readJobs.ts';
import { readPrices } from '../../data/records/readPrices.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { tryScenarioText } from '../../sim/scenario/readScenario.ts';
import { nothingBeside } from '../../src/config/beside.ts';
import { required } from '../../src/config/document.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { readPools } from '../../src/config/readPools.ts';
import { readMessage } from '../../src/live/aws/notices/messages.ts';
import { userDataOf } from '../../src/live/aws/template/launchTemplateData.ts';
import { readKubeconfig } from '../../src/live/kubernetes/kubeconfig/kubeconfigFile.ts';
import { quantityIn } from '../../src/live/kubernetes/workload/quantity.ts';
import { tagged } from '../../src/live/ports/tags.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { observationsIn } from '../../src/pool/keptObservations.ts';
import { CLUSTER_READERS } from './clusterReaders.ts';
import { EXAMPLES } from './examples.ts';
import type { Reader } from './reader.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-fuzz-'));
const shipped = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The text as a file, for readers that take no text. */
function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text, { level: 1 }) : text);
  return file;
}

const NOW = Date.parse('2026-03-02T09:00:00Z');

/** Reads the pools, makes them, and asks their hours: what was taken must not hang the keeper later. */
function pools(text: string, beside = ''): void {
  const file = readPools(text, 'pools.yaml', catalogue, { ...nothingBeside, text: () => ({ text: beside }) });
  for (const { policies } of poolsOf(file, catalogue))
    for (const at of [0, NOW, NOW + 86_400_000 * 500]) policies.operatingHours.allowedAt(at);
}

/** A pool with one choice of a policy in it, on one line. */
const poolWith = (slot: string, choice: string): string =>
  shipped('scenarios/clock-change/pools.yaml').replace(
    new RegExp(`^    ${slot}:[^]*?(?=^    \\w)`, 'm'),
    `    ${slot}: ${choice}\n`,
  );

const CALENDAR = poolWith('operatingHours', '{ policy: calendar, calendar: a.ics, zone: Europe/Berlin, blocks: 2 }');
const LEARNED = poolWith('renewal', '{ policy: surge }\n    scaling: { policy: learned, from: week.jsonl }');

async function recording(file: string): Promise<void> {
  const recorded = await openRecording(file);
  const turns = recorded.turns()[Symbol.asyncIterator]();
  while ((await turns.next()).done !== true);
}

const ALL: readonly Reader[] = [
  {
    name: 'pools',
    examples: [
      shipped('docs/examples/pools.yaml'),
      ...['ci-week', 'price-spike', 'zone-drought'].map((one) => shipped(`scenarios/${one}/pools.yaml`)),
    ],
    read: (text) => {
      pools(text);
    },
  },
  {
    name: 'scenario',
    examples: ['ci-week', 'price-spike', 'zone-drought', 'overnight-window'].map((one) =>
      shipped(`scenarios/${one}/scenario.yaml`),
    ),
    read: (text) => required(tryScenarioText(text, 'scenario.yaml')),
  },
  {
    name: 'calendar',
    examples: EXAMPLES.calendars,
    read: (text) => {
      pools(CALENDAR, text);
    },
  },
  {
    name: 'cron',
    examples: EXAMPLES.crons,
    read: (text) => {
      const [open = '', close = open] = text.split('\n');
      const window = `{ open: ${JSON.stringify(open)}, close: ${JSON.stringify(close)}, blocks: 2 }`;
      pools(poolWith('operatingHours', `{ policy: cron, zone: Europe/Berlin, windows: [${window}] }`));
    },
  },
  {
    name: 'learned week',
    examples: EXAMPLES.weeks,
    read: (text) => {
      pools(LEARNED, text);
    },
  },
  { name: 'recording', examples: EXAMPLES.recordings, read: (text) => recording(fileOf('recording.jsonl', text)) },
  {
    name: 'packed recording',
    examples: EXAMPLES.recordings,
    read: (text) => recording(fileOf('recording.jsonl.gz', text)),
  },
  {
    name: 'parts for distil',
    examples: EXAMPLES.recordings,
    read: async (text) => gather([await openPart(fileOf('part.jsonl', text))]),
  },
  {
    name: 'prices',
    examples: [...EXAMPLES.prices, shipped('scenarios/price-spike/data/prices.csv').slice(0, 4_000)],
    read: (text) => readPrices(fileOf('prices.csv', text)),
  },
  { name: 'jobs', examples: EXAMPLES.jobs, read: (text) => readJobs(fileOf('jobs.csv', text)) },
  {
    name: 'jobs of CI systems',
    examples: EXAMPLES.exports,
    read: (text) => readJobs(fileOf('export', text), { timeZone: 'Europe/Berlin' }),
  },
  { name: 'kubeconfig', examples: EXAMPLES.kubeconfigs, read: (text) => readKubeconfig(text, 'config') },
  {
    name: 'availability',
    examples: [shipped('scenarios/zone-drought/data/availability.csv').slice(0, 4_000), ...EXAMPLES.traces],
    read: (text) => readAnyAvailability(fileOf('availability.csv', text), { polarity: 'up' }),
  },
  { name: 'notice', examples: EXAMPLES.notices, read: readMessage },
  { name: 'observations', examples: EXAMPLES.observations, read: (text) => observationsIn(jsonIn(text), NOW) },
  { name: 'tags', examples: EXAMPLES.tags, read: (text) => tagged(textsIn(text), 'ci') },
  { name: 'environment', examples: EXAMPLES.environments, read: (text) => poolsFromEnvironment(textsIn(text)) },
  { name: 'user data', examples: EXAMPLES.userData, read: userDataOf },
  { name: 'quantity', examples: ['500m', '2', '1Gi', '1e3', '100Mi'], read: quantityIn },
  {
    name: 'class of a job',
    examples: ['rspec: [ruby, 2] 3/10', 'build (ubuntu-latest, 3.12)'],
    read: (text) => classNamed('CI', text),
  },
  { name: 'class of a pod', examples: ['test-abcde-pod-x2k4f', 'runner-17-222222222-7d9f8b6c5'], read: podClass },
  ...CLUSTER_READERS,
  ...(['renewal', 'lease', 'term'] as const).map(
    (flag): Reader => ({
      name: `flag ${flag}`,
      examples: EXAMPLES.flags[flag],
      read: (text) => {
        const mistakes: Mistake[] = [];
        readAlternatives({ [flag]: [text] }, mistakes);
        if (mistakes.length > 0) throw new BadInput(mistakes);
      },
    }),
  ),
];

/** FUZZ_READERS tries only those with such a text in their names; inputs are numbered anew then. */
export const READERS = ALL.filter(({ name }) => new RegExp(process.env['FUZZ_READERS'] ?? '').test(name));

/** For readers of what the machine has parsed already. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textsIn(text: string): Readonly<Record<string, string>> {
  const at = (line: string): number => (line.includes('=') ? line.indexOf('=') : line.length);
  return Object.fromEntries(text.split('\n').map((line) => [line.slice(0, at(line)), line.slice(at(line) + 1)]));
}

/** What a reader made of a text, where that is a finding; undefined for a value and for mistakes. */
export async function troubleOf({ read }: Reader, text: string): Promise<string | undefined> {
  try {
    await read(text);
    return undefined;
  } catch (error) {
    if (error instanceof BadInput && error.mistakes.length > 0) return undefined;
    return error instanceof Error ? (error.stack ?? error.message) : `threw ${typeof error}`;
  }
}
