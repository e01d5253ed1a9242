import type { RecordedJob } from '../../data/records/rows.ts';
import { after, hours, type Instant, type Millis } from '../../src/domain/time.ts';
import { localDays } from './localDays.ts';

/** How many blocks each hour of the week needs, as the policy `profile` has them. */
export interface Profile {
  /** How long the recording is, from the first start to the last finish. */
  readonly weeks: number;
  /** Hours of the week of which no moment was recorded: 0 blocks there. */
  readonly unseen: number;
  /** By day, `mon` first: a number for each hour of the wall clock. */
  readonly days: Readonly<Record<string, readonly number[]>>;
}

/**
 * Learns the hours of a week from jobs.
 *
 * @param share for what share of the time in an hour the jobs at once are to find a block, above 0 and up to 1
 */
export function profileOf(jobs: readonly RecordedJob[], zone: string, share: number, jobsPerBlock: number): Profile {
  const { weeks, unseen, jobsAtOnce } = learned(jobs, zone, share);
  const blocks = jobsAtOnce.map((count) => Math.ceil(count / jobsPerBlock));
  const days = Object.fromEntries(DAYS.map((day, index) => [day, blocks.slice(index * 24, index * 24 + 24)]));
  return { weeks, unseen, days };
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const HOURS_OF_WEEK = 168;

interface Learned {
  /** How long the recording is, from the first start to the last finish. */
  readonly weeks: number;
  /** Hours of the week of which no moment was recorded. */
  readonly unseen: number;
  /** By hour of the week, Monday 00:00 first: the least number of jobs at once not exceeded for that share of its time. */
  readonly jobsAtOnce: readonly number[];
}

/** Where a job's start is unknown, it starts when it is queued. A repeated hour counts twice, a skipped one not at all. */
function learned(jobs: readonly RecordedJob[], zone: string, share: number): Learned {
  const changes = changesIn(jobs);
  const [from, until] = [changes[0]?.at ?? 0, changes.at(-1)?.at ?? 0];
  const msByCount = Array.from({ length: HOURS_OF_WEEK }, () => new Map<number, Millis>());
  let [index, running] = [0, 0];
  for (const hour of hoursOf(zone, from, until)) {
    let at = Math.max(hour.from, from);
    const end = Math.min(hour.until, until);
    while (at < end) {
      for (let change = changes[index]; change !== undefined && change.at <= at; change = changes[index]) {
        running += change.by;
        index += 1;
      }
      const next = Math.min(changes[index]?.at ?? end, end);
      const seen = msByCount[hour.ofWeek];
      seen?.set(running, (seen.get(running) ?? 0) + next - at);
      at = next;
    }
  }
  return {
    weeks: (until - from) / hours(HOURS_OF_WEEK),
    unseen: msByCount.filter(({ size }) => size === 0).length,
    jobsAtOnce: msByCount.map((seen) => notExceeded(seen, share)),
  };
}

function changesIn(jobs: readonly RecordedJob[]): readonly { readonly at: Instant; readonly by: 1 | -1 }[] {
  return jobs
    .flatMap(({ queuedAt, startedAt = queuedAt, durationMs }) => [
      { at: startedAt, by: 1 } as const,
      { at: after(startedAt, durationMs), by: -1 } as const,
    ])
    .sort((a, b) => a.at - b.at);
}

/** The hours of the wall clock that touch [from, until), each with its place in the week. */
function* hoursOf(zone: string, from: Instant, until: Instant) {
  for (const { date, hours: ofDay } of localDays(zone, from, until)) {
    // Midnight in UTC of a date is on that date's day of the week; 0 is Monday.
    const day = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
    for (const { startsAt, lengthMs, hour } of ofDay)
      yield { from: startsAt, until: after(startsAt, lengthMs), ofWeek: day * 24 + hour };
  }
}

function notExceeded(msByCount: ReadonlyMap<number, Millis>, share: number): number {
  const totalMs = [...msByCount.values()].reduce((sum, lengthMs) => sum + lengthMs, 0);
  let passedMs = 0;
  for (const [jobs, lengthMs] of [...msByCount].sort(([a], [b]) => a - b)) {
    passedMs += lengthMs;
    if (passedMs >= share * totalMs) return jobs;
  }
  return 0;
}
