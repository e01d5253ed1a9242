import { BadInput } from '../../src/config/mistakes.ts';
import { after, earliest, hours, type Instant, type Millis, NEVER } from '../../src/domain/time.ts';
import type { Columns } from './columns.ts';
import { openRecords, type ReadOptions } from './file.ts';
import { writingOf } from './form.ts';
import { type Counter, newCounter, type RecordedRows, spanOf } from './notes.ts';
import { type Problems, problemsIn } from './problems.ts';
import type { RecordedJob } from './rows.ts';
import { readTable, type TableForm, type TableRow } from './table.ts';
import { A_LENGTH, A_TIME, expected, lengthIn, timeIn } from './values.ts';

type Field = 'job' | 'queued' | 'started' | 'completed' | 'buildCreated' | 'duration' | 'run' | 'class';

const FORM: TableForm<Field> = {
  noun: 'CI jobs',
  names: {
    job: ['job', 'name'],
    queued: ['queued', 'queued_at'],
    started: ['started', 'started_at'],
    completed: ['completed', 'finished', 'completed_at', 'finished_at'],
    buildCreated: ['build_created_utc', 'build_created'],
    duration: ['duration_s', 'duration_seconds'],
    run: ['run_id'],
    class: ['class'],
  },
  needed: [
    ['started', 'completed'],
    ['queued', 'duration'],
    ['started', 'duration'],
    ['buildCreated', 'duration'],
  ],
};

/** GitHub ends a job after six hours; a recorded length above is that of a run which was executed again days later. */
const LONGEST_OF_GITHUB = hours(6);

/**
 * Reads recorded CI jobs from a CSV or TSV: when each was queued, started and finished, or how long it took. Names are not
 * kept: jobs are `j1`, `j2`, … in the order in which they were queued.
 *
 * @throws BadInput with the mistakes in the file; a job that ends before it starts is one.
 */
export async function readJobs(path: string, options: ReadOptions = {}): Promise<RecordedRows<RecordedJob>> {
  const records = await openRecords(path, options);
  const problems = problemsIn(records);
  const writing = writingOf(records);
  if (writing.writing !== 'table')
    throw new BadInput([{ file: path, message: 'expected CI jobs as CSV with a header, found JSON' }]);
  const [dropped, clipped] = [newCounter(), newCounter()];
  const jobs: Times[] = [];
  let form: Form | undefined;
  let read = 0;
  await readTable(records, writing.delimiter, FORM, problems, (row, columns) => {
    form ??= formOf(columns);
    read += 1;
    const times = timesIn(row, form, problems);
    if (times === undefined) return;
    if (typeof times === 'string') dropped.count(times);
    else if (times.durationMs === 0) dropped.count('took no time');
    else jobs.push({ ...clip(times, form, clipped), ...classIn(row) });
  });
  await problems.check();
  const reasons = dropped.tallies();
  if (form === undefined || jobs.length === 0) {
    const found = reasons.map(({ entries, reason }) => `${entries} that ${reason}`).join(', ');
    throw new BadInput([
      { file: path, message: `expected at least one job that ran, found ${found === '' ? 'none' : found}` },
    ]);
  }
  jobs.sort((a, b) => a.queuedAt - b.queuedAt);
  return {
    rows: jobs.map((job, index) => ({ job: `j${index + 1}`, ...job })),
    notes: {
      ...{ file: path, form: form.name, read, dropped: reasons, clipped: clipped.tallies(), markets: [] },
      ...spanOf(
        jobs.flatMap(({ queuedAt, startedAt = queuedAt, durationMs }) => [queuedAt, after(startedAt, durationMs)]),
      ),
      assumptions: form.assumptions,
    },
  };
}

/** What the columns of a file say of its jobs. */
interface Form {
  readonly name: string;
  /** Where the instant of queueing stands. */
  readonly queued: 'queued' | 'started' | 'buildCreated';
  readonly hasStart: boolean;
  readonly length: 'completed' | 'duration';
  readonly mostMs?: Millis;
  readonly assumptions: readonly string[];
}

