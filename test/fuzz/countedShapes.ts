import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadingNotes } from '../../data/records/notes.ts';
import { readAnyAvailability } from '../../data/records/readAvailability.ts';
import { readJobHistory } from '../../data/records/readJobs.ts';
import { readPrices } from '../../data/records/readPrices.ts';
import { isoOf } from '../../src/domain/time.ts';
import type { DrawnJob } from '../data/records/jobs/shape.ts';
import { SHAPES as JOB_SHAPES } from '../data/records/jobs/shapes.ts';
import { SHAPES as PRICE_SHAPES } from '../data/records/prices/shapes.ts';
import type { Chance } from './mutate.ts';

/** How many rows a reader found, and what became of each. */
export interface Tally {
  readonly read: number;
  readonly used: number;
  readonly setAside: number;
}

/** A way of writing rows, and the reader that is to account for each of them. */
export interface CountedShape {
  readonly name: string;
  /** So many rows, as this shape writes them. */
  readonly write: (rows: number, chance: Chance) => string;
  /** @throws BadInput with the mistakes in the text. */
  readonly read: (text: string) => Promise<Tally>;
}

const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-counted-'));
const fileOf = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
export const upTo = (most: number, chance: Chance): number => Math.floor(chance() * most);

const MONDAY = Date.UTC(2026, 1, 2);

function tallied(used: number, { read, dropped, setAside = [] }: ReadingNotes): Tally {
  const entries = [...dropped, ...setAside].reduce((sum, one) => sum + one.entries, 0);
  return { read, used, setAside: entries };
}

const drawnJobs = (rows: number, chance: Chance): readonly DrawnJob[] =>
  Array.from({ length: rows }, (_, index) => {
    const queuedAt = MONDAY + upTo(600_000, chance) * 1_000;
    const startedAt = queuedAt + upTo(900, chance) * 1_000;
    const endedAt = startedAt + (1 + upTo(9_000, chance)) * 1_000;
    return { id: index + 1, queuedAt, startedAt, endedAt, workflow: 'CI', name: index % 2 === 0 ? 'build' : 'lint' };
  });

/** Every shape of jobs that is text; what UTF-16 adds is tried by its own reader of bytes. */
const jobs = JOB_SHAPES.flatMap(({ file, write }): readonly CountedShape[] =>
  typeof write(drawnJobs(1, () => 0)) !== 'string'
    ? []
    : [
        {
          name: `jobs, ${file}`,
          write: (rows, chance) => String(write(drawnJobs(rows, chance))),
          read: async (text) => {
            const options = { timeZone: 'Europe/Berlin', atMostSetAside: 1 };
            const { rows, notes } = await readJobHistory(fileOf(file, text), options);
            return tallied(rows.length, notes);
          },
        },
      ],
);

const prices = PRICE_SHAPES.flatMap(({ name, timeZone, write }): readonly CountedShape[] =>
  typeof write([]) !== 'string'
    ? []
    : [
        {
          name: `prices, ${name}`,
          write: (rows, chance) =>
            String(
              write(
                Array.from({ length: rows }, () => ({
                  ...{ at: MONDAY + upTo(600_000, chance) * 1_000, type: 'm5.large' },
                  ...{ zone: upTo(2, chance) === 0 ? 'us-east-1a' : 'us-east-1b', usd: `0.${1 + upTo(9, chance)}` },
                })),
              ),
            ),
          read: async (text) => {
            const options = { timeZone: timeZone ?? 'UTC', atMostSetAside: 1, incomplete: true };
            const found = await readPrices(fileOf('prices', text), options);
            return tallied(found.rows.length, found.notes);
          },
        },
      ],
);

const availability = [',', '\t', ';'].map(
  (mark): CountedShape => ({
    name: `availability, a table with ${JSON.stringify(mark)}`,
    write: (rows, chance) =>
      [
        ['timestamp', 'instance_type', 'zone', 'instances'],
        ...Array.from({ length: rows }, () => [
          isoOf(MONDAY + upTo(600_000, chance) * 1_000),
          ...['m5.large', upTo(2, chance) === 0 ? 'us-east-1a' : '*', String(upTo(5, chance))],
        ]),
      ]
        .map((cells) => `${cells.join(mark)}\n`)
        .join(''),
    read: async (text) => {
      const found = await readAnyAvailability(fileOf('availability.csv', text));
      return tallied(found.kind === 'rows' ? found.rows.length : found.trace.instances.length, found.notes);
    },
  }),
);

const trace: CountedShape = {
  name: 'availability, a trace',
  write: (rows, chance) =>
    JSON.stringify({ metadata: { gap_seconds: 600 }, data: Array.from({ length: rows }, () => upTo(2, chance)) }),
  read: async (text) => {
    const found = await readAnyAvailability(fileOf('trace.json', text));
    return tallied(found.kind === 'rows' ? found.rows.length : found.trace.instances.length, found.notes);
  },
};

/** All of them: the jobs of every CI system, prices as every program writes them, availability. */
export const COUNTED: readonly CountedShape[] = [...jobs, ...prices, ...availability, trace];
