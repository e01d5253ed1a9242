import { Command } from 'commander';
import { notesText } from '../../data/records/notes.ts';
import { type JobReadOptions, readJobs } from '../../data/records/readJobs.ts';
import type { RecordedJob } from '../../data/records/rows.ts';
import { isZone, zoneMistake } from '../../policies/operating-hours/calendar/zone.ts';
import { localDays } from '../../sim/demand/localDays.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { after, hours, type Instant, type Millis } from '../../src/domain/time.ts';
import { type JobFlags, jobReading, withJobFlags } from '../jobFlags.ts';

interface Flags extends JobFlags {
  readonly zone: string;
  readonly quantile: string;
  readonly jobsPerBlock: string;
  readonly json?: true;
}

/** `profile FILE…`: how many blocks each hour of the week needs, learned from recorded jobs, as a policy to paste. */
export const command = (): Command =>
  withJobFlags(
    new Command('profile')
      .description('learn the hours of the policy `profile` from recorded CI jobs; several files are joined')
      .argument('<file...>', 'recorded CI jobs; a name that ends in .gz is unpacked'),
  )
    .option('--zone <name>', 'the IANA time zone by whose wall clock the hours go', 'UTC')
    .option('--quantile <pNN>', 'for what share of the time in an hour the jobs at once are to find a block', 'p90')
    .option('--jobs-per-block <number>', 'how many jobs a block runs at once', '1')
    .option('--json', 'print one JSON value')
    .action(async (files: string[], flags: Flags) => {
      const { zone, share, jobsPerBlock } = checked(flags);
      const jobs = jobReading(flags);
      const read = await readAll(files, jobs.options).finally(jobs.finish);
      const { weeks, unseen, jobsAtOnce } = learned(
        read.flatMap(({ rows }) => rows),
        zone,
        share,
      );
      const blocks = jobsAtOnce.map((jobs) => Math.ceil(jobs / jobsPerBlock));
      const days = Object.fromEntries(DAYS.map((day, index) => [day, blocks.slice(index * 24, index * 24 + 24)]));
      if (flags.json) {
        const policy = { policy: 'profile', zone, blocks: days };
        print(JSON.stringify({ weeks, unseenHours: unseen, quantile: flags.quantile, jobsPerBlock, policy }));
        return;
      }
      const seen = `${weeks.toFixed(1)} weeks, ${flags.quantile} of the jobs at once, ${jobsPerBlock} a block`;
      const missing = unseen === 0 ? [] : [`# ${unseen} of the 168 hours were not seen: 0 blocks there`];
      print(
        [
          ...read.flatMap(({ notes }) => notesText(notes)).map((line) => `# ${line}`),
          ...[`# learned from ${seen}`, ...missing],
          ...['operatingHours:', '  policy: profile', `  zone: ${zone}`, '  blocks:'],
          ...Object.entries(days).map(([day, counts]) => `    ${day}: [${counts.join(', ')}]`),
        ].join('\n'),
      );
    });

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

/** The flags' values. @throws BadInput with what is wrong with any of them. */
function checked({ zone, quantile, jobsPerBlock }: Flags) {
  const mistakes: Mistake[] = [];
  const mistake = (file: string, message: string): void => {
    mistakes.push({ file, message });
  };
  if (!isZone(zone)) mistake('--zone', zoneMistake(zone));
  const share = /^p(?:100|[1-9]\d?(?:\.\d+)?)$/.test(quantile) ? Number(quantile.slice(1)) / 100 : undefined;
  if (share === undefined) mistake('--quantile', `expected p1 to p100, such as p90, found ${JSON.stringify(quantile)}`);
  const each = /^[1-9]\d{0,5}$/.test(jobsPerBlock) ? Number(jobsPerBlock) : undefined;
  if (each === undefined)
    mistake('--jobs-per-block', `expected a whole number, 1 or more, found ${JSON.stringify(jobsPerBlock)}`);
  if (share === undefined || each === undefined || mistakes.length > 0) throw new BadInput(mistakes);
  return { zone, share, jobsPerBlock: each };
}

/** Reads the files one after the other. @throws BadInput with the mistakes of them all. */
async function readAll(files: readonly string[], options: JobReadOptions) {
  const done: Awaited<ReturnType<typeof readJobs>>[] = [];
  const mistakes: Mistake[] = [];
  for (const file of files)
    try {
      done.push(await readJobs(file, options));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      mistakes.push(...error.mistakes);
    }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return done;
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
