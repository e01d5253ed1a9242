import { hours, type Millis } from '../../../src/domain/time.ts';
import type { Counter } from '../notes.ts';
import type { Problems, Where } from '../problems.ts';
import { A_TIME, expected } from '../values.ts';
import { classNamed } from './classes.ts';
import type { JobColumnsTaken } from './history.ts';
import type { Instants } from './instants.ts';
import { lengthOf } from './lengths.ts';
import { type EarlierFiles, newRepeats } from './repeats.ts';
import type { Length, SeenJob, Value } from './seen.ts';
import type { Aside, Reason } from './setAside.ts';
import { standingOf } from './status.ts';
import { type Times, type Told, verdictOn } from './verdict.ts';

/** Makes rows of the jobs that are seen in a file: each is used, or set aside by its reason. */
export interface Judge {
  /** @param where gives the place of the row, or of one of its values by its key. */
  readonly take: (seen: SeenJob, where: WhereIs) => void;
  /** A row that is no job, by what the system says of it. */
  readonly setAside: (reason: Reason, where: WhereIs) => void;
  /** Settles what only the whole file tells: runs whose jobs are there as well. Once, at the end. */
  readonly settle: () => Knowledge;
}

export type WhereIs = (key?: string) => Where;

/** What a file tells of its jobs, for its notes. */
export interface Knowledge {
  /** Rows in the file: those used, those set aside, and those with mistakes. */
  readonly seen: number;
  /** Jobs that say when they were queued, when they started, and only one of both. */
  readonly withBoth: number;
  readonly onlyStarted: number;
  readonly onlyQueued: number;
  /** Of those used, where the runs of several jobs stand. */
  readonly runs: readonly Where[];
  /** Longer than GitHub lets a job on its own machines run, where nothing says on whose it ran. */
  readonly longOfUnknownRunner: number;
}

/** GitHub ends a job on its own machines after six hours; one that looks longer was executed again days later. */
const LONGEST_ON_HOSTED = hours(6);

export const A_JOB_LENGTH = 'a length such as 480, 480s, 8m or 0:08:00';

/** More names than any CI system has; the class of any other is found anew each time. */
const MOST_NAMES = 100_000;

