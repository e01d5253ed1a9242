import { BadInput } from '../../../src/config/mistakes.ts';
import type { RecordFile } from '../file.ts';
import type { SetAside } from '../notes.ts';
import { placesIn, type Where } from '../problems.ts';

/** Why a row is set aside. Those of `WRONG` cannot be meant, and too many of them refuse the file; the others are simply no jobs. */
export type Reason = (typeof WRONG)[number] | NoJob;

const WRONG = [
  'ends before it starts',
  'has a time that stands for none, such as 0001-01-01 or 1970-01-01',
  'has no end',
  'has no times that can be recognised',
  'has no price',
  'has a price below zero',
  'names no zone',
  'names no instance type',
] as const;

type NoJob =
  | 'was skipped'
  | 'never started'
  | 'was cancelled before it started'
  | 'was not over yet'
  | 'took no time'
  | 'is told of twice, of which the later stands'
  | 'is told of in an earlier file as well'
  | 'was not run again with its run, which tells of it anew'
  | 'is a run whose jobs are told of as well'
  | 'is a step that needs no machine'
  | 'is a pod of a service, not of a job'
  | 'failed, and does not say when';

/** One row that was set aside, with its place. */
export interface Reject {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly reason: Reason;
}

export interface SetAsideRules {
  /** The largest share of rows that cannot be meant, of all rows that are jobs; 0 to 1. */
  readonly atMost: number;
  /** Told of every row that is set aside, in the order of the file; undefined: only the first of each reason is looked up. */
  readonly onReject?: ((reject: Reject) => void) | undefined;
}

/** Counts what is set aside from one file, with the first place of each reason. */
export interface Aside {
  readonly add: (reason: Reason, where: () => Where) => void;
  /** @returns what was set aside, the most frequent reason first. @throws BadInput if too much was. */
  readonly close: (used: number, rules: SetAsideRules) => Promise<readonly SetAside[]>;
}

export function newAside(records: RecordFile, keepAll: boolean): Aside {
  const counts = new Map<Reason, { entries: number; readonly first: Where }>();
  const all: { readonly reason: Reason; readonly where: Where }[] = [];
  return {
    add: (reason, where) => {
      const known = counts.get(reason);
      if (known !== undefined) known.entries += 1;
      if (known !== undefined && !keepAll) return;
      const place = where();
      if (known === undefined) counts.set(reason, { entries: 1, first: place });
      if (keepAll) all.push({ reason, where: place });
    },
    close: async (used, { atMost, onReject }) => {
      const kinds = [...counts].toSorted(([, a], [, b]) => b.entries - a.entries);
      const placeOf = await placesIn(records, [
        ...kinds.map(([, { first }]) => first),
        ...all.map(({ where }) => where),
      ]);
      for (const { reason, where } of all) {
        const { line, column } = placeOf(where);
        onReject?.({ file: records.file, line, column, reason });
      }
      const found = kinds.map(([reason, { entries, first }]): SetAside => {
        const { line, column } = placeOf(first);
        const place = [line, line === undefined ? undefined : column].filter((part) => part !== undefined);
        return { entries, reason, first: place.join(':'), isWrong: isWrong(reason) };
      });
      refuseTooMany(records.file, found, used, atMost);
      return found;
    },
  };
}

const isWrong = (reason: Reason): boolean => (WRONG as readonly Reason[]).includes(reason);

function refuseTooMany(file: string, found: readonly SetAside[], used: number, atMost: number): void {
  const wrong = found.filter((one) => one.isWrong);
  const entries = wrong.reduce((sum, one) => sum + one.entries, 0);
  const rows = entries + used;
  if (entries === 0 || entries <= atMost * rows) return;
  const share = (part: number): string => `${Math.round(part * 1_000) / 10} %`;
  const limit = atMost === 0 ? 'no row that cannot be meant' : `at most ${share(atMost)} of the rows not to be meant`;
  const remedy =
    entries === rows
      ? 'are these the columns that were meant? Name them with --columns, for example --columns queued=created_at,started=started_at,finished=completed_at'
      : `mend them, list them with --rejects FILE, or allow as many with --at-most-set-aside ${Math.ceil((entries / rows) * 100)}%`;
  throw new BadInput([
    {
      file,
      message: `expected ${limit}, found ${entries} of ${rows} (${share(entries / rows)}): ${wrong.map((one) => `${one.entries} that ${one.reason} (the first at ${one.first === '' ? 'a place unknown' : one.first})`).join(', ')}; ${remedy}`,
    },
  ]);
}
