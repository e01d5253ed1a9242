import type { SeenJob } from './seen.ts';
import type { Reason } from './setAside.ts';
import type { Times } from './verdict.ts';

/** What files that are read together have told of so far. */
export interface EarlierFiles {
  /** By id, start and length. */
  readonly jobs: Set<string>;
  /** By list: how many rows it has on all of its pages, and how many were there. */
  readonly counts: Map<string, PageCount>;
}

export interface PageCount {
  inAll: number;
  here: number;
}

/** Jobs that are told of more than once. */
export interface Repeats {
  /** @returns which row does not stand, and why; undefined: all do. */
  readonly take: (row: number, seen: SeenJob, times: Times) => Repeat | undefined;
  /** Hands what this file told of to those that come after it. */
  readonly settle: () => void;
}

interface Repeat {
  readonly row: number;
  readonly reason: Reason;
}

/**
 * @param areAlike whether two rows say the same of times and class
 * @param told by the files before this one; undefined: it is read alone
 */
export function newRepeats(areAlike: (row: number, other: number) => boolean, told: EarlierFiles | undefined): Repeats {
  const rowById = new Map<string | number, number>();
  const byExecution = new Map<string, { readonly row: number; readonly queuedAt: number }>();
  const ofThisFile: string[] = [];
  const aside = new Set<number>();

  function within(row: number, seen: SeenJob, { queuedAt = 0 }: Times): Repeat | undefined {
    const { id, rowId, execution } = seen;
    const earlier = id === undefined ? undefined : rowById.get(id);
    if (id !== undefined) rowById.set(id, row);
    const ran = execution === undefined ? undefined : byExecution.get(execution);
    if (execution !== undefined && (ran === undefined || queuedAt < ran.queuedAt || ran.row === earlier))
      byExecution.set(execution, { row, queuedAt });
    if (earlier !== undefined) return { row: earlier, reason: 'is told of twice, of which the later stands' };
    if (ran !== undefined)
      return {
        row: queuedAt < ran.queuedAt ? ran.row : row,
        reason: 'was not run again with its run, which tells of it anew',
      };
    if (rowId === undefined) return undefined;
    // A column that is called id may be the id of anything: only a row that says the same is the same.
    const first = rowById.get(rowId);
    const isAgain = first !== undefined && areAlike(first, row);
    if (first === undefined || isAgain) rowById.set(rowId, row);
    return isAgain ? { row: first, reason: 'is told of twice, of which the later stands' } : undefined;
  }

  return {
    take: (row, seen, times) => {
      if (told !== undefined) {
        const known = seen.execution ?? seen.id ?? seen.rowId;
        const key = `${known} ${times.startedAt ?? times.queuedAt} ${times.durationMs}`;
        if (known !== undefined && told.jobs.has(key)) return { row, reason: 'is told of in an earlier file as well' };
        if (known !== undefined) ofThisFile.push(key);
      }
      const repeat = within(row, seen, times);
      if (repeat === undefined) return undefined;
      // What stands aside already cannot make room: then this one tells of what another row stands for.
      const one = aside.has(repeat.row) ? { ...repeat, row } : repeat;
      aside.add(one.row);
      return one;
    },
    settle: () => {
      for (const key of ofThisFile.splice(0)) told?.jobs.add(key);
    },
  };
}
