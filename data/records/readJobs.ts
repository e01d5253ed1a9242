import { BadInput } from '../../src/config/mistakes.ts';
import { openRecords, type ReadOptions } from './file.ts';
import { writingOf } from './form.ts';
import { fromJson, type JsonForm } from './jobs/fromJson.ts';
import { fromTable } from './jobs/fromTable.ts';
import { type JobHistory, newJobColumns } from './jobs/history.ts';
import { newInstants } from './jobs/instants.ts';
import { type Knowledge, newJudge } from './jobs/judge.ts';
import { newAside, type Reject } from './jobs/setAside.ts';
import type { Wanted } from './jobs/walk.ts';
import { newCounter, type ReadingNotes, type RecordedRows } from './notes.ts';
import { problemsIn } from './problems.ts';
import type { RecordedJob } from './rows.ts';

export interface JobReadOptions extends ReadOptions {
  /** Which column or key holds what, where their names do not say; a path into nested JSON is written with dots. */
  readonly columns?: Wanted | undefined;
  /** The IANA zone by whose clock times without a zone go. */
  readonly timeZone?: string | undefined;
  /** The largest share of rows that cannot be meant; 0.05 if left out, 0 refuses any. */
  readonly atMostSetAside?: number | undefined;
  /** Told of every row that is set aside. */
  readonly onReject?: ((reject: Reject) => void) | undefined;
}

/** One row in twenty: more is not a slip of a machine here and there, but a file that is read the wrong way. */
export const AT_MOST_SET_ASIDE = 0.05;

/**
 * Reads recorded CI jobs in whatever form a CI system exports them: when each was queued, started and finished, or how long it
 * took. The form is told by the content. Rows that cannot be meant, and those that are no jobs, are set aside and counted; jobs
 * are `j1`, `j2`, … in the order in which they were queued, with their names folded to classes.
 *
 * @throws BadInput with the mistakes in the file: values that cannot be read, too many rows set aside, no job at all.
 */
export async function readJobs(path: string, options: JobReadOptions = {}): Promise<RecordedRows<RecordedJob>> {
  const { rows, notes } = await readJobHistory(path, options);
  return { rows: rows.rows(), notes };
}

/** Jobs that were read, in columns, and what was done to get them. */
export interface RecordedJobs {
  readonly rows: JobHistory;
  readonly notes: ReadingNotes;
}

/** The same as `readJobs`, in columns: for jobs by the million. @throws BadInput with the mistakes in the file. */
export async function readJobHistory(path: string, options: JobReadOptions = {}): Promise<RecordedJobs> {
  const records = await openRecords(path, options);
  const problems = problemsIn(records);
  const writing = writingOf(records);
  const [instants, kept, clipped] = [newInstants(options.timeZone), newJobColumns(), newCounter()];
  const aside = newAside(records, options.onReject !== undefined);
  const judge = newJudge({ problems, instants, rows: kept, aside, clipped });
  const form =
    writing.writing === 'table'
      ? await fromTable(records, writing.delimiter, problems, judge, options.columns)
      : await fromJson(records, problems, judge, options.columns);
  await problems.check();
  const known = judge.settle();
  const rows = kept.close();
  const setAside = await aside.close(rows.length, {
    atMost: options.atMostSetAside ?? AT_MOST_SET_ASIDE,
    onReject: options.onReject,
  });
  if (rows.length === 0) {
    const found = setAside.map(({ entries, reason }) => `${entries} that ${reason}`).join(', ');
    throw new BadInput([
      { file: path, message: `expected at least one job that ran, found ${found === '' ? 'none' : found}` },
    ]);
  }
  return {
    rows,
    notes: {
      ...{
        file: path,
        form: form.name,
        read: known.seen,
        dropped: [],
        setAside,
        clipped: clipped.tallies(),
        markets: [],
      },
      ...spanIn(rows),
      assumptions: assumptionsOf(known, form, instants.doubtful(), options),
    },
  };
}

/** From the first queueing to the last end. */
function spanIn(jobs: JobHistory): Pick<ReadingNotes, 'from' | 'until'> {
  const { queuedAt, durationMs } = jobs.columns;
  let until = Number.NEGATIVE_INFINITY;
  for (let job = 0; job < jobs.length; job += 1) until = Math.max(until, jobs.runsAt(job) + durationMs[job]!);
  return { from: queuedAt[0]!, until: Math.max(until, queuedAt.at(-1)!) };
}

function assumptionsOf(
  { onlyStarted, onlyQueued, withBoth, runs, longOfUnknownRunner }: Knowledge,
  { name, assumptions }: JsonForm,
  doubtful: number,
  { timeZone }: JobReadOptions,
): readonly string[] {
  const some = (count: number): string => (withBoth > 0 ? `${count} ` : '');
  return [
    ...assumptions,
    ...(name === 'builds with the lengths of their jobs'
      ? ["without times of queueing: taken as queued when their build was created, so that a build's jobs come at once"]
      : []),
    ...(onlyStarted > 0 ? [`${some(onlyStarted)}without times of queueing: taken as queued when they started`] : []),
    ...(name === 'queued and completed' && onlyQueued > 0
      ? ['without times of starting: taken as started when they were queued']
      : []),
    ...(runs > 0
      ? [
          `${runs} are runs of several jobs, each taken for one job: export the jobs themselves for what they ask of machines`,
        ]
      : []),
    ...(longOfUnknownRunner > 0
      ? [
          `${longOfUnknownRunner} ran for more than 6 h, which GitHub's own machines do not allow: taken as they are, for nothing says whose machines they ran on`,
        ]
      : []),
    ...(timeZone === undefined ? [] : [`times without a zone go by the clock of ${timeZone}`]),
    ...(doubtful > 0
      ? [
          `${doubtful} times that this clock showed twice or never, as it was changed: the earlier, or as if it had not been put forward`,
        ]
      : []),
  ];
}
