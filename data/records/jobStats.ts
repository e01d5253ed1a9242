import { BadInput } from '../../src/config/mistakes.ts';
import { ALWAYS, after, hours, type Instant, type Millis, minutes, NEVER } from '../../src/domain/time.ts';
import { type JobHistory, jobHistoryOf } from './jobs/history.ts';
import { percentile as nearestAbove } from './percentile.ts';
import type { RecordedJob } from './rows.ts';

/** How a percentile is read off a sorted list; published tables differ in it. */
export type PercentileRule = 'nearest-above' | 'linear';

/** What "at once" means for jobs: touching the same window, or running at the same instant. */
type ConcurrencyRule = 'windows' | 'instant';

export interface JobRules {
  readonly percentile: PercentileRule;
  readonly concurrency: ConcurrencyRule;
  /** Length of a window. */
  readonly windowMs: Millis;
}

/** The jobs of one class. */
export interface ClassStats {
  readonly name: string | null;
  readonly jobs: number;
  readonly p50: Millis;
  readonly p95: Millis;
  /** Of all job-hours, 0 to 1. */
  readonly shareOfHours: number;
}

/** The week of a CI system, in numbers. */
export interface JobStats {
  readonly jobs: number;
  readonly jobHours: number;
  /** Each job's length rounded up to whole minutes, in all: more than the hours say, and how many CI services bill. */
  readonly executionMinutes: number;
  readonly durationMs: {
    readonly p50: Millis;
    readonly p90: Millis;
    readonly p95: Millis;
    readonly p99: Millis;
    readonly max: Millis;
  };
  readonly concurrency: { readonly p50: number; readonly p90: number; readonly max: number };
  /** From queueing to start, of the jobs that tell both; null where none does. */
  readonly queueingMs: {
    readonly jobs: number;
    readonly p50: Millis;
    readonly p95: Millis;
    readonly max: Millis;
  } | null;
  /** By class, most hours first; `null` as the name is that of jobs without one. */
  readonly classes: readonly ClassStats[];
  /** The first start and the last finish; where starts are unknown, a job starts when it is queued. */
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * Statistics of recorded jobs, at least one.
 *
 * @param file what to name in mistakes.
 * @throws BadInput for windows too short for the time that the jobs cover.
 */
export function jobStats(
  jobs: Iterable<RecordedJob> & { readonly length: number },
  rules: JobRules,
  file: string,
): JobStats {
  const history = jobHistoryOf(jobs);
  const runs = runsOf(history);
  // Typed, so that a million of them are sorted as numbers.
  const durations = history.columns.durationMs.toSorted();
  const of = (share: number): Millis => percentileOf(durations, share, rules.percentile);
  const totalMs = durations.reduce((sum, durationMs) => sum + durationMs, 0);
  return {
    jobs: history.length,
    jobHours: totalMs / hours(1),
    executionMinutes: durations.reduce((sum, durationMs) => sum + Math.ceil(durationMs / minutes(1)), 0),
    durationMs: { p50: of(0.5), p90: of(0.9), p95: of(0.95), p99: of(0.99), max: durations.at(-1) ?? 0 },
    queueingMs: queueingOf(history, rules),
    classes: classesOf(history, totalMs, rules),
    concurrency: rules.concurrency === 'windows' ? inWindows(runs, rules, file) : atInstants(runs),
    from: runs.from,
    until: runs.until,
  };
}

/** When jobs ran, in columns; the first start of all and the last end. */
interface Runs {
  readonly startsAt: Float64Array;
  readonly endsAt: Float64Array;
  readonly from: Instant;
  readonly until: Instant;
}

function runsOf(jobs: JobHistory): Runs {
  const { durationMs } = jobs.columns;
  const [startsAt, endsAt] = [new Float64Array(jobs.length), new Float64Array(jobs.length)];
  let [from, until] = [NEVER, ALWAYS];
  for (let job = 0; job < jobs.length; job += 1) {
    const at = jobs.runsAt(job);
    const end = after(at, durationMs[job]!);
    startsAt[job] = at;
    endsAt[job] = end;
    [from, until] = [Math.min(from, at), Math.max(until, end)];
  }
  return { startsAt, endsAt, from, until };
}

/** Jobs whose queueing was not recorded are taken as queued when they started: where all are, nothing is known of it. */
function queueingOf({ columns: { queuedAt, startedAt } }: JobHistory, rules: JobRules): JobStats['queueingMs'] {
  // NaN where there is no start: those are sorted behind all others.
  const waits = startedAt.map((at, job) => at - queuedAt[job]!).sort();
  const firstUnknown = waits.findIndex(Number.isNaN);
  const ascending = firstUnknown < 0 ? waits : waits.subarray(0, firstUnknown);
  const max = ascending.at(-1) ?? 0;
  if (max === 0) return null;
  const of = (share: number): Millis => percentileOf(ascending, share, rules.percentile);
  return { jobs: ascending.length, p50: of(0.5), p95: of(0.95), max };
}

function classesOf({ columns }: JobHistory, totalMs: Millis, rules: JobRules): readonly ClassStats[] {
  const { classOf, durationMs, classes } = columns;
  // The last place is that of jobs without a class.
  const counts = new Uint32Array(classes.length + 1);
  const placeOf = (job: number): number => (classOf[job]! < 0 ? classes.length : classOf[job]!);
  for (let job = 0; job < classOf.length; job += 1) counts[placeOf(job)]! += 1;
  const lengths = Array.from(counts, (count) => new Float64Array(count));
  const filled = new Uint32Array(counts.length);
  for (let job = 0; job < classOf.length; job += 1) {
    const place = placeOf(job);
    lengths[place]![filled[place]!] = durationMs[job]!;
    filled[place]! += 1;
  }
  return lengths
    .map((own, place) => {
      const ascending = own.sort();
      const ownMs = own.reduce((sum, lengthMs) => sum + lengthMs, 0);
      const of = (share: number): Millis => percentileOf(ascending, share, rules.percentile);
      const name = classes[place] ?? null;
      return { name, jobs: own.length, p50: of(0.5), p95: of(0.95), shareOfHours: ownMs / totalMs };
    })
    .filter((one) => one.jobs > 0)
    .sort((a, b) => b.shareOfHours - a.shareOfHours || (a.name ?? '').localeCompare(b.name ?? ''));
}

/** A percentile of an ascending list by either rule. */
export function percentileOf(ascending: ArrayLike<number>, share: number, rule: PercentileRule): number {
  if (rule === 'nearest-above') return nearestAbove(ascending, share);
  const place = (ascending.length - 1) * share;
  const below = ascending[Math.floor(place)] ?? 0;
  const above = ascending[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** Two years of minutes; more is a slip of the pen, and would fill the memory. */
const MOST_WINDOWS = 1_000_000;

/** Jobs that touch each window, from that of the first start to that of the last finish; a job that ends where a window begins does not. */
function inWindows(
  { startsAt, endsAt, from, until }: Runs,
  { windowMs, percentile }: JobRules,
  file: string,
): JobStats['concurrency'] {
  // By the calendar, as a clock in UTC shows them: 10:07:00 to 10:08:00, not from whatever second the first job started at.
  const first = Math.floor(from / windowMs);
  const windows = Math.ceil(until / windowMs) - first;
  if (windows > MOST_WINDOWS)
    throw new BadInput([
      {
        file,
        message: `expected at most ${MOST_WINDOWS} windows from the first start to the last finish, found ${windows}: give a longer --window, or --concurrency instant`,
      },
    ]);
  const counts = new Float64Array(windows + 1);
  for (let job = 0; job < startsAt.length; job += 1) {
    counts[Math.floor(startsAt[job]! / windowMs) - first]! += 1;
    counts[Math.ceil(endsAt[job]! / windowMs) - first]! -= 1;
  }
  for (let window = 1; window <= windows; window += 1) counts[window]! += counts[window - 1]!;
  const ascending = counts.subarray(0, windows).sort();
  const of = (share: number): number => percentileOf(ascending, share, percentile);
  return { p50: of(0.5), p90: of(0.9), max: ascending.at(-1) ?? 0 };
}

/** Jobs that run at once; a percentile is the least number that is not exceeded for that share of the time. */
function atInstants(runs: Runs): JobStats['concurrency'] {
  const [starts, ends] = [runs.startsAt.toSorted(), runs.endsAt.toSorted()];
  const msByCount = new Map<number, Millis>();
  const totalMs = runs.until - runs.from;
  let [started, ended, max, at] = [0, 0, 0, runs.from];
  while (ended < ends.length) {
    // At one instant the ends come first: who follows on does not run beside.
    const next = Math.min(starts[started] ?? Number.POSITIVE_INFINITY, ends[ended]!);
    const running = started - ended;
    if (next > at) msByCount.set(running, (msByCount.get(running) ?? 0) + next - at);
    at = next;
    if (ends[ended]! <= next) ended += 1;
    else started += 1;
    max = Math.max(max, started - ended);
  }
  const ascending = [...msByCount].sort(([a], [b]) => a - b);
  const of = (share: number): number => {
    let passedMs = 0;
    for (const [count, lengthMs] of ascending) {
      passedMs += lengthMs;
      if (passedMs >= share * totalMs) return count;
    }
    return max;
  };
  return { p50: of(0.5), p90: of(0.9), max };
}