function formOf({ queued, started, completed, duration, run }: Columns<Field>): Form {
  const length = started !== undefined && completed !== undefined ? 'completed' : 'duration';
  const hasStart = started !== undefined;
  const lengthWords = length === 'completed' ? 'started and completed' : 'a length';
  if (queued !== undefined)
    return { name: `queued, ${lengthWords}`, queued: 'queued', hasStart, length, assumptions: [] };
  if (hasStart)
    return {
      ...{ name: lengthWords, queued: 'started', hasStart, length },
      ...(run === undefined || duration !== undefined ? {} : { mostMs: LONGEST_OF_GITHUB }),
      assumptions: ['without times of queueing: taken as queued when they started'],
    };
  return {
    ...{ name: 'builds with the lengths of their jobs', queued: 'buildCreated', hasStart, length },
    assumptions: [
      "without times of queueing: taken as queued when their build was created, so that a build's jobs come at once",
    ],
  };
}

type Times = Omit<RecordedJob, 'job'>;

/** The times of one job; why it is dropped, in a word or two; undefined if something is wrong with it. */
function timesIn({ textOf, where }: TableRow<Field>, form: Form, problems: Problems): Times | string | undefined {
  const timeOf = (field: Field): Instant | undefined => {
    const at = timeIn(textOf(field), field === 'buildCreated');
    if (at === undefined) problems.add(where(field), expected(A_TIME, textOf(field)));
    return at;
  };
  // Recordings list jobs that were skipped or cancelled while they waited.
  if (form.hasStart && textOf('started') === '') return 'never started';
  if (form.length === 'completed' && textOf('completed') === '') return 'never finished';
  const startedAt = form.hasStart ? timeOf('started') : undefined;
  const queuedAt =
    form.queued === 'started' || (form.hasStart && textOf(form.queued) === '') ? startedAt : timeOf(form.queued);
  const lengthMs =
    form.length === 'completed' ? lengthUntil(timeOf('completed'), startedAt) : lengthIn(textOf('duration'));
  if (form.length === 'duration' && lengthMs === undefined)
    problems.add(
      where('duration'),
      `${expected(A_LENGTH, textOf('duration'))}${/^-\d/.test(textOf('duration')) ? ': the job ends before it starts' : ''}`,
    );
  if (lengthMs === undefined || queuedAt === undefined || (form.hasStart && startedAt === undefined)) return undefined;
  if (lengthMs < 0) {
    problems.add(
      where('completed'),
      `${expected('an end at or after the start', textOf('completed'))}: the job, started ${textOf('started')}, ends before it starts`,
    );
    return undefined;
  }
  return startedAt === undefined ? { queuedAt, durationMs: lengthMs } : { queuedAt, startedAt, durationMs: lengthMs };
}

/** Empty where it is of no class. */
const classIn = ({ textOf }: TableRow<Field>): Pick<RecordedJob, 'class'> =>
  textOf('class') === '' ? {} : { class: textOf('class') };

/** Mends what recordings are known to get wrong, and counts it. */
function clip(times: Times, { mostMs = Number.POSITIVE_INFINITY }: Form, clipped: Counter): Times {
  const { queuedAt, startedAt = NEVER, durationMs } = times;
  if (durationMs > mostMs) clipped.count(`longer than GitHub lets a job run: cut to ${mostMs / hours(1)} h`);
  // The clocks of a CI server and of its machines differ by seconds.
  if (queuedAt > startedAt) clipped.count('queued after it started: taken as queued when it started');
  return { ...times, queuedAt: earliest(queuedAt, startedAt), durationMs: Math.min(durationMs, mostMs) };
}

const lengthUntil = (completedAt: Instant | undefined, startedAt: Instant | undefined): Millis | undefined =>
  completedAt === undefined || startedAt === undefined ? undefined : completedAt - startedAt;
