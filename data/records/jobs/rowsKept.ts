import type { Instant, Millis } from '../../../src/domain/time.ts';
import type { RecordedJob } from '../rows.ts';

/** Jobs in typed columns: they come by the million, and an object for each while a file is read would be hundreds of megabytes. */
export interface RowsKept {
  /** How many rows were added. */
  readonly count: () => number;
  /** @returns the row's number. */
  readonly add: (row: {
    queuedAt: Instant;
    startedAt: Instant | undefined;
    durationMs: Millis;
    class: string | undefined;
  }) => number;
  /** Takes a row back, by its number. */
  readonly remove: (row: number) => void;
  /** The rows that are left, in the order in which they were queued, named `j1`, `j2`, … */
  readonly jobs: () => RecordedJob[];
}

const FIRST_ROWS = 1_024;

export function newRowsKept(): RowsKept {
  let [queued, started, lengths] = [newColumn(FIRST_ROWS), newColumn(FIRST_ROWS), newColumn(FIRST_ROWS)];
  let classes = new Int32Array(FIRST_ROWS);
  let count = 0;
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const removed = new Set<number>();
  const numberOf = (name: string | undefined): number => {
    if (name === undefined) return -1;
    let number = numbers.get(name);
    if (number === undefined) {
      number = names.length;
      names.push(name);
      numbers.set(name, number);
    }
    return number;
  };
  return {
    count: () => count,
    add: (row) => {
      if (count === queued.length) {
        [queued, started, lengths] = [wider(queued), wider(started), wider(lengths)];
        const names = new Int32Array(count * 2);
        names.set(classes);
        classes = names;
      }
      queued[count] = row.queuedAt;
      started[count] = row.startedAt ?? Number.NaN;
      lengths[count] = row.durationMs;
      classes[count] = numberOf(row.class);
      count += 1;
      return count - 1;
    },
    remove: (row) => {
      removed.add(row);
    },
    jobs: () => {
      const order = orderOf(queued, count, removed);
      const jobs = new Array<RecordedJob>(order.length);
      for (let index = 0; index < order.length; index += 1) {
        const row = order[index] ?? 0;
        const [startedAt, name] = [started[row] ?? Number.NaN, names[classes[row] ?? -1]];
        const job: { -readonly [Key in keyof RecordedJob]: RecordedJob[Key] } = {
          job: `j${index + 1}`,
          queuedAt: queued[row] ?? 0,
          durationMs: lengths[row] ?? 0,
        };
        if (!Number.isNaN(startedAt)) job.startedAt = startedAt;
        if (name !== undefined) job.class = name;
        jobs[index] = job;
      }
      return jobs;
    },
  };
}

const newColumn = (rows: number): Float64Array => new Float64Array(rows);

function wider(column: Float64Array): Float64Array {
  const twice = newColumn(column.length * 2);
  twice.set(column);
  return twice;
}

/** The numbers of the rows that are left, by time; of one time, as they stand in the file. */
function orderOf(queued: Float64Array, count: number, removed: ReadonlySet<number>): Uint32Array {
  const order = new Uint32Array(count - removed.size);
  let [next, last, isSorted] = [0, Number.NEGATIVE_INFINITY, true];
  for (let row = 0; row < count; row += 1) {
    if (removed.has(row)) continue;
    const at = queued[row] ?? 0;
    if (at < last) isSorted = false;
    last = at;
    order[next] = row;
    next += 1;
  }
  return isSorted ? order : order.sort((a, b) => (queued[a] ?? 0) - (queued[b] ?? 0) || a - b);
}
