import type { Instant, Millis } from '../../../src/domain/time.ts';
import { ascendingOrder } from '../ordered.ts';
import type { RecordedJob } from '../rows.ts';

/** Recorded jobs in columns, in the order in which they were queued: job `i` has place `i` in each. */
export interface JobColumns {
  readonly queuedAt: Float64Array;
  /** NaN where the recording does not say. */
  readonly startedAt: Float64Array;
  readonly durationMs: Float64Array;
  /** Which of `classes` a job is of; -1: it has none. */
  readonly classOf: Int32Array;
  readonly classes: readonly string[];
}

/** Jobs in columns: a million take 28 MB, a quarter of what objects take. Rows are made as they are asked for, named `j1`, `j2`, … */
export class JobHistory implements Iterable<RecordedJob> {
  readonly columns: JobColumns;
  readonly length: number;

  constructor(columns: JobColumns) {
    this.columns = columns;
    this.length = columns.queuedAt.length;
  }

  *[Symbol.iterator](): Generator<RecordedJob> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }

  at(index: number): RecordedJob {
    const { queuedAt, startedAt, durationMs, classOf, classes } = this.columns;
    const [started, name] = [startedAt[index]!, classes[classOf[index]!]];
    const [isStarted, job] = [!Number.isNaN(started), `j${index + 1}`];
    // Whole objects: one that gets its properties later takes half as much memory again.
    if (isStarted && name !== undefined)
      return { job, queuedAt: queuedAt[index]!, durationMs: durationMs[index]!, startedAt: started, class: name };
    if (isStarted) return { job, queuedAt: queuedAt[index]!, durationMs: durationMs[index]!, startedAt: started };
    if (name !== undefined) return { job, queuedAt: queuedAt[index]!, durationMs: durationMs[index]!, class: name };
    return { job, queuedAt: queuedAt[index]!, durationMs: durationMs[index]! };
  }

  /** When a job ran: from its start, where it is known, else from when it was queued. */
  runsAt(index: number): Instant {
    const { queuedAt, startedAt } = this.columns;
    const started = startedAt[index]!;
    return Number.isNaN(started) ? queuedAt[index]! : started;
  }

  /** All of them as a list. */
  rows(): RecordedJob[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }

  /** Everything moved in time. */
  moved(byMs: Millis): JobHistory {
    if (byMs === 0) return this;
    const { queuedAt, startedAt, ...others } = this.columns;
    return new JobHistory({
      ...others,
      queuedAt: queuedAt.map((at) => at + byMs),
      startedAt: startedAt.map((at) => at + byMs),
    });
  }

  /** The same, as if the recording did not say when they started. */
  withoutStarts(): JobHistory {
    return new JobHistory({ ...this.columns, startedAt: new Float64Array(this.length).fill(Number.NaN) });
  }

  /** Those that were queued from one instant on and before another. */
  queuedWithin(from: Instant, until: Instant): JobHistory {
    const { queuedAt, startedAt, durationMs, classOf, classes } = this.columns;
    const [first, end] = [placeOf(queuedAt, from), placeOf(queuedAt, until)];
    return new JobHistory({
      queuedAt: queuedAt.subarray(first, end),
      startedAt: startedAt.subarray(first, end),
      durationMs: durationMs.subarray(first, end),
      classOf: classOf.subarray(first, end),
      classes,
    });
  }
}

/** Before the first that is at `at` or later. */
function placeOf(ascending: Float64Array, at: Instant): number {
  let [from, until] = [0, ascending.length];
  while (from < until) {
    const middle = (from + until) >>> 1;
    if (ascending[middle]! < at) from = middle + 1;
    else until = middle;
  }
  return from;
}

/** The same jobs in columns, in the order in which they were queued; of one instant as they stand in the list. Their names are not kept. */
export function jobHistoryOf(jobs: Iterable<RecordedJob> & { readonly length: number }): JobHistory {
  if (jobs instanceof JobHistory) return jobs;
  const columns = newJobColumns();
  for (const { queuedAt, startedAt, durationMs, class: name } of jobs)
    columns.add(queuedAt, startedAt ?? Number.NaN, durationMs, columns.classNamed(name));
  return columns.close();
}

