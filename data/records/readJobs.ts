import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { openRecords, type ReadOptions, type RecordFile } from './file.ts';
import { writingOf } from './form.ts';
import { fromJson, type JsonForm } from './jobs/fromJson.ts';
import { fromTable } from './jobs/fromTable.ts';
import { type JobHistory, newJobColumns } from './jobs/history.ts';
import { newInstants } from './jobs/instants.ts';
import type { Wanted } from './jobs/jsonRows.ts';
import { type Judge, type Knowledge, newJudge } from './jobs/judge.ts';
import type { EarlierFiles } from './jobs/repeats.ts';
import { newAside, type Reject } from './jobs/setAside.ts';
import { readYamlDocuments } from './jobs/yamlDocuments.ts';
import { isYaml, strangeIn } from './look.ts';
import { newCounter, type ReadingNotes, type RecordedRows } from './notes.ts';
import { type Problems, problemsIn } from './problems.ts';
import type { RecordedJob } from './rows.ts';

export interface JobReadOptions extends ReadOptions {
  /** Which column or key holds what, where their names do not say; a path into nested JSON is written with dots. */
  readonly columns?: Wanted | undefined;
  /** The IANA zone by whose clock times without a zone go. */
  readonly timeZone?: string | undefined;
  /** The largest share of rows that cannot be meant; 0.05 if left out, 0 refuses any. */
  readonly atMostSetAside?: number | undefined;
  /** What the files before this one told of, where several are read together: such a file may have no job of its own. */
  readonly told?: EarlierFiles | undefined;
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
  /**
   * Where each row is a run of several jobs, of use only where the jobs themselves are not told of: the same file without them.
   * They are set aside, and told of as others are. Undefined: some rows are jobs, or there are none.
   */
  readonly withoutRuns: (() => Promise<RecordedJobs>) | undefined;
}

/** The same as `readJobs`, in columns: for jobs by the million. @throws BadInput with the mistakes in the file. */
export async function readJobHistory(path: string, options: JobReadOptions = {}): Promise<RecordedJobs> {
  const records = await openRecords(path, options);
  const problems = problemsIn(records);
  const [instants, kept, clipped] = [newInstants(options.timeZone), newJobColumns(), newCounter()];
  const aside = newAside(records, options.onReject !== undefined);
  const judge = newJudge({ problems, instants, rows: kept, aside, clipped, told: options.told });
  const form = await read(records, problems, judge, options);
  await problems.check();
  const known = judge.settle();
  const rows = kept.close();
  const rules = { atMost: options.atMostSetAside ?? AT_MOST_SET_ASIDE, onReject: options.onReject };
  const setAside = await aside.close(rows.length, rules);
  if (rows.length === 0 && options.told === undefined) throw new BadInput([noJobsIn(path, setAside)]);
  const same = { file: path, form: form.name, read: known.seen, dropped: [], markets: [] };
  return {
    rows,
    withoutRuns: rows.length > 0 && known.runs.length === rows.length ? withoutRuns : undefined,
    notes: {
      ...same,
      ...{ setAside, clipped: clipped.tallies() },
      ...spanIn(rows),
      assumptions: assumptionsOf(known, form, instants.doubtful(), options),
    },
  };

  async function withoutRuns(): Promise<RecordedJobs> {
    const runs = newAside(records, options.onReject !== undefined);
    for (const where of known.runs) runs.add('is a run whose jobs are told of as well', () => where);
    const all = [...setAside, ...(await runs.close(0, rules))];
    const none = newJobColumns().close();
    return {
      rows: none,
      withoutRuns: undefined,
      notes: { ...same, setAside: all, clipped: [], ...spanIn(none), assumptions: [] },
    };
  }
}

/** Reads a file as what it is written as. @throws BadInput for what has no rows. */
async function read(records: RecordFile, problems: Problems, judge: Judge, options: JobReadOptions): Promise<JsonForm> {
  const strange = strangeIn(records);
  if (strange !== undefined) {
    const message = `expected CI jobs, found ${strange.found}: ${strange.remedy}`;
    throw new BadInput([{ file: records.file, line: 1, column: 1, message }]);
  }
  if (isYaml(records)) return fromJson(records, problems, judge, options, readYamlDocuments);
  const writing = writingOf(records);
  return writing.writing === 'table'
    ? fromTable(records, writing.delimiter, problems, judge, options.columns)
    : fromJson(records, problems, judge, options);
}

/** What is said of a file without a job that ran. */
export function noJobsIn(file: string, setAside: ReadingNotes['setAside'] = []): Mistake {
  const found = setAside.map(({ entries, reason }) => `${entries} that ${reason}`).join(', ');
  return {
    file,
    message: `expected at least one job that ran, found ${found === '' ? 'none: the list is empty; export another time, project or page' : found}`,
  };
}

/** From the first queueing to the last end. */
function spanIn(jobs: JobHistory): Pick<ReadingNotes, 'from' | 'until'> {
  const { queuedAt, durationMs } = jobs.columns;
  if (jobs.length === 0) return { from: 0, until: 0 };
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
    ...(runs.length > 0
      ? [
          `${runs.length} are runs of several jobs, each taken for one job: export the jobs themselves for what they ask of machines`,
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
