import { BadInput } from '../../src/config/mistakes.ts';
import type { Instant } from '../../src/domain/time.ts';
import { type JobHistory, jobsJoined } from '../records/jobs/history.ts';
import { mergePrices } from '../records/mergePrices.ts';
import { type ReadingNotes, type RecordedRows, spanOf } from '../records/notes.ts';
import type { PriceHistory } from '../records/prices/history.ts';
import type { RecordedPrices } from '../records/prices/sheet.ts';
import type { RecordedJobs } from '../records/readJobs.ts';
import type { Kind, Recording } from './recordings.ts';
import { windowText } from './window.ts';

/** A file that was read; `clock` is false where its instants count from 0. */
export type ReadFile<Row> = RecordedRows<Row> & { readonly clock?: boolean };

/**
 * Joins files of one kind. Of two rows that say something of the same instant, the one in the later file stands: `keyOf` names
 * what a row says something of.
 *
 * @throws BadInput if some files have a clock and others have none: which instants are the same is unknown.
 */
export function joined<Row extends { readonly at: Instant }>(
  kind: Kind,
  reads: readonly ReadFile<Row>[],
  keyOf: (row: Row) => string,
): Recording<readonly Row[]> {
  const notes = reads.map((read) => read.notes);
  const clockless = reads.filter(({ clock }) => clock === false);
  if (clockless.length > 0 && clockless.length < reads.length)
    throw new BadInput([
      {
        file: clockless[0]?.notes.file ?? '',
        message:
          'expected a recording with a clock, to be joined with others that have one; found one without: import it alone',
      },
    ]);
  const every = reads.flatMap(({ rows }) => rows);
  const rows = reads.length === 1 ? every : [...new Map(every.map((row) => [keyOf(row), row])).values()];
  return {
    files: notes.map(({ file }) => file),
    rows: reads.length === 1 ? rows : rows.toSorted((a, b) => a.at - b.at),
    span:
      clockless.length === 0
        ? spanOf(rows.map(({ at }) => at))
        : spanOf(clockless.flatMap(({ notes: { from, until } }) => [from, until])),
    clock: clockless.length === 0,
    assumptions: assumptionsOf(notes),
    summary: reads.map(({ notes: of, clock }) => summaryOf(kind, of, clock !== false)),
  };
}

/** Joins files of prices, market by market. @throws BadInput if some name zones and others give their IDs. */
export function joinedPrices(reads: readonly RecordedPrices[]): Recording<PriceHistory> {
  const { rows } = mergePrices(reads);
  const notes = reads.map((read) => read.notes);
  return {
    files: notes.map(({ file }) => file),
    rows,
    span: rows.span() ?? { from: 0, until: 0 },
    clock: true,
    assumptions: assumptionsOf(notes),
    summary: notes.map((of) => summaryOf('prices', of, true)),
  };
}

/** Joins files of jobs: each row stands for itself. When a job started then is no business of the simulated week. */
export function joinedJobs(reads: readonly RecordedJobs[]): Recording<JobHistory> {
  const rows = jobsJoined(reads.map((read) => read.rows)).withoutStarts();
  const notes = reads.map((read) => read.notes);
  const { queuedAt } = rows.columns;
  return {
    files: notes.map(({ file }) => file),
    rows,
    span: { from: queuedAt[0] ?? 0, until: queuedAt.at(-1) ?? 0 },
    clock: true,
    assumptions: assumptionsOf(notes),
    summary: notes.map((of) => summaryOf('jobs', of, true)),
  };
}

const assumptionsOf = (notes: readonly ReadingNotes[]): readonly string[] => [
  ...new Set(notes.flatMap(({ assumptions }) => assumptions)),
  ...(notes.length > 1 ? [`${notes.length} files were joined`] : []),
];

/** `a.json: AWS CLI JSON, 14224 prices, 2 dropped (…), 13 markets, 2016-03-13T22:28:40Z to 2016-03-20T23:54:52Z`. */
function summaryOf(
  kind: Kind,
  { file, form, read, dropped, setAside = [], clipped, markets, from, until }: ReadingNotes,
  clock: boolean,
): string {
  const tally = (done: string, tallies: ReadingNotes['dropped']): readonly string[] =>
    tallies.map(({ entries, reason }) => `${entries} ${done} (${reason})`);
  const parts = [
    form,
    `${read} ${kind === 'jobs' ? 'jobs' : 'entries'}`,
    ...tally('dropped', dropped),
    ...setAside.map(
      ({ entries, reason, first }) =>
        `${entries} set aside (${reason}${first === '' ? '' : `, first at line ${first}`})`,
    ),
    ...tally('clipped', clipped),
    ...(markets.length === 0 ? [] : [`${markets.length} ${markets.length === 1 ? 'market' : 'markets'}`]),
    clock ? windowText({ from, until }) : `${((until - from) / 3_600_000).toFixed(1)} hours without a clock`,
  ];
  return `${file}: ${parts.join(', ')}`;
}