/** The jobs of several files as one history. */
export function jobsJoined(histories: readonly JobHistory[]): JobHistory {
  const [first] = histories;
  if (first !== undefined && histories.length === 1) return first;
  const joined = newJobColumns();
  for (const { columns, length } of histories) {
    const numbers = columns.classes.map((name) => joined.classNamed(name));
    for (let index = 0; index < length; index += 1)
      joined.add(
        columns.queuedAt[index]!,
        columns.startedAt[index]!,
        columns.durationMs[index]!,
        numbers[columns.classOf[index]!] ?? -1,
      );
  }
  return joined.close();
}

/** Takes jobs one by one, in any order. */
export interface JobColumnsTaken {
  /** How many were added, those that were taken back included. */
  readonly count: () => number;
  /** The number of a class; -1 for none. */
  readonly classNamed: (name: string | undefined) => number;
  /** @param startedAt NaN: not known. @returns the row's number. */
  readonly add: (queuedAt: Instant, startedAt: Instant, durationMs: Millis, classNumber: number) => number;
  /** Whether two rows have the same times and class. */
  readonly areAlike: (row: number, other: number) => boolean;
  /** Takes a row back, by its number. */
  readonly remove: (row: number) => void;
  /** The rows that are left. Adds no more afterwards. */
  readonly close: () => JobHistory;
}

const FIRST_ROWS = 1_024;

export function newJobColumns(): JobColumnsTaken {
  let [queued, started, lengths] = [newColumn(FIRST_ROWS), newColumn(FIRST_ROWS), newColumn(FIRST_ROWS)];
  let classOf = new Int32Array(FIRST_ROWS);
  let count = 0;
  const classes: string[] = [];
  const numbers = new Map<string, number>();
  const removed = new Set<number>();
  return {
    count: () => count,
    classNamed: (name) => {
      if (name === undefined) return -1;
      let number = numbers.get(name);
      if (number === undefined) {
        number = classes.push(name) - 1;
        numbers.set(name, number);
      }
      return number;
    },
    add: (queuedAt, startedAt, durationMs, classNumber) => {
      if (count === queued.length) {
        [queued, started, lengths] = [wider(queued), wider(started), wider(lengths)];
        const twice = new Int32Array(count * 2);
        twice.set(classOf);
        classOf = twice;
      }
      queued[count] = queuedAt;
      started[count] = startedAt;
      lengths[count] = durationMs;
      classOf[count] = classNumber;
      count += 1;
      return count - 1;
    },
    areAlike: (row, other) =>
      [queued, started, lengths, classOf].every((column) => Object.is(column[row], column[other])),
    remove: (row) => {
      removed.add(row);
    },
    close: () => {
      const order = ascendingOrder(
        queued.subarray(0, count),
        removed.size === 0 ? undefined : (row) => removed.has(row),
      );
      const picked = <Column extends Float64Array | Int32Array>(column: Column): Column => {
        // In their order already: no copy is needed.
        if (order === undefined) return column.subarray(0, count) as Column;
        const into = column.slice(0, order.length) as Column;
        for (let index = 0; index < order.length; index += 1) into[index] = column[order[index]!]!;
        return into;
      };
      const history = new JobHistory({
        queuedAt: picked(queued),
        startedAt: picked(started),
        durationMs: picked(lengths),
        classOf: picked(classOf),
        classes,
      });
      [queued, started, lengths, classOf, count] = [newColumn(1), newColumn(1), newColumn(1), new Int32Array(1), 0];
      return history;
    },
  };
}

const newColumn = (rows: number): Float64Array => new Float64Array(rows);

function wider(column: Float64Array): Float64Array {
  const twice = newColumn(column.length * 2);
  twice.set(column);
  return twice;
}
