import { ALWAYS, type Instant, isoOf, NEVER } from '../../src/domain/time.ts';

/** Entries that a reader did not take as they stood, and why. */
interface Tally {
  readonly entries: number;
  /** `same instant as a later row of the market`. */
  readonly reason: string;
}

/** Rows that a reader of jobs set aside, of one reason. */
export interface SetAside extends Tally {
  /** Line and column of the first of them, as far as they are known: `12:5`. */
  readonly first: string;
  /** It cannot be meant; otherwise it is simply no job, such as one that was skipped. */
  readonly isWrong: boolean;
}

/** What a reader did with one file: printed for people, so that no number rests on something unsaid. */
export interface ReadingNotes {
  readonly file: string;
  /** Which of the known forms it has: `AWS CLI JSON`. */
  readonly form: string;
  /** Entries in the file, those dropped included. */
  readonly read: number;
  readonly dropped: readonly Tally[];
  /** Of jobs only: rows that are not used, each reason with its first place. */
  readonly setAside?: readonly SetAside[];
  readonly clipped: readonly Tally[];
  /** `m5.large/us-east-1a Linux/UNIX`, ascending; empty for jobs. */
  readonly markets: readonly string[];
  /** The first and the last instant of the entries kept; 0 and the length where the file has no clock. */
  readonly from: Instant;
  readonly until: Instant;
  /** What was taken for granted, one phrase each. */
  readonly assumptions: readonly string[];
}

/** The rows of a file in the order of time, and what was done to get them. */
export interface RecordedRows<Row> {
  readonly rows: readonly Row[];
  readonly notes: ReadingNotes;
}

/** Counts entries by reason. */
export interface Counter {
  count(reason: string, entries?: number): void;
  tallies(): readonly Tally[];
}

export function newCounter(): Counter {
  const counts = new Map<string, number>();
  return {
    count: (reason, entries = 1) => {
      if (entries > 0) counts.set(reason, (counts.get(reason) ?? 0) + entries);
    },
    tallies: () => [...counts].map(([reason, entries]) => ({ entries, reason })),
  };
}

/** The first and the last of some instants, in any order. Not for an empty list. */
export function spanOf(instants: Iterable<Instant>): { readonly from: Instant; readonly until: Instant } {
  let [from, until] = [NEVER, ALWAYS];
  for (const at of instants) {
    if (at < from) from = at;
    if (at > until) until = at;
  }
  return { from, until };
}

/** The notes for people, a line each. */
export function notesText(notes: ReadingNotes): readonly string[] {
  const { file, form, read, dropped, setAside = [], clipped, markets, from, until, assumptions } = notes;
  const tallied = (tallies: readonly Tally[], what: string): string[] =>
    tallies.map(({ entries, reason }) => `  ${entries} ${what}: ${reason}`);
  const marketWords = markets.length === 0 ? '' : `, ${markets.length} ${markets.length === 1 ? 'market' : 'markets'}`;
  const span = until === 0 ? 'none used' : from === 0 ? `${until / 1_000} s` : `${isoOf(from)} to ${isoOf(until)}`;
  return [
    `${file}: ${form}, ${read} ${read === 1 ? 'entry' : 'entries'}${marketWords}, ${span}`,
    ...tallied(dropped, 'dropped'),
    ...setAside.map(({ entries, reason, first }) => `  ${entries} set aside: ${reason}${placeOf(file, first)}`),
    ...tallied(clipped, 'clipped'),
    ...assumptions.map((assumption) => `  assumed: ${assumption}`),
  ];
}

/** `, first at jobs.csv:12:5`. */
const placeOf = (file: string, first: string): string => (first === '' ? '' : `, first at ${file}:${first}`);