export function newJudge(parts: {
  readonly problems: Problems;
  readonly instants: Instants;
  readonly rows: JobColumnsTaken;
  readonly aside: Aside;
  readonly clipped: Counter;
  /** What the files before this one told of, where several are read together. */
  readonly told: EarlierFiles | undefined;
}): Judge {
  const { problems, instants, rows, aside, clipped } = parts;
  const repeats = newRepeats(rows.areAlike, parts.told);
  const runs = new Map<number, Where>();
  const classes = new Map<string, number>();
  let [seenRows, jobs, naive, withBoth, onlyStarted, onlyQueued, longOfUnknownRunner] = [0, 0, 0, 0, 0, 0, 0];

  return {
    setAside: (reason, where) => {
      seenRows += 1;
      aside.add(reason, where);
    },
    take: (seen, where) => {
      seenRows += 1;
      const times = timesIn(seen, where);
      if (times === undefined) return;
      if (typeof times === 'string') {
        aside.add(times, where);
        return;
      }
      const row = add(times, seen);
      const repeat = repeats.take(row, seen, times);
      if (repeat !== undefined) {
        rows.remove(repeat.row);
        runs.delete(repeat.row);
        aside.add(repeat.reason, where);
      }
      if (repeat?.row === row) return;
      if (seen.grain === 'run') runs.set(row, where());
      else jobs += 1;
    },
    settle: () => {
      repeats.settle();
      if (jobs > 0)
        for (const [row, where] of runs) {
          rows.remove(row);
          aside.add('is a run whose jobs are told of as well', () => where);
        }
      if (jobs > 0) runs.clear();
      return { seen: seenRows, withBoth, onlyStarted, onlyQueued, runs: [...runs.values()], longOfUnknownRunner };
    },
  };

  /** Undefined if something in it cannot be read, which is a mistake. */
  function timesIn(seen: SeenJob, where: WhereIs): Times | Reason | undefined {
    const standing = standingOf(seen.status);
    if (standing === 'skipped') return 'was skipped';
    if (seen.neverStarted === true)
      return standing === 'cancelled' ? 'was cancelled before it started' : 'never started';
    const before = problems.count;
    const told = {
      standing,
      queued: timeIn(seen.queued, where),
      started: timeIn(seen.started, where),
      finished: timeIn(seen.finished, where),
      length: lengthIn(seen.length, where),
      waited: lengthIn(seen.waited, where),
      hasStarts: seen.started !== undefined,
      hasEnds: seen.finished !== undefined,
    };
    // Once one time lacks its zone, the others say nothing either; the first one is told, for they all lack it.
    return problems.count > before || naive > 0 ? undefined : verdictOn(told);
  }

  function timeIn(value: Value | undefined, where: WhereIs): Told {
    if (value === undefined) return 'nothing';
    const at = instants.of(value.found, value.isUtc);
    if (at === 'naive') {
      if (naive === 0) problems.add(where(value.key), naiveMessage(value.found));
      naive += 1;
      return 'nothing';
    }
    if (at !== 'unreadable') return at;
    problems.add(where(value.key), `${expected(A_TIME, value.found)}${doubtIn(value.found)}`);
    return 'nothing';
  }

  function lengthIn(length: Length | undefined, where: WhereIs): Millis | undefined {
    if (length === undefined) return undefined;
    const found = lengthOf(length.found, length.unitMs);
    if (found === undefined)
      problems.add(where(length.key), `${expected(A_JOB_LENGTH, length.found)}${commaIn(length.found)}`);
    return found === 'nothing' ? undefined : found;
  }

  /** Mends what recordings are known to get wrong, and counts it. */
  function add({ queuedAt: asked, startedAt, durationMs: told }: Times, seen: SeenJob): number {
    let [queuedAt, durationMs] = [asked ?? startedAt ?? 0, told];
    if (asked === undefined) onlyStarted += 1;
    else if (startedAt === undefined) onlyQueued += 1;
    else withBoth += 1;
    if (durationMs > LONGEST_ON_HOSTED && seen.hosted === 'unknown') longOfUnknownRunner += 1;
    if (durationMs > LONGEST_ON_HOSTED && seen.hosted === true) {
      clipped.count('longer than GitHub lets a job run on its own machines: cut to 6 h');
      durationMs = LONGEST_ON_HOSTED;
    }
    // The clocks of a CI server and of its machines differ by seconds.
    if (startedAt !== undefined && queuedAt > startedAt) {
      clipped.count('queued after it started: taken as queued when it started');
      queuedAt = startedAt;
    }
    return rows.add(queuedAt, startedAt ?? Number.NaN, durationMs, classOf(seen));
  }

  function classOf(seen: SeenJob): number {
    if (typeof seen.class === 'string' && seen.class.trim() !== '') return rows.classNamed(seen.class.trim());
    const [workflow, job] = [nameIn(seen.workflow), nameIn(seen.name)];
    if (workflow === undefined && job === undefined) return -1;
    const key = `${workflow ?? ''}\n${job ?? ''}`;
    let number = classes.get(key);
    if (number === undefined) {
      number = rows.classNamed(classNamed(workflow, job));
      if (classes.size < MOST_NAMES) classes.set(key, number);
    }
    return number;
  }
}

const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

/** What is wrong with a time of which nobody said the zone. */
export const naiveMessage = (found: unknown): string =>
  `${expected('a time with its zone, such as 2026-03-02T08:00:00Z or 2026-03-02T09:00:00+01:00', found)}: say by which clock the times of this file go, with --time-zone Europe/Berlin or --time-zone UTC`;

/** Why a time cannot be read that people can, and the remedy; empty for any other. */
export function doubtIn(found: unknown): string {
  if (typeof found !== 'string') return '';
  if (/^\d\d?\/\d\d?\/\d{4}/.test(found.trim()))
    return ': day and month could be either way round; write the date as 2026-03-02';
  const zone = /\d ([A-Z]{2,5})$/.exec(found.trim())?.[1];
  return zone === undefined ? '' : `: ${zone} means other clocks in other places; write the offset, such as +01:00`;
}

const commaIn = (found: unknown): string =>
  typeof found === 'string' && /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(found.trim())
    ? ': the comma could stand before thousands or before decimals; write 1480 or 1.48'
    : '';
